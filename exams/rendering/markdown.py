"""The Markdown dialect: CommonMark with tables, code in colours, formulas, and emphasis that works in Japanese."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping, Sequence
from html import escape
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from exams.rendering.cleaning import clean, is_foreign_page, is_own_picture
from exams.rendering.dollars import add_formulas
from exams.rendering.emphasis import emphasis, joins
from exams.rendering.formulas import formula, formula_words

Env = MutableMapping[str, Any]
_TABLE = {"en": "Table", "ja": "表"}
# Control characters and halves of pairs: no page, database or spreadsheet takes all of them.
_UNPRINTABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def render_block(text: str, *, lang: str, media: Mapping[str, str]) -> str:
    """A text of any length as clean HTML.

    ``lang`` names the language of the text, for the words that are added to it. ``media`` maps a picture's path, as
    written, to its address on the site, a path from the root; a picture without one is only its alternative text.
    Raises nothing: what cannot be read is shown as typed.
    """
    return clean(_markdown.render(_tidy(text), {"lang": lang, "media": media}))


def render_inline(text: str, *, lang: str, media: Mapping[str, str]) -> str:
    """The same for the text of an option: without the paragraph around it where one paragraph is all there is.

    An option of several paragraphs, or with a list, table, code block or display formula, stays blocks.
    """
    html = render_block(text, lang=lang, media=media).strip()
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return inner if html.startswith("<p>") and "<p>" not in inner and html.endswith("</p>") else html


def plain_text(text: str) -> str:
    """The words alone, in one line, not escaped: for lists and titles.

    A picture is its alternative text, a formula within a line its characters, a displayed formula an ellipsis.
    """
    return _words(_markdown.parse(_tidy(text), {}))


def parsed(text: str) -> list[Token]:
    """The text as the parser takes it apart."""
    return _markdown.parse(_tidy(text), {})


def unprintable(text: str) -> bool:
    """Whether it holds a character that no page, database or spreadsheet takes."""
    return _UNPRINTABLE.search(text) is not None


def words_of(tokens: Sequence[Token]) -> str:
    """The words alone, in one line."""
    return _words(tokens)


def _tidy(text: str) -> str:
    return _UNPRINTABLE.sub("�", text)


def _words(tokens: Sequence[Token]) -> str:
    words: list[str] = []
    _collect(tokens, words)
    return " ".join("".join(words).split())


def _collect(tokens: Sequence[Token], words: list[str]) -> None:
    for index, token in enumerate(tokens):
        if token.children:
            _collect(token.children, words)
        elif token.type == "softbreak":
            words.append("" if joins(tokens, index) else " ")
        elif token.type == "math_inline":
            words.append(formula_words(token.content))
        elif token.type == "math_block":
            words.append(" … ")
        elif token.type == "hardbreak" or token.block:
            words.append(f" {token.content} ")
        else:
            words.append(token.content)


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
    label = _TABLE.get(env["lang"].partition("-")[0], _TABLE["en"])
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
    alt = escape(_words(token.children or []))
    path = str(token.attrs["src"])  # as the parser encodes it; the pack may have it with Japanese letters or spaces
    address = env["media"].get(path) or env["media"].get(unquote(path), "")
    if not is_own_picture(address):
        return f'<span class="missing-picture">{alt}</span>'
    return f'<img src="{escape(address)}" alt="{alt}" decoding="async">'


def _link_open(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
    """A link that may not lead where it wants is only its words: nothing should look like one and not work."""
    address = str(tokens[index].attrs["href"])
    return f'<a href="{escape(address)}">' if is_foreign_page(address) else ""


def _link_close(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
    opening = next(token for token in reversed(tokens[:index]) if token.type == "link_open")
    return "</a>" if is_foreign_page(str(opening.attrs["href"])) else ""


def _softbreak(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
    """A line break in the source is a space; between two Japanese characters it is nothing."""
    return "" if joins(tokens, index) else "\n"


def _formula(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
    token = tokens[index]
    return formula(token.content, is_block=token.type == "math_block")


def _make() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    add_formulas(markdown)
    markdown.inline.ruler.at("emphasis", emphasis)
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
    markdown.add_render_rule("link_open", _link_open)
    markdown.add_render_rule("link_close", _link_close)
    markdown.add_render_rule("softbreak", _softbreak)
    markdown.add_render_rule("math_inline", _formula)
    markdown.add_render_rule("math_block", _formula)
    return markdown


_markdown = _make()
