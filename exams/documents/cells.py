"""What may stand in a cell of a spreadsheet that we hand out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

Value = str | int | float | bool | datetime | None  # a datetime is in the reader's zone and does not say so
Row = Sequence[Value]

LONGEST = 32_767  # characters that a cell of Excel's holds
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # not allowed in XML, which a workbook is made of
NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)?%?")
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full width too: Excel folds them


def readable(value: Value) -> Value:
    """Text without what no spreadsheet can show, its line breaks all alike; the rest as it is."""
    if not isinstance(value, str):
        return value
    return CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST]


def harmless(value: Value) -> str:
    """A cell of a text file, in which a spreadsheet takes for a formula what begins like one.

    An apostrophe before it makes it text. What begins so but is a number (``-5``) stays a number.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    text = str(readable(value))
    is_number = not isinstance(value, str) or NUMBER.fullmatch(text)
    return f"'{text}" if text.lstrip(" \u3000").startswith(BEGINS_FORMULA) and not is_number else text
