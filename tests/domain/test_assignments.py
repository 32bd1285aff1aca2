"""When an assignment can be started, what cuts a sitting, and when what is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.domain import assignments as rules
from exams.domain.assignments import KeyRelease, Phase, ScoreRelease
from exams.domain.attempts import CLOSING, extra_minutes

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
INSTANTS = st.integers(-100_000, 100_000).map(lambda seconds: NOW + seconds * SECOND)
ENDS = st.none() | INSTANTS
GRANTED = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 600)), max_size=3)


@pytest.mark.parametrize(
    ("closes_at", "before", "is_past"),
    [
        (None, None, False),
        (NOW, None, True),
        (NOW + SECOND, None, False),
        (NOW - SECOND, NOW - SECOND, False),
        (NOW - SECOND, NOW + SECOND, True),
    ],
)
def test_a_close_is_not_set_into_the_past_but_one_that_has_passed_may_stay(closes_at, before, is_past):
    assert rules.closes_in_the_past(NOW, closes_at, before=before) is is_past


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "minutes"),
    [(None, 90, 1), (-60, 90, 1), (30, 90, 1), (31, 90, 0), (None, None, None), (None, 0, None), (90, 60, None)],
)
def test_nobody_has_more_minutes_than_its_window(opens_at, closes_at, minutes):
    opens_at, closes_at = (None if at is None else NOW + at * SECOND for at in (opens_at, closes_at))
    assert rules.most_minutes(NOW, opens_at=opens_at, closes_at=closes_at) == minutes


@pytest.mark.parametrize(
    ("seconds", "phase"), [(-1, Phase.BEFORE), (0, Phase.OPEN), (3599, Phase.OPEN), (3600, Phase.CLOSED)]
)
def test_it_is_open_from_the_instant_it_opens_until_that_it_closes(seconds, phase):
    closes_at = NOW + timedelta(hours=1)
    assert rules.phase(NOW + seconds * SECOND, opens_at=NOW, closes_at=closes_at) is phase


@given(INSTANTS)
def test_without_times_it_is_always_open(now):
    assert rules.phase(now, opens_at=None, closes_at=None) is Phase.OPEN


@given(INSTANTS, ENDS, ENDS)
def test_the_deadline_is_never_after_the_close_unless_it_may_be(time_is_up, closes_at, own):
    close = rules.close_for(closes_at, own)
    deadline = rules.cut(time_is_up, closes_at=close)
    assert deadline <= time_is_up
    assert close is None or deadline <= close
    assert deadline in (time_is_up, close)
    assert rules.cut(time_is_up, closes_at=close, may_pass=True) == time_is_up


@given(ENDS, ENDS)
def test_a_members_own_close_takes_nothing_away(closes_at, own):
    close = rules.close_for(closes_at, own)
    assert (close is None) == (closes_at is None)
    assert closes_at is None or close >= closes_at


def test_a_members_time_comes_before_the_candidates_own_and_each_is_rounded_up():
    assert rules.added(56, [(25, 0), (33, 0)]) == 14 + 24  # 70 minutes, and 23.1 of those
    assert rules.added(180, [(0, 10), (50, 0)]) == 10 + 95
    assert rules.added(180, []) == 0


@given(st.integers(1, 600), GRANTED)
def test_time_is_only_ever_added_and_never_less_than_each_would_add_alone(minutes, granted):
    whole = rules.added(minutes, granted)
    assert whole >= sum(extra_minutes(minutes, percent=percent, extra=extra) for percent, extra in granted)
    assert whole >= 0


@given(INSTANTS, st.sampled_from(ScoreRelease), st.sampled_from(KeyRelease), INSTANTS, ENDS, ENDS)
def test_keys_are_never_shown_before_the_score_nor_before_the_last_end(now, score, keys, closes_at, window, running):
    ends_at = rules.last_end(closes_at, window, running)
    assert all(ends_at >= end for end in (closes_at, window, running) if end)
    shown = rules.shows_keys(now, score=score, keys=keys, closes_at=closes_at, ends_at=ends_at)
    if shown:
        assert rules.shows_score(now, release=score, closes_at=closes_at)
        assert keys is not KeyRelease.NEVER
        assert keys is KeyRelease.AT_ONCE or now >= ends_at + CLOSING


@given(INSTANTS, st.integers(0, 10_000), st.sampled_from(ScoreRelease), st.sampled_from(KeyRelease), INSTANTS)
def test_what_was_shown_once_stays_shown(now, later, score, keys, closes_at):
    told = {"score": score, "keys": keys, "closes_at": closes_at, "ends_at": closes_at}
    if rules.shows_keys(now, **told):
        assert rules.shows_keys(now + later * SECOND, **told)


@pytest.mark.parametrize(("seconds", "shown"), [(-1, False), (0, False), (19, False), (20, True)])
def test_what_waits_for_the_close_waits_for_the_last_answers_too(seconds, shown):
    now = NOW + seconds * SECOND
    assert rules.shows_score(now, release=ScoreRelease.CLOSED, closes_at=NOW) is shown
    last = {"score": ScoreRelease.AT_ONCE, "keys": KeyRelease.LAST_DEADLINE}
    assert rules.shows_keys(now, **last, closes_at=NOW, ends_at=NOW) is shown


def test_what_never_closes_has_no_end():
    assert rules.last_end(None, NOW) is None
    last = {"score": ScoreRelease.AT_ONCE, "keys": KeyRelease.LAST_DEADLINE}
    assert not rules.shows_keys(NOW, **last, closes_at=None, ends_at=None)
    assert not rules.shows_score(NOW, release=ScoreRelease.CLOSED, closes_at=None)


def test_only_a_release_that_comes_later_takes_something_back():
    assert rules.is_later(KeyRelease.AT_ONCE, KeyRelease.NEVER)
    assert rules.is_later(KeyRelease.AT_ONCE, KeyRelease.LAST_DEADLINE)
    assert rules.is_later(ScoreRelease.AT_ONCE, ScoreRelease.CLOSED)
    assert not rules.is_later(KeyRelease.NEVER, KeyRelease.AT_ONCE)
    assert not rules.is_later(KeyRelease.NEVER, KeyRelease.NEVER)
