"""Rows as a workbook."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from exams.documents.workbooks import workbook


def read(*arguments, **options):
    return load_workbook(BytesIO(b"".join(workbook(*arguments, **options))))


@pytest.mark.parametrize("text", ["=1+1", "+81 3-1234-5678", "-5", "@x", "青木 さくら", "two\nlines", "'x"])
def test_every_text_is_stored_as_the_text_it_is(text):
    cell = read("S", ["=head"], [[text]]).active["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert read("S", ["=head"], []).active["A1"].data_type == "s"


def test_what_would_become_a_formula_when_it_is_edited_is_marked_as_text():
    sheet = read("S", ["a", "b"], [["=1", "x"]]).active
    assert (sheet["A2"].quotePrefix, sheet["B2"].quotePrefix) == (True, False)


def test_numbers_are_numbers_and_nothing_is_nothing():
    row = [cell.value for cell in read("S", ["a"], [[-5, 0.5, None, True]]).active[2]]
    assert row == [-5, 0.5, None, True]


@pytest.mark.parametrize(
    ("title", "expected"), [("a[b]:c*d?e/f\\g", "a b  c d e f g"), ("'", "1"), ("x" * 40, "x" * 31)]
)
def test_a_sheet_has_a_name_that_excel_takes(title, expected):
    assert read(title, ["a"], []).sheetnames == [expected]


def test_the_head_stays_in_sight_and_columns_are_wide_enough():
    sheet = read("S", ["a", "b"], [], widths=[24, 9]).active
    assert sheet.freeze_panes == "B2"
    assert (sheet.column_dimensions["A"].width, sheet["A1"].font.bold) == (24, True)
