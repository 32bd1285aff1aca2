"""The Markdown dialect: CommonMark with tables, code in colours, formulas, and emphasis that works in Japanese."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from html import escape
from typing import Any
from unicodedata import east_asian_width

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from exams.rendering.cleaning import clean
from exams.rendering.formulas import formula

Env = MutableMapping[str, Any]
_TABLE = {"en": "Table", "ja": "表"}


def render_block(text: str, *, lang: str, media: Mapping[str, str]) -> str:
    """A text of any length as clean HTML. ``media`` maps a picture's path, as written, to its address on the site."""
    return clean(_markdown.render(_tidy(text), {"lang": lang, "media": media}))


def render_inline(text: str, *, lang: str, media: Mapping[str, str]) -> str:
    """The same, but without the paragraph around it where one paragraph is all there is: for the text of an option."""
    html = render_block(text, lang=lang, media=media).strip()
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return inner if html.startswith("<p>") and "<p>" not in inner and html.endswith("</p>") else html


def plain_text(text: str) -> str:
    """The words alone, in one line: for lists and titles. A picture is its alternative text."""
    words: list[str] = []
    _collect(_markdown.parse(_tidy(text), {}), words)
    return " ".join("".join(words).split())


def _tidy(text: str) -> str:
    return text.replace("\0", "�")


def _collect(tokens: Sequence[Token], words: list[str]) -> None:
    for token in tokens:
        if token.type == "image":
            _collect(token.children or [], words)
        elif token.children:
            _collect(token.children, words)
        elif token.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif token.content:
            words.append(token.content)
        elif token.block:
            words.append(" ")


# ── emphasis


def _is_wide(char: str) -> bool:
    return east_asian_width(char) in "WF"


def _emphasis(state: StateInline, silent: bool) -> bool:
    """CommonMark's rule, but beside a Japanese character only spaces matter.

    Its rule looks for spaces and punctuation around the stars. Japanese has no spaces, so that ``**「重要」**です`` would stay as typed.
    """
    start, marker = state.pos, state.src[state.pos]
    if silent or marker not in "*_":
        return False
    scanned = state.scanDelims(start, marker == "*")
    before = state.src[start - 1] if start else " "
    after = state.src[start + scanned.length] if start + scanned.length < state.posMax else " "
    can_open, can_close = scanned.can_open, scanned.can_close
    if marker == "*" and (_is_wide(before) or _is_wide(after)):
        can_open, can_close = not after.isspace(), not before.isspace()
    for _ in range(scanned.length):
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=scanned.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=can_open,
                close=can_close,
            )
        )
    state.pos += scanned.length
    return True


# ── rendering


def _em_open(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
    return '<em class="key-word">'


def _heading_open(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
    """The page has its own order of headings, so that of a text is only a strong line."""
    return "<p><strong>"


def _heading_close(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
    return "</strong></p>\n"


def _table_open(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
    """Wide tables scroll on their own, so keys must reach them, and what keys reach has a name."""
    label = _TABLE.get(env["lang"], _TABLE["en"])
    return f'<div class="scroll" tabindex="0" role="group" aria-label="{label}"><table class="table">\n'


def _table_close(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
    return "</table></div>\n"


def _cell_open(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
    """Alignment to the right, which Markdown writes as a style, is our class for figures."""
    token = tokens[index]
    scope = ' scope="col"' if token.tag == "th" else ""
    figures = ' class="n"' if "right" in str(token.attrs.get("style", "")) else ""
    return f"<{token.tag}{scope}{figures}>"


def _code(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
    token = tokens[index]
    language = token.info.strip().split(" ")[0]
    try:
        lexer = get_lexer_by_name(language or "text", stripnl=False)
    except ClassNotFound:
        lexer = get_lexer_by_name("text", stripnl=False)
    coloured = highlight(token.content, lexer, HtmlFormatter(nowrap=True)).rstrip("\n")
    return f'<pre class="code" tabindex="0"><code>{coloured}</code></pre>\n'


def _image(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
    """A picture of the pack; anything else is only its alternative text: no page of ours fetches from elsewhere."""
    token = tokens[index]
    alt = escape(self.renderInlineAsText(token.children, options, env))
    address = env["media"].get(str(token.attrs["src"]))
    if address is None:
        return f'<span class="missing-picture">{alt}</span>'
    return f'<img src="{escape(address)}" alt="{alt}" decoding="async">'


def _softbreak(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
    """A line break in the source is a space; between two Japanese characters it is nothing."""
    before = tokens[index - 1].content[-1:]
    after = tokens[index + 1].content[:1]
    return "" if before and after and _is_wide(before) and _is_wide(after) else "\n"


def _formula(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
    token = tokens[index]
    return formula(token.content, is_block=token.type == "math_block")


def _make() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.use(
        dollarmath_plugin,
        allow_space=False,  # "$5 and $10" are prices
        allow_digits=False,  # and so is "$5-$10"
        allow_labels=False,
    )
    markdown.inline.ruler.at("emphasis", _emphasis)
    markdown.add_render_rule("em_open", _em_open)
    markdown.add_render_rule("heading_open", _heading_open)
    markdown.add_render_rule("heading_close", _heading_close)
    markdown.add_render_rule("table_open", _table_open)
    markdown.add_render_rule("table_close", _table_close)
    markdown.add_render_rule("th_open", _cell_open)
    markdown.add_render_rule("td_open", _cell_open)
    markdown.add_render_rule("fence", _code)
    markdown.add_render_rule("code_block", _code)
    markdown.add_render_rule("image", _image)
    markdown.add_render_rule("softbreak", _softbreak)
    markdown.add_render_rule("math_inline", _formula)
    markdown.add_render_rule("math_block", _formula)
    return markdown


_markdown = _make()
