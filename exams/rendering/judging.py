"""What in a text would not come out as its author meant it: everything that rendering passes over in silence."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from urllib.parse import unquote

from markdown_it.token import Token

from exams.domain.bank import LONGEST_TEXT
from exams.domain.problems import Problem
from exams.rendering.cleaning import is_foreign_page
from exams.rendering.formulas import formula
from exams.rendering.markdown import parsed, unprintable, words_of

_SHOWN = 60  # characters of what was found that are repeated
_TAG = re.compile(
    r"</?(?:script|style|iframe|object|embed|svg|math|img|form|input|button|a|b|i|u|p|br|hr|div|span|table|tr|td|th|ul|"
    r"ol|li|h[1-6]|sub|sup|em|strong)(?:\s+[\w:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+))*\s*/?>",
    re.IGNORECASE,
)
_LINK = re.compile(r"\]\(\s*((?:javascript|vbscript|data|file):[^)\s]*)", re.IGNORECASE)


def text_problems(text: str, *, pictures: Collection[str]) -> list[Problem]:
    """Each thing once, in reading order; ``pictures`` are the paths that the exam has."""
    if len(text) > LONGEST_TEXT:
        return [Problem("text_too_long", params={"length": len(text), "limit": LONGEST_TEXT})]
    if unprintable(text):
        return [Problem("control_character")]
    found = list(_judged(parsed(text), text.splitlines(), pictures))
    return list({(problem.code, str(problem.params)): problem for problem in found}.values())


def _judged(tokens: Sequence[Token], lines: Sequence[str], pictures: Collection[str]) -> Iterator[Problem]:
    for token in tokens:
        if token.type == "image":
            yield from _picture(token, pictures)
            continue
        if token.children:
            yield from _judged(token.children, lines, pictures)
        elif token.type in ("math_inline", "math_block"):
            if "tex-source" in formula(token.content, is_block=token.type == "math_block"):
                yield Problem("formula_unreadable", params={"found": _start(token.content)})
        elif token.type == "fence":
            if token.map and not _is_closed(token, lines):
                yield Problem("code_open")
        elif token.type == "link_open":
            address = str(token.attrs.get("href", ""))
            if not is_foreign_page(address):
                yield Problem("link_refused", params={"found": _start(address)})
        elif token.type == "text":
            yield from _words(token.content)


def _words(text: str) -> Iterator[Problem]:
    if link := _LINK.search(text):
        yield Problem("link_refused", params={"found": _start(link[1])})
    if tag := _TAG.search(text):
        yield Problem("html_shown", params={"found": _start(tag[0])})
    if "$$" in text:
        yield Problem("formula_open")


def _picture(token: Token, pictures: Collection[str]) -> Iterator[Problem]:
    path = str(token.attrs["src"])
    if path not in pictures and unquote(path) not in pictures:
        yield Problem("picture_unknown", params={"path": _start(unquote(path))})
    if not words_of(token.children or []):
        yield Problem("picture_without_words", params={"path": _start(unquote(path))})


def _is_closed(token: Token, lines: Sequence[str]) -> bool:
    first, end = token.map or [0, 0]
    last = (
        lines[end - 1].lstrip("> \t").rstrip() if end - 1 > first and end <= len(lines) else ""
    )  # in a quotation, too
    return last.startswith(token.markup) and not last.strip(token.markup[0])


def _start(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
