"""A list of e-mail addresses, pasted or as CSV, with what is wrong of each."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

MOST_BYTES = 200_000
csv.field_size_limit(MOST_BYTES)
MOST_ADDRESSES = 300  # of one list; each may be a mail
ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
SEPARATORS = re.compile(r"[,;、，；]")
ANGLED = re.compile(r"<\s*([^<>\s][^<>]*)>")  # Sato Misaki <misaki@example.org>
LONGEST = 254


class Standing(StrEnum):
    """What is to be said of an entry of the list."""

    VALID = "valid"
    DOUBLED = "doubled"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: where it stands (1 for the first line), the address in lower case, or what stands there instead."""

    line: int
    address: str
    standing: Standing


def decode(content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or what a Japanese spreadsheet writes. Raises UnicodeDecodeError
    for anything else, and for what holds NULs."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    if b"\0" in content:
        raise UnicodeDecodeError("utf-8", content, content.index(b"\0"), content.index(b"\0") + 1, "NUL")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp932")


def from_text(text: str) -> list[tuple[int, str]]:
    """(line, entry) of addresses with spaces, commas, semicolons or lines between; names with the address in angle
    brackets, too. Of such a name only what looks like another address is an entry."""
    return [
        (number, word)
        for number, line in enumerate(text.splitlines(), start=1)
        for part in SEPARATORS.split(line)
        for word in _words(part)
    ]


def _words(part: str) -> list[str]:
    """What stands between two separators."""
    *pieces, rest = ANGLED.split(part)  # name, address, name, address, …, and what comes last
    found = []
    for name, address in zip(pieces[::2], pieces[1::2], strict=True):
        known = {word.lower() for word in address.split()}
        words = [word.strip("\"'()") for word in name.split() if "@" in word]
        found += [word for word in words if word.lower() not in known]  # mail programs name people by their address
        found += address.split()
    return found + rest.split()


def from_csv(text: str) -> list[tuple[int, str]]:
    """(row, entry) of the addresses of a CSV: the first cell of each row with an @ in it, else all of the row. A first
    row without one is the header and left out. Commas, semicolons and tabs separate."""
    head = (text.splitlines() or [""])[0]
    separator = max(",;\t", key=head.count)
    found = []
    for number, row in enumerate(csv.reader(text.splitlines(), delimiter=separator, quoting=_quoting(text)), start=1):
        cells = [cell.strip() for cell in row]
        entry = next((cell for cell in cells if "@" in cell), " ".join(filter(None, cells)))
        if entry and ("@" in entry or number > 1):
            found.append((number, entry))
    return found


def _quoting(text: str) -> Literal[0, 3]:
    """Quotes that do not come in pairs would swallow the rest of the file."""
    return csv.QUOTE_NONE if text.count('"') % 2 else csv.QUOTE_MINIMAL


def judged(found: Iterable[tuple[int, str]]) -> list[Entry]:
    """Each entry with its standing: of several that are the same the first one is valid."""
    seen: set[str] = set()
    entries = []
    for line, word in found:
        address = word.lower()
        if not ADDRESS.fullmatch(word) or len(word) > LONGEST or ".." in word:
            entries.append(Entry(line, word[:LONGEST], Standing.MALFORMED))
        else:
            entries.append(Entry(line, address, Standing.DOUBLED if address in seen else Standing.VALID))
            seen.add(address)
    return entries
