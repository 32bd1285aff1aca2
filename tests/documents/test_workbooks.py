"""Rows as a workbook."""

from __future__ import annotations

from datetime import datetime
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


def test_dates_are_dates_and_shares_are_in_percent():
    when = datetime(2026, 11, 23, 18, 1)  # noqa: DTZ001
    head, row = read("S", ["when", "share", "figure"], [[when, 0.931, 0.5]], shares=[1]).active.iter_rows()
    assert [cell.number_format for cell in row] == ["yyyy-mm-dd hh:mm", "0.0%", "General"]
    assert [cell.value for cell in row] == [when, 0.931, 0.5]
    assert head[1].number_format == "General"


@pytest.mark.parametrize(("rows", "where"), [([], "A1:B1"), ([["x", 1], ["y", 2]], "A1:B3")])
def test_every_column_can_be_filtered(rows, where):
    assert read("S", ["a", "b"], rows).active.auto_filter.ref == where


@pytest.mark.parametrize(
    ("title", "expected"), [("a[b]:c*d?e/f\\g", "a b  c d e f g"), ("'", "1"), ("x" * 40, "x" * 31)]
)
def test_a_sheet_has_a_name_that_excel_takes(title, expected):
    assert read(title, ["a"], []).sheetnames == [expected]


def test_the_head_stays_in_sight_and_columns_are_wide_enough():
    sheet = read("S", ["a", "b"], [], widths=[24, 9]).active
    assert sheet.freeze_panes == "B2"
    assert (sheet.column_dimensions["A"].width, sheet["A1"].font.bold) == (24, True)
