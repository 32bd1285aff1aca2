"""Starting within a window, changing what is set, and what single members are granted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError

from exams.domain.problems import Problems
from exams.models import Assignment, Attempt, Extension, MemberAccommodation
from exams.services import assignments, attempts, cohorts, interventions
from tests.factories import NOW, make_assignment, make_bank, make_cohort, make_exam, make_user

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def exam():
    exam = make_exam("an-exam")
    make_bank(exam)
    return exam


@pytest.fixture
def person():
    return make_user()


@pytest.fixture
def cohort(person):
    return make_cohort(person)


def start(assignment, person, now=NOW):
    size = assignment.size
    return attempts.start(person, assignment.exam, size, now=now, seed=1, language="en", assignment=assignment).attempt


def codes(refused):
    return [problem.code for problem in refused.value.problems]


def grant(assignment, person, **values):
    by = assignment.created_by
    return assignments.accommodate(assignment, person, **{"reason": "A note.", "by": by, "now": NOW, **values})


# ── starting


@pytest.mark.parametrize(
    ("after", "refusal"),
    [(-HOUR, "assignment_before"), (0 * HOUR, ""), (2 * HOUR - MINUTE, ""), (2 * HOUR, "assignment_closed")],
)
def test_it_starts_within_its_window_only(cohort, exam, person, after, refusal):
    assignment = make_assignment(cohort, exam, opens_at=NOW, closes_at=NOW + 2 * HOUR)
    if not refusal:
        assert start(assignment, person, NOW + after).assignment == assignment
        return
    with pytest.raises(Problems) as refused:
        start(assignment, person, NOW + after)
    assert codes(refused) == [refusal]
    assert not Attempt.objects.exists()


def test_f22_the_deadline_is_the_earlier_of_time_and_close_from_the_first_second(cohort, exam, person):
    closes_at = NOW + 2 * HOUR
    assignment = make_assignment(cohort, exam, closes_at=closes_at)
    early = start(assignment, person, NOW)
    assert early.deadline_at == NOW + 56 * MINUTE
    attempts.finish(early, now=NOW + MINUTE)
    late = start(assignment, person, closes_at - 10 * MINUTE)
    assert late.deadline_at == closes_at
    assert late.parameters["minutes"] == 56


def test_attempts_are_limited_and_void_ones_use_none_up(cohort, exam, person):
    assignment = make_assignment(cohort, exam, most_attempts=1)
    first = start(assignment, person)
    assert start(assignment, person) == first  # it runs, and is offered to go on with
    attempts.finish(first, now=NOW + MINUTE)
    with pytest.raises(Problems) as refused:
        start(assignment, person, NOW + 2 * MINUTE)
    assert codes(refused) == ["assignment_used_up"]
    interventions.void(first, reason="A fire alarm.", by=assignment.created_by, now=NOW + 2 * MINUTE)
    assert start(assignment, person, NOW + 3 * MINUTE) != first


@pytest.mark.parametrize("how", ["left", "archived"])
def test_who_is_no_member_in_force_starts_nothing(cohort, exam, person, how):
    assignment = make_assignment(cohort, exam)
    if how == "left":
        cohorts.leave(person, cohort, now=NOW)
    else:
        cohorts.archive(cohort, now=NOW)
    with pytest.raises(Problems) as refused:
        start(assignment, person)
    assert codes(refused) == ["assignment_gone"]


@pytest.mark.parametrize(
    "act",
    [
        lambda assignment, person: assignments.change(assignment, {"title": "Second"}, now=NOW),
        lambda assignment, person: grant(assignment, person, minutes=5),
    ],
)
def test_what_another_instructor_has_removed_is_told_to_be_gone(cohort, exam, person, act):
    assignment = make_assignment(cohort, exam)
    assignments.remove(Assignment.objects.get())
    with pytest.raises(Problems) as refused:
        act(assignment, person)
    assert codes(refused) == ["assignment_removed"]


# ── accommodations


def test_a_members_time_comes_first_and_the_candidates_own_on_top(cohort, exam, person):
    from exams.models import Accommodation

    Accommodation.objects.create(candidate=person, percent=33)
    assignment = make_assignment(cohort, exam)
    grant(assignment, person, percent=25)
    attempt = start(assignment, person)
    assert attempt.parameters["extra_minutes"] == 14 + 24
    assert attempt.deadline_at == NOW + 94 * MINUTE


def test_a_members_window_is_longer_and_cuts_like_everybodys(cohort, exam, person):
    assignment = make_assignment(cohort, exam, closes_at=NOW)
    grant(assignment, person, closes_at=NOW + HOUR)
    assert start(assignment, person, NOW + 30 * MINUTE).deadline_at == NOW + HOUR


def test_time_goes_past_the_close_only_where_the_instructor_says_so(cohort, exam, person):
    other = make_user()
    cohort.memberships.create(candidate=other, accepted_at=NOW)
    assignment = make_assignment(cohort, exam, closes_at=NOW + 10 * MINUTE)
    grant(assignment, other, percent=50)
    grant(assignment, person, percent=50, may_pass_close=True)
    assert start(assignment, other).deadline_at == NOW + 10 * MINUTE
    assert start(assignment, person).deadline_at == NOW + 84 * MINUTE


def test_what_is_granted_replaces_what_was_and_can_be_taken_back(cohort, exam, person):
    assignment = make_assignment(cohort, exam)
    grant(assignment, person, percent=50)
    grant(assignment, person, minutes=5)
    attempt = start(assignment, person)
    assert attempt.deadline_at == NOW + 61 * MINUTE
    assignments.withdraw(assignment, person)
    assert not MemberAccommodation.objects.exists()
    attempt.refresh_from_db()
    assert attempt.deadline_at == NOW + 61 * MINUTE


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"reason": " "}, "reason_missing"),
        ({"closes_at": NOW - HOUR}, "close_takes_away"),
        ({"closes_at": NOW}, "close_takes_away"),
    ],
)
def test_what_makes_no_sense_is_not_granted(cohort, exam, person, values, code):
    assignment = make_assignment(cohort, exam, closes_at=NOW)
    with pytest.raises(Problems) as refused:
        grant(assignment, person, **{"percent": 10, **values})
    assert codes(refused) == [code]
    assert not MemberAccommodation.objects.exists()


# ── extensions


def test_an_extension_is_cut_by_the_close_and_refused_where_it_adds_nothing(cohort, exam, person):
    closes_at = NOW + HOUR
    assignment = make_assignment(cohort, exam, closes_at=closes_at)
    attempt = start(assignment, person)
    told = {"reason": "A fire alarm.", "by": assignment.created_by, "now": NOW + MINUTE}
    attempts.extend(attempt, 30, **told)
    attempt.refresh_from_db()
    assert attempt.deadline_at == closes_at
    with pytest.raises(Problems) as refused:
        attempts.extend(attempt, 30, **told)
    assert codes(refused) == ["extension_past_close"]
    attempts.extend(attempt, 30, **told, may_pass_close=True)
    attempt.refresh_from_db()
    assert attempt.deadline_at == closes_at + 30 * MINUTE
    assert [row.minutes for row in Extension.objects.all()] == [4, 30]  # what was given, not what was asked for


# ── changing


def test_before_anybody_has_started_everything_can_be_changed(cohort, exam):
    assignment = make_assignment(cohort, exam, closes_at=NOW)
    values = {"size": exam.sizes.get(code="full"), "is_fixed": True, "key_release": "never", "closes_at": NOW + DAY}
    values["most_attempts"] = 1
    assignments.change(assignment, values, now=NOW)
    assignment.refresh_from_db()
    assert {name: getattr(assignment, name) for name in values} == values


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"is_fixed": True}, "assignment_frozen"),
        ({"opens_at": NOW - DAY}, "assignment_frozen"),
        ({"key_release": "never"}, "release_later"),
        ({"score_release": "closed"}, "release_later"),
    ],
)
def test_afterwards_attempts_keep_what_they_rest_on_and_were_promised(cohort, exam, person, values, code):
    assignment = make_assignment(cohort, exam, closes_at=NOW + DAY, key_release="last_deadline")
    start(assignment, person)
    with pytest.raises(Problems) as refused:
        assignments.change(assignment, values, now=NOW)
    assert codes(refused) == [code]


def test_afterwards_title_close_limit_and_an_earlier_release_can_be_changed(cohort, exam, person):
    assignment = make_assignment(cohort, exam, closes_at=NOW + DAY, key_release="never")
    attempt = start(assignment, person)
    values = {"title": "Second", "closes_at": NOW + HOUR, "most_attempts": 1, "key_release": "last_deadline"}
    assignments.change(assignment, {**values, "size": assignment.size, "is_fixed": False}, now=NOW)
    assignment.refresh_from_db()
    assert {name: getattr(assignment, name) for name in values} == values
    before = attempt.deadline_at
    attempt.refresh_from_db()
    assert attempt.deadline_at == before


def test_once_the_keys_are_out_no_end_moves(cohort, exam, person):
    assignment = make_assignment(cohort, exam, closes_at=NOW + HOUR, key_release="last_deadline")
    start(assignment, person)
    with pytest.raises(Problems) as refused:
        assignments.change(assignment, {"closes_at": NOW + DAY}, now=NOW + 2 * HOUR)
    assert codes(refused) == ["keys_are_out"]
    with pytest.raises(Problems) as refused:
        grant(assignment, person, closes_at=NOW + DAY, now=NOW + 2 * HOUR)
    assert codes(refused) == ["keys_are_out"]


# ── removing


def test_what_nobody_has_started_is_removed_with_what_was_granted_in_it(cohort, exam, person):
    assignment = make_assignment(cohort, exam)
    grant(assignment, person, percent=50)
    assignments.remove(assignment)
    assignments.remove(assignment)  # twice is once
    assert not Assignment.objects.exists()
    assert not MemberAccommodation.objects.exists()


def test_what_somebody_has_started_is_not_removed_be_it_void(cohort, exam, person):
    assignment = make_assignment(cohort, exam)
    make_void(assignment, person)
    with pytest.raises(Problems) as refused:
        assignments.remove(assignment)
    assert codes(refused) == ["assignment_started"]
    assert Assignment.objects.get() == assignment


# ── void and open again


def test_a_void_attempt_ends_at_once_and_is_on_record(cohort, exam, person):
    assignment = make_assignment(cohort, exam)
    attempt = start(assignment, person)
    by = assignment.created_by
    done = interventions.void(attempt, reason=" It was not them. ", by=by, now=NOW + MINUTE)
    attempt.refresh_from_db()
    assert (attempt.is_void, attempt.finished_at) == (True, NOW + MINUTE)
    assert (done.kind, done.reason, done.done_by, done.finished_at) == ("void", "It was not them.", by, None)
    with pytest.raises(Problems) as refused:
        interventions.void(attempt, reason="Again.", by=by, now=NOW + MINUTE)
    assert codes(refused) == ["attempt_void"]
    with pytest.raises(Problems) as refused:
        interventions.void(attempt, reason="", by=by, now=NOW + MINUTE)
    assert codes(refused) == ["reason_missing"]


def reopen(assignment, attempt, minutes=20, *, now=NOW + 5 * MINUTE, **more):
    return interventions.reopen(attempt, minutes, reason="By mistake.", by=assignment.created_by, now=now, **more)


def test_a_finished_attempt_whose_keys_were_not_shown_can_go_on(cohort, exam, person):
    assignment = make_assignment(cohort, exam, key_release="never")
    attempt = start(assignment, person)
    attempts.finish(attempt, now=NOW + MINUTE)
    attempt.refresh_from_db()
    assert interventions.minutes_left_at_end(attempt, NOW + 5 * MINUTE) == 55
    done = reopen(assignment, attempt)
    assert (done.finished_at, done.deadline_at) == (NOW + MINUTE, NOW + 56 * MINUTE)
    attempt.refresh_from_db()
    assert (attempt.finished_at, attempt.deadline_at) == (None, NOW + 25 * MINUTE)


def test_the_close_cuts_what_is_opened_again(cohort, exam, person):
    rules = {"closes_at": NOW + 10 * MINUTE, "key_release": "never"}
    assignment = make_assignment(cohort, exam, **rules)
    attempt = start(assignment, person)
    attempts.finish(attempt, now=NOW + MINUTE)
    with pytest.raises(Problems) as refused:
        reopen(assignment, attempt, now=NOW + 10 * MINUTE)
    assert codes(refused) == ["extension_past_close"]
    reopen(assignment, attempt)
    attempt.refresh_from_db()
    assert attempt.deadline_at == NOW + 10 * MINUTE
    attempts.finish(attempt, now=NOW + 6 * MINUTE)
    reopen(assignment, attempt, now=NOW + 11 * MINUTE, may_pass_close=True)
    attempt.refresh_from_db()
    assert attempt.deadline_at == NOW + 31 * MINUTE


@pytest.mark.parametrize(
    ("release", "hours", "code"),
    [("at_once", 0, "reopen_keys_shown"), ("last_deadline", 2, "reopen_keys_shown"), ("last_deadline", 0, "")],
)
def test_nothing_is_opened_again_whose_keys_could_be_seen(cohort, exam, person, release, hours, code):
    assignment = make_assignment(cohort, exam, closes_at=NOW + HOUR, key_release=release)
    attempt = start(assignment, person)
    attempts.finish(attempt, now=NOW + MINUTE)
    now = NOW + 5 * MINUTE + hours * HOUR
    if not code:
        assert reopen(assignment, attempt, now=now)
        return
    with pytest.raises(Problems) as refused:
        reopen(assignment, attempt, now=now)
    assert codes(refused) == [code]


def test_what_runs_is_void_or_has_a_successor_is_not_opened_again(cohort, exam, person):
    assignment = make_assignment(cohort, exam, key_release="never")
    attempt = start(assignment, person)
    with pytest.raises(Problems) as refused:
        reopen(assignment, attempt)
    assert codes(refused) == ["attempt_runs"]
    attempts.finish(attempt, now=NOW + MINUTE)
    other = start(assignment, person, NOW + 2 * MINUTE)
    with pytest.raises(Problems) as refused:
        reopen(assignment, attempt)
    assert codes(refused) == ["reopen_other"]
    with pytest.raises(Problems) as refused:
        reopen(assignment, attempt, minutes=0)
    assert codes(refused) == ["extension_minutes"]
    interventions.void(other, reason="Not them.", by=assignment.created_by, now=NOW + 3 * MINUTE)
    with pytest.raises(Problems) as refused:
        reopen(assignment, other)
    assert codes(refused) == ["attempt_void"]


def restore(assignment, attempt, *, now=NOW + 5 * MINUTE, reason=" The wrong one. "):
    return interventions.restore(attempt, reason=reason, by=assignment.created_by, now=now)


def make_void(assignment, person, *, now=NOW):
    attempt = start(assignment, person, now)
    interventions.void(attempt, reason="Not them.", by=assignment.created_by, now=now + MINUTE)
    return attempt


def test_a_void_attempt_counts_again_as_it_stood_and_that_is_on_record(cohort, exam, person):
    assignment = make_assignment(cohort, exam, key_release="never")
    attempt = make_void(assignment, person)
    done = restore(assignment, attempt)
    attempt.refresh_from_db()
    assert (attempt.is_void, attempt.finished_at) == (False, NOW + MINUTE)
    assert (done.kind, done.reason, done.done_by) == ("restore", "The wrong one.", assignment.created_by)
    assert reopen(assignment, attempt)  # and may go on from there
    for again, code in (({}, "attempt_counts"), ({"reason": " "}, "reason_missing")):
        with pytest.raises(Problems) as refused:
            restore(assignment, attempt, **again)
        assert codes(refused) == [code]


def test_one_that_ran_out_before_it_was_void_counts_again_as_ended_at_its_deadline(cohort, exam, person):
    assignment = make_assignment(cohort, exam)
    attempt = start(assignment, person)
    interventions.void(attempt, reason="Not them.", by=assignment.created_by, now=NOW + 57 * MINUTE)
    start(assignment, person, NOW + DAY)
    attempts.finish(start(assignment, person, NOW + DAY), now=NOW + DAY + MINUTE)
    restore(assignment, attempt, now=NOW + 2 * DAY)
    attempt.refresh_from_db()
    assert (attempt.is_void, attempt.finished_at) == (False, NOW + 56 * MINUTE)


@pytest.mark.parametrize(
    "rules", [{"most_attempts": 1}, {"most_attempts": 1, "is_fixed": True, "key_release": "never"}]
)
def test_what_was_void_does_not_count_beyond_the_attempts_that_are_allowed(cohort, exam, person, rules):
    assignment = make_assignment(cohort, exam, **rules)
    attempt = make_void(assignment, person)
    other = start(assignment, person, NOW + 2 * MINUTE)
    attempts.finish(other, now=NOW + 3 * MINUTE)
    with pytest.raises(Problems) as refused:
        restore(assignment, attempt)
    assert codes(refused) == ["restore_used_up"]
    attempt.refresh_from_db()
    assert attempt.is_void
    interventions.void(other, reason="Not them.", by=assignment.created_by, now=NOW + 4 * MINUTE)
    restore(assignment, attempt)


def test_what_was_void_does_not_count_while_another_is_open(cohort, exam, person):
    assignment = make_assignment(cohort, exam)
    attempt = make_void(assignment, person)
    other = start(assignment, person, NOW + 2 * MINUTE)
    with pytest.raises(Problems) as refused:
        restore(assignment, attempt)
    assert codes(refused) == ["restore_other"]
    attempts.finish(other, now=NOW + 3 * MINUTE)
    restore(assignment, attempt)


def test_the_close_stays_once_scores_were_shown_after_it(cohort, exam, person):
    assignment = make_assignment(cohort, exam, closes_at=NOW + HOUR, score_release="closed", key_release="never")
    start(assignment, person)
    with pytest.raises(Problems) as refused:
        assignments.change(assignment, {"closes_at": NOW + DAY}, now=NOW + 2 * HOUR)
    assert codes(refused) == ["scores_are_out"]


@pytest.mark.parametrize("rules", [{}, {"most_attempts": 2}, {"key_release": "last_deadline", "closes_at": NOW + DAY}])
def test_keys_are_not_to_be_told_by_trying_a_fixed_form_again_and_again(cohort, exam, rules):
    with pytest.raises(IntegrityError):
        make_assignment(cohort, exam, is_fixed=True, **{"key_release": "never", **rules})
