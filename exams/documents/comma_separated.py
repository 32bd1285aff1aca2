"""Rows as CSV (RFC 4180), a chunk at a time, however many there are."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain

from exams.documents.cells import Row, harmless

CHUNK = 500  # rows
BOM = "\ufeff"  # by which Excel knows that Japanese is coming


def lines(head: Row, rows: Iterable[Row]) -> Iterator[bytes]:
    """UTF-8 with its mark, a line for the head and one for each row. A text holds no formula, see
    ``cells.harmless``."""
    buffer = StringIO(BOM, newline="")
    buffer.seek(0, 2)
    writer = csv.writer(buffer, lineterminator="\r\n")
    for number, row in enumerate(chain([head], rows), 1):
        writer.writerow([harmless(value) for value in row])
        if number % CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    if rest := buffer.getvalue():
        yield rest.encode()
