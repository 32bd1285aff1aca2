"""What may stand in a cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.documents.cells import BEGINS_FORMULA, LONGEST, NUMBER, harmless, readable


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\tx", "＝1", " =1", "\n=1", "　=1", "+81 3-1234-5678"]
)
def test_what_begins_like_a_formula_is_made_text(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["-5", "+5", "-5.5", "-0,5", "-12%", "03-1234-5678", "090-1234-5678", "青木 さくら", "a\nb", "", "a=1", "5-3"],
)
def test_numbers_telephone_numbers_japanese_and_line_breaks_stay_as_they_are(text):
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("value", "expected"), [(None, ""), (True, "1"), (False, "0"), (-5, "-5"), (-0.5, "-0.5"), (7, "7")]
)
def test_values_are_written_plainly(value, expected):
    assert harmless(value) == expected


@given(st.text())
def test_no_text_begins_like_a_formula_unless_it_is_a_number(text):
    found = harmless(text)
    assert NUMBER.fullmatch(found) or not found.lstrip(" \u3000").startswith(BEGINS_FORMULA)


def test_control_characters_go_and_line_breaks_are_alike():
    assert readable("a\x00\x07b\x1f\r\nc\rd\te\uffff") == "ab\nc\nd\te"
    assert readable("x" * 40_000) == "x" * LONGEST
    assert readable(3) == 3
