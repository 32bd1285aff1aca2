"""Repairs of keys as rules: what is in force, how answers are marked, what becomes of a result."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.domain.bank import Kind
from exams.domain.problems import Problems
from exams.domain.rescoring import (
    Marked,
    Policy,
    Repair,
    Shape,
    Standing,
    can_be_source,
    key_in_force,
    marked,
    moved,
    repaired,
    standing,
)
from exams.domain.responses import AnswerKey
from tests.domain.makers import PARAMETERS

OPTIONS = frozenset({"a", "b", "c", "d"})
A = Shape(AnswerKey(Kind.SINGLE, ("a",)), OPTIONS)
B = Shape(AnswerKey(Kind.SINGLE, ("b",)), OPTIONS)
STEPS = Shape(AnswerKey(Kind.ORDERING, ("a", "b", "c", "d")), OPTIONS)
PAIRS = Shape(AnswerKey(Kind.MATCHING, {"p": "x", "q": "y"}), frozenset({"p", "q", "x", "y"}))


def swapped(shape, right):
    return Shape(replace(shape.key, right=right), shape.option_ids)


@pytest.mark.parametrize(
    ("policy", "right", "wrong"),
    [
        (Policy.NEW_KEY, [["b"]], [["a"], ["c"], None]),
        (Policy.BOTH_KEYS, [["a"], ["b"]], [["c"], ["a", "b"], None]),
        (Policy.FULL_CREDIT, [["a"], ["c"], None], []),
    ],
)
def test_a_policy_says_what_is_right(policy, right, wrong):
    key = repaired(policy, A, B)
    assert [key.accepts(response) for response in right] == [True] * len(right)
    assert [key.accepts(response) for response in wrong] == [False] * len(wrong)


@pytest.mark.parametrize(
    ("shape", "other", "old", "new"),
    [
        (STEPS, ("b", "a", "c", "d"), {"a": 1, "b": 2, "c": 3, "d": 4}, {"b": 1, "a": 2, "c": 3, "d": 4}),
        (PAIRS, {"p": "y", "q": "x"}, {"p": "x", "q": "y"}, {"p": "y", "q": "x"}),
    ],
)
def test_rows_take_both_keys_but_no_mixture(shape, other, old, new):
    key = repaired(Policy.BOTH_KEYS, shape, swapped(shape, other))
    mixture = {**old, next(iter(old)): new[next(iter(old))]}
    assert (key.accepts(old), key.accepts(new), key.accepts(mixture)) == (True, True, False)
    assert key.all_pairs == (old, new)


@pytest.mark.parametrize(
    "source",
    [
        Shape(AnswerKey(Kind.SINGLE, ("b",)), OPTIONS | {"e"}),
        Shape(AnswerKey(Kind.SINGLE, ("b",)), OPTIONS - {"d"}),
        Shape(AnswerKey(Kind.MULTIPLE, ("b",)), OPTIONS),
        Shape(AnswerKey(Kind.SINGLE, ("a", "b")), OPTIONS),
        A,
    ],
)
@pytest.mark.parametrize("policy", [Policy.NEW_KEY, Policy.BOTH_KEYS])
def test_a_version_with_other_options_or_the_same_key_is_no_source(source, policy):
    assert not can_be_source(A, source)
    with pytest.raises(Problems) as refused:
        repaired(policy, A, source)
    assert [problem.code for problem in refused.value.problems] == ["repair_source_differs"]


def test_the_order_in_which_keys_are_authored_makes_no_other_key():
    one = Shape(AnswerKey(Kind.MULTIPLE, ("a", "b")), OPTIONS)
    assert not can_be_source(one, swapped(one, ("b", "a")))
    assert not can_be_source(STEPS, STEPS)
    assert can_be_source(STEPS, swapped(STEPS, ("b", "a", "c", "d")))


def test_a_policy_that_needs_a_source_says_so():
    with pytest.raises(Problems) as refused:
        repaired(Policy.NEW_KEY, A)
    assert [problem.code for problem in refused.value.problems] == ["repair_source_missing"]


def test_an_undo_has_no_key_of_its_own():
    with pytest.raises(ValueError, match="undo"):
        repaired(Policy.UNDO, A)


@pytest.mark.parametrize("policy", [policy for policy in Policy if policy is not Policy.UNDO])
@pytest.mark.parametrize(("shape", "other"), [(A, ("b",)), (PAIRS, {"p": "y", "q": "x"})])
def test_a_repaired_key_survives_its_json(policy, shape, other):
    key = repaired(policy, shape, swapped(shape, other))
    assert AnswerKey.from_json(key.to_json()) == key


def test_a_key_that_was_never_repaired_is_kept_as_ever():
    assert A.key.to_json() == {"kind": "single", "right": ["a"]}


def test_an_option_of_either_key_is_key():
    key = repaired(Policy.BOTH_KEYS, A, B)
    assert [key.is_key(option) for option in "abc"] == [True, True, False]


# ── which repair is in force

ONE, TWO, THREE = (AnswerKey(Kind.SINGLE, (option,)) for option in "bcd")


@pytest.mark.parametrize(
    ("repairs", "in_seven", "elsewhere"),
    [
        ([], A.key, A.key),
        ([Repair(1, None, ONE)], ONE, ONE),
        ([Repair(1, 7, ONE)], ONE, A.key),
        ([Repair(1, 8, ONE)], A.key, A.key),
        ([Repair(2, None, TWO), Repair(1, 7, ONE)], TWO, TWO),
        ([Repair(1, None, ONE), Repair(2, 7, TWO)], TWO, ONE),
        ([Repair(1, 7, ONE), Repair(2, None, TWO), Repair(3, None, THREE, undo_of=2)], ONE, A.key),
        ([Repair(1, None, ONE), Repair(2, None, THREE, undo_of=1)], A.key, A.key),
        ([Repair(1, None, ONE), Repair(2, None, THREE, undo_of=1), Repair(3, None, TWO)], TWO, TWO),
    ],
)
def test_the_latest_that_covers_it_and_was_not_taken_back_counts(repairs, in_seven, elsewhere):
    assert key_in_force(A.key, repairs, 7) == in_seven
    assert key_in_force(A.key, repairs, 9) == elsewhere
    assert key_in_force(A.key, repairs, None) == elsewhere


# ── answers and results


def test_a_question_that_never_counted_is_not_dropped():
    key = repaired(Policy.DROP, A)
    assert marked(key, ["a"], None, is_scored=False) == Marked(A.key, is_scored=False, is_correct=True)


def test_a_dropped_question_counts_again_under_the_next_key():
    dropped = marked(repaired(Policy.DROP, A), ["b"], None, is_scored=True)
    assert (dropped.is_scored, dropped.points) == (False, 0)
    again = marked(B.key, ["b"], dropped, is_scored=dropped.is_scored)
    assert again == Marked(B.key, is_scored=True, is_correct=True)


@pytest.mark.parametrize(
    ("before", "was", "after", "result"),
    [
        (35, (True, False), (True, True), Standing(36, 50, 36, True)),
        (36, (True, True), (True, False), Standing(35, 50, 36, False)),
        (35, (True, False), (False, False), Standing(35, 49, 36, False)),
        (36, (True, True), (False, True), Standing(35, 49, 36, False)),
        (36, (True, False), (False, False), Standing(36, 49, 36, True)),
    ],
)
def test_a_result_moves_with_one_answer(before, was, after, result):
    one, other = Marked(A.key, *was), Marked(A.key, *after)
    assert moved(PARAMETERS, standing(PARAMETERS, before, 50), one, other) == result


def test_the_cut_falls_with_the_questions_that_count_and_never_rises():
    assert [standing(PARAMETERS, 0, total).cut for total in (50, 49, 48, 47, 25, 1)] == [36, 36, 35, 34, 18, 1]
    assert standing(PARAMETERS, 0, 0) == Standing(0, 0, 0, passed=False)


@given(
    response=st.one_of(st.none(), st.sampled_from([["a"], ["b"], ["c"]])),
    is_scored=st.booleans(),
    policies=st.lists(st.sampled_from([policy for policy in Policy if policy is not Policy.UNDO]), max_size=4),
)
def test_repairs_do_not_build_on_each_other(response, is_scored, policies):
    """After any of them, the next one gives what it would have given at first; and the published key what was."""
    start = marked(A.key, response, None, is_scored=is_scored)
    now = start
    for policy in policies:
        key = repaired(policy, A, B)
        now = marked(key, response, now, is_scored=now.is_scored)
        assert now == marked(key, response, None, is_scored=is_scored)
    assert marked(A.key, response, now, is_scored=now.is_scored) == start
