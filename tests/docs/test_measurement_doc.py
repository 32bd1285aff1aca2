"""docs/measurement.md and its Japanese say what the program does."""

from __future__ import annotations

import pytest

from exams.domain.bank import Kind
from exams.domain.responses import AnswerKey
from exams.domain.statistics import (
    FEWEST_ATTEMPTS,
    FEWEST_PEOPLE,
    TOO_EASY,
    TOO_HARD,
    UNCHOSEN,
    WEAK,
    item_statistics,
    reliability,
)
from tests.docs.tables import DOCS, tables
from tests.domain.test_statistics import OPTIONS, cells_of
from tests.lsat import LSAT6

LANGUAGES = ["measurement.md", "measurement.ja.md"]


@pytest.mark.parametrize("name", LANGUAGES)
def test_the_worked_example_is_right(name):
    _gates, _flags, questions, form = tables(name)
    items = [cells_of(LSAT6.patterns, place) for place in range(5)]
    key = AnswerKey(Kind.SINGLE, ("a",))
    found = [item_statistics(key, OPTIONS, cells, is_scored=True, is_fixed=True) for cells in items]
    assert questions == [
        [str(place), f"{one.p:.3f}", f"{one.r_total.value:.4f}", f"{one.r_rest.value:.4f}"]
        for place, one in enumerate(found, start=1)
    ]
    whole = reliability(items, is_fixed=True)
    assert form == [[f"{whole.mean:.3f}", f"{whole.sd:.4f}", f"{whole.kr20:.4f}", f"{whole.sem:.4f}"]]
    assert not any(flag.warn.value == "weak" for one in found for flag in one.flags)


@pytest.mark.parametrize("name", LANGUAGES)
def test_gates_and_limits_are_those_of_the_program(name):
    gates, flags, _questions, _form = tables(name)
    assert [row[1] for row in gates] == [str(FEWEST_ATTEMPTS), str(FEWEST_ATTEMPTS), str(FEWEST_PEOPLE)]
    limits = [TOO_HARD, TOO_EASY, WEAK, UNCHOSEN, 0]
    assert all(str(limit) in row[1] for limit, row in zip(limits, flags, strict=True))


def test_both_languages_have_the_same_figures():
    assert tables(LANGUAGES[0])[2:] == tables(LANGUAGES[1])[2:]
    assert (DOCS / LANGUAGES[1]).read_text().count("## ") == (DOCS / LANGUAGES[0]).read_text().count("## ")
