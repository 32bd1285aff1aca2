"""Answers: what is right, and how they travel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.domain.bank import Kind
from exams.domain.problems import Problems
from exams.domain.responses import (
    AnswerKey,
    answer_key,
    from_wire,
    is_complete,
    option_ids,
    positions,
    split_order,
    to_wire,
)
from tests.domain.makers import matching, multiple, ordering, single

CONTENTS = {"single": single(), "multiple": multiple(), "ordering": ordering(), "matching": matching()}


@pytest.mark.parametrize(
    ("content", "right", "wrong"),
    [
        (single(), ["o0"], [["o1"], []]),
        (multiple(), ["o1", "o0"], [["o0"], ["o0", "o2"], ["o0", "o1", "o2"]]),
        (ordering(), {"o0": 1, "o1": 2, "o2": 3}, [{"o0": 2, "o1": 1, "o2": 3}, {"o0": 1}]),
        (matching(), {"o0": "t0", "o1": "t1", "o2": "t2"}, [{"o0": "t3", "o1": "t1", "o2": "t2"}, {"o0": "t0"}]),
    ],
)
def test_a_point_is_for_all_and_only_the_right(content, right, wrong):
    key = answer_key(content)
    assert key.accepts(right)
    assert not any(key.accepts(answer) for answer in [*wrong, None])


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_a_key_reads_back_as_what_was_written(content):
    assert AnswerKey.from_json(answer_key(content).to_json()) == answer_key(content)


def test_a_choice_says_how_many_it_asks_for():
    assert (answer_key(single()).choose, answer_key(multiple()).choose) == (1, 2)


def test_what_is_drawn_are_the_options_and_a_matchings_targets():
    assert option_ids(matching()) == ("o0", "o1", "o2", "t0", "t1", "t2", "t3")
    order = ["t3", "o2", "o0", "t0", "o1", "t1", "t2"]
    assert split_order(answer_key(matching()), order) == (["o2", "o0", "o1"], ["t3", "t0", "t1", "t2"])
    assert split_order(answer_key(single()), ["o1", "o0"]) == (["o1", "o0"], [])


@given(st.data())
def test_whatever_is_answered_travels_there_and_back(data):
    content = data.draw(st.sampled_from(list(CONTENTS.values())))
    key = answer_key(content)
    order = data.draw(st.permutations(option_ids(content)))
    options, targets = split_order(key, order)
    chosen = data.draw(st.lists(st.sampled_from(options), unique=True, max_size=key.choose))
    if key.kind in (Kind.SINGLE, Kind.MULTIPLE):
        response = sorted(chosen) or None
    elif key.kind is Kind.ORDERING:
        places = data.draw(st.permutations(range(1, len(options) + 1)))
        response = dict(zip(chosen, places, strict=False)) or None
    else:
        response = {option: data.draw(st.sampled_from(targets)) for option in chosen} or None
    assert from_wire(key, order, to_wire(key, order, response)) == response


@pytest.mark.parametrize(
    ("kind", "words", "code"),
    [
        ("single", ["4"], "answer_unknown"),
        ("single", ["x"], "answer_unknown"),
        ("single", ["-1"], "answer_unknown"),
        ("single", ["²"], "answer_unknown"),
        ("single", ["000"], "answer_unknown"),
        ("single", ["0", "1"], "answer_too_many"),
        ("multiple", ["0", "0"], "answer_twice"),
        ("multiple", ["0", "1", "2"], "answer_too_many"),
        ("ordering", ["0:0"], "answer_unknown"),
        ("ordering", ["0:4"], "answer_unknown"),
        ("ordering", ["0"], "answer_unknown"),
        ("ordering", ["0:1", "0:2"], "answer_twice"),
        ("ordering", ["0:1", "1:1"], "answer_place_twice"),
        ("matching", ["0:4"], "answer_unknown"),
        ("matching", ["3:0"], "answer_unknown"),
    ],
)
def test_an_answer_that_says_nothing_sensible_is_refused(kind, words, code):
    content = CONTENTS[kind]
    with pytest.raises(Problems, match=code):
        from_wire(answer_key(content), option_ids(content), words)


def test_complete_means_that_nothing_is_left_to_choose():
    key = answer_key(multiple())
    assert [is_complete(key, response) for response in (None, ["o0"], ["o0", "o3"])] == [False, False, True]


def test_positions_are_sorted_and_once_each():
    assert positions(["2", "0", "2"], 4) == [0, 2]
    with pytest.raises(Problems, match="answer_unknown"):
        positions(["4"], 4)
