"""The clock of an attempt at its edges. docs/timing.md has the same as tables, which are tested too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.domain.attempts import (
    CLOSING,
    GRACE,
    State,
    deadline,
    ended_at,
    extra_minutes,
    is_by_candidate,
    is_late,
    seconds_left,
    state,
    takes_answers,
    whole_minutes,
)

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
END = deadline(START, minutes=60)
TICK = timedelta(microseconds=1)
OPEN = {"deadline_at": END, "finished_at": None}


def test_the_deadline_holds_extra_time():
    assert deadline(START, minutes=60, extra_minutes=30) - START == timedelta(minutes=90)


@given(st.integers(1, 600), st.integers(0, 300), st.integers(0, 600))
def test_extra_time_is_never_less_than_was_granted_and_less_than_a_minute_more(minutes, percent, extra):
    surplus = 100 * (extra_minutes(minutes, percent=percent, extra=extra) - extra) - minutes * percent
    assert 0 <= surplus < 100


@pytest.mark.parametrize(("minutes", "extra"), [(56, 0), (56, 28), (180, 600)])
def test_the_whole_time_is_that_from_the_start_to_the_deadline(minutes, extra):
    begun = START + timedelta(microseconds=123456)
    assert whole_minutes(begun, deadline_at=deadline(begun, minutes=minutes, extra_minutes=extra)) == minutes + extra


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (START, State.OPEN),
        (END - TICK, State.OPEN),
        (END, State.CLOSING),
        (END + CLOSING - TICK, State.CLOSING),
        (END + CLOSING, State.FINISHED),
    ],
)
def test_an_attempt_that_nobody_ends_is_open_then_closing_then_finished(now, expected):
    assert state(now, **OPEN) is expected


def test_an_explicit_finish_ends_it_at_once():
    finished = {"deadline_at": END, "finished_at": START + TICK}
    assert state(START + TICK, **finished) is State.FINISHED
    assert not takes_answers(START + 2 * TICK, **finished)
    assert not is_late(END + GRACE + TICK, **finished)
    assert ended_at(START + 2 * TICK, **finished) == START + TICK
    assert seconds_left(START, **finished) == 0


def test_answers_are_taken_through_the_grace_and_are_late_after_it():
    assert takes_answers(END + GRACE, **OPEN)
    assert not is_late(END + GRACE, **OPEN)
    assert not takes_answers(END + GRACE + TICK, **OPEN)
    assert is_late(END + GRACE + TICK, **OPEN)


def test_one_that_ran_out_and_was_stamped_still_tells_late_answers():
    assert is_late(END + GRACE + TICK, deadline_at=END, finished_at=END)


def test_one_that_ran_out_ended_at_its_deadline_whoever_asks():
    assert ended_at(END + CLOSING - TICK, **OPEN) is None
    assert ended_at(END + CLOSING, **OPEN) == END


@pytest.mark.parametrize(
    ("finished_at", "expected"),
    [(END - TICK, True), (END, False), (None, False)],
    ids=["finished", "stamped", "ran out"],
)
def test_who_finishes_before_the_deadline_ends_it_else_time_does(finished_at, expected):
    assert is_by_candidate(deadline_at=END, finished_at=finished_at) is expected


def test_seconds_left_never_go_below_none():
    assert seconds_left(END - timedelta(seconds=90), **OPEN) == 90
    assert seconds_left(END + TICK, **OPEN) == 0
