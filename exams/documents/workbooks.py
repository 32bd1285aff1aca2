"""Rows as an Excel workbook with one sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any

from exams.documents.cells import Row, Value, readable

FORBIDDEN = re.compile(r"[\[\]:*?/\\]")  # in the name of a sheet
CHUNK = 64 * 1024


def workbook(title: str, head: Row, rows: Iterable[Row], *, widths: Sequence[int] = ()) -> Iterator[bytes]:
    """A workbook in chunks. Every text is stored as text, whatever it begins with, so it needs no apostrophe and is no
    formula; numbers are numbers. The head stays in sight. ``widths`` in characters, by column. Rows are taken one at a
    time and kept on disk, not in memory."""
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
    for row in rows:
        sheet.append([_cell(sheet, value, alignment=wrapped) for value in row])
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
