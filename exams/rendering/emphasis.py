"""Emphasis, and line breaks, between characters that have no spaces around them."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token


def is_wide(char: str) -> bool:
    """Whether the character is of Japanese writing: full width, or half-width kana."""
    return east_asian_width(char) in "WFH"


def emphasis(state: StateInline, silent: bool) -> bool:
    """CommonMark's rule, but beside a Japanese character only spaces matter.

    Its rule looks for spaces and punctuation around the stars. Japanese has no spaces, so that ``**「重要」**です``
    would stay as typed.
    """
    start, marker = state.pos, state.src[state.pos]
    if silent or marker not in "*_":
        return False
    scanned = state.scanDelims(start, marker == "*")
    before = state.src[start - 1] if start else " "
    after = state.src[start + scanned.length] if start + scanned.length < state.posMax else " "
    can_open, can_close = scanned.can_open, scanned.can_close
    if marker == "*" and (is_wide(before) or is_wide(after)):
        is_pattern = scanned.length == 1 and after in "./"  # ファイル*.csvと*.json
        can_open, can_close = not after.isspace() and not is_pattern, not before.isspace()
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


def joins(tokens: Sequence[Token], index: int) -> bool:
    """Whether the line break at ``index`` stands between two Japanese characters, where it is no space."""
    before = next((token.content for token in reversed(tokens[:index]) if token.content), "")
    after = next((token.content for token in tokens[index + 1 :] if token.content), "")
    return bool(before and after) and is_wide(before[-1]) and is_wide(after[0])
