"""Rows as an Excel workbook with one sheet."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any

from exams.documents.cells import Row, Value, readable

FORBIDDEN = re.compile(r"[\[\]:*?/\\]")  # in the name of a sheet
WHEN = "yyyy-mm-dd hh:mm"
PERCENT = "0.0%"
CHUNK = 64 * 1024


def workbook(
    title: str, head: Row, rows: Iterable[Row], *, widths: Sequence[int] = (), shares: Collection[int] = ()
) -> Iterator[bytes]:
    """A workbook in chunks. Every text is stored as text, whatever it begins with, so it needs no apostrophe and is no
    formula; numbers are numbers and dates are dates. The head stays in sight, with a filter in each of its cells.
    ``widths`` in characters, by column; ``shares`` are columns, from 0, whose numbers are shown in percent. Rows are
    taken one at a time and kept on disk, not in memory."""
    from openpyxl import Workbook  # the web process does not carry it until somebody asks
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet((FORBIDDEN.sub(" ", title).strip("' ") or "1")[:31])
    sheet.freeze_panes = "B2"
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    bold, wrapped = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    sheet.append([_cell(sheet, value, font=bold, alignment=wrapped) for value in head])
    count = 1
    for row in rows:
        count += 1
        sheet.append(
            [
                _formatted(sheet, value, PERCENT)
                if column in shares and value is not None
                else _cell(sheet, value, alignment=wrapped)
                for column, value in enumerate(row)
            ]
        )
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{count}"
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def _cell(sheet: Any, value: Value, **style: Any) -> Any:
    """Plain values go as they are, which is quicker; a style is needed by text that has several lines, or that would be
    taken for a formula when somebody edits its cell."""
    from openpyxl.cell import WriteOnlyCell

    value = readable(value)
    if isinstance(value, datetime):
        return _formatted(sheet, value, WHEN)
    if not isinstance(value, str):
        return value
    if "font" not in style and "\n" not in value and not value.startswith(tuple("=+-@")):
        return value
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    cell.quotePrefix = True
    for name, part in style.items():
        setattr(cell, name, part)
    return cell


def _formatted(sheet: Any, value: Value, number_format: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = number_format
    return cell
