"""docs/repair.md and its Japanese say what the program does."""

from __future__ import annotations

import re

import pytest

from exams.domain.bank import Kind
from exams.domain.rescoring import Policy, Shape, marked, moved, repaired, standing
from exams.domain.responses import AnswerKey
from tests.docs.tables import DOCS, tables
from tests.domain.test_rescoring import PARAMETERS

OPTIONS = frozenset({"A", "B", "C", "D"})
PUBLISHED, BETTER = (Shape(AnswerKey(Kind.SINGLE, (right,)), OPTIONS) for right in "AB")
POLICIES = [Policy.NEW_KEY, Policy.BOTH_KEYS, Policy.FULL_CREDIT, Policy.DROP]
PEOPLE = [(["B"], 35), (["A"], 36), (None, 35)]
CELLS = {
    "repair.md": "{0.points} of {0.total}, needed {0.cut}, {1}",
    "repair.ja.md": "{0.total}点中{0.points}点、必要{0.cut}点、{1}",
}
VERDICTS = {"repair.md": ("not passed", "passed"), "repair.ja.md": ("不合格", "合格")}


def result(policy, response, points):
    before = marked(PUBLISHED.key, response, None, is_scored=True)
    after = marked(repaired(policy, PUBLISHED, BETTER), response, before, is_scored=True)
    return moved(PARAMETERS, standing(PARAMETERS, points, 50), before, after)


@pytest.mark.parametrize("name", CELLS)
def test_the_example_is_right(name):
    _policies, example = tables(name)
    for policy, (_word, *said) in zip(POLICIES, example, strict=True):
        found = [result(policy, *person) for person in PEOPLE]
        assert said == [CELLS[name].format(row, VERDICTS[name][row.passed]) for row in found]


def test_the_cuts_that_are_named_in_passing_are_right():
    assert [standing(PARAMETERS, 0, total).cut for total in (49, 48)] == [36, 35]


def test_both_languages_have_the_same_chapters():
    heads = [re.findall(r"^#+", (DOCS / name).read_text(), re.M) for name in CELLS]
    assert heads[0] == heads[1]
