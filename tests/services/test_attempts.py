"""Starting, saving and finishing."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.db import connection

from exams.domain.attempts import CLOSING, GRACE, State
from exams.domain.problems import Problems
from exams.models import Accommodation, Attempt, AttemptItem, Extension
from exams.queries import attempts as queries
from exams.queries import results
from exams.services import attempts, saving
from exams.services.saving import Change, Outcome
from tests.factories import (
    NOW,
    make_assignment,
    make_bank,
    make_cohort,
    make_exam,
    make_question,
    make_user,
    publish_question,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def exam():
    exam = make_exam()
    make_bank(exam)
    return exam


@pytest.fixture
def candidate():
    return make_user()


def start(candidate, exam, *, now=NOW, seed=1, size="short", assignment=None):
    return attempts.start(
        candidate, exam, exam.sizes.get(code=size), now=now, seed=seed, language="en", assignment=assignment
    )


def right(item) -> list[str]:
    """The right answer, as positions in the drawn order."""
    return [str(item.option_order.index(option)) for option in item.answer_key["right"]]


def change(answer, *, base=0, rev=1, writer="page", flagged=False, struck=(), seconds=0) -> Change:
    return Change(answer=answer, flagged=flagged, struck=struck, base=base, rev=rev, writer=writer, seconds=seconds)


def save(attempt, position, what, *, at=NOW + SECOND):
    return saving.save(attempt.public_id, attempt.candidate, position, what, received_at=at)


@pytest.fixture
def attempt(candidate, exam):
    return start(candidate, exam).attempt


@pytest.fixture
def item(attempt):
    return attempt.items.get(position=3)


# ── starting


def test_a_start_fixes_the_deadline_and_keeps_the_exams_parameters(candidate, exam):
    attempt = start(candidate, exam).attempt
    exam.sizes.filter(code="short").update(cut=20, minutes=1)
    attempt.refresh_from_db()
    assert attempt.deadline_at == NOW + timedelta(minutes=56)
    assert (attempt.parameters["cut"], attempt.parameters["minutes"]) == (15, 56)


@pytest.mark.parametrize("is_assigned", [False, True])
def test_a_start_that_meets_the_end_of_the_attempt_before_begins_anew(candidate, exam, is_assigned):
    assignment = make_assignment(make_cohort(candidate), exam) if is_assigned else None
    first, meanwhile = start(candidate, exam, assignment=assignment).attempt, []

    def finishing(execute, sql, *rest):
        if sql.startswith('UPDATE "exams_attempt"') and not meanwhile:  # the start has just been told that one is open
            meanwhile.append(first)
            attempts.finish(first, now=NOW + SECOND)
        return execute(sql, *rest)

    with connection.execute_wrapper(finishing):
        second = start(candidate, exam, now=NOW + SECOND, assignment=assignment)
    assert meanwhile
    assert (second.is_new, second.attempt == first) == (True, False)


def test_an_accommodation_is_in_the_deadline_and_the_snapshot_from_the_first_second(candidate, exam):
    Accommodation.objects.create(candidate=candidate, percent=25, minutes=5)
    attempt = start(candidate, exam).attempt
    assert attempt.deadline_at == NOW + timedelta(minutes=56 + 14 + 5)
    assert (attempt.parameters["minutes"], attempt.parameters["extra_minutes"]) == (56, 19)
    assert queries.room(attempt, NOW).minutes == 75


def test_an_accommodation_is_the_candidates_own_and_nobody_elses(candidate, exam):
    Accommodation.objects.create(candidate=make_user(), percent=50)
    assert start(candidate, exam).attempt.deadline_at == NOW + timedelta(minutes=56)


def test_an_accommodation_that_is_changed_or_deleted_moves_no_attempt_that_has_begun(candidate, exam):
    granted = Accommodation.objects.create(candidate=candidate, percent=50)
    attempt = start(candidate, exam).attempt
    for act in (lambda: Accommodation.objects.update(percent=100), granted.delete):
        act()
        attempt.refresh_from_db()
        assert (attempt.deadline_at, attempt.parameters["extra_minutes"]) == (NOW + timedelta(minutes=84), 28)
    attempts.finish(attempt, now=NOW + SECOND)
    assert start(candidate, exam, now=NOW + 2 * SECOND).attempt.parameters["extra_minutes"] == 0


def test_a_short_form_has_the_shares_of_the_blueprint(attempt):
    codes = [item.domain.code for item in attempt.items.select_related("domain")]
    assert {code: codes.count(code) for code in codes} == {"data": 4, "analysis": 5, "modeling": 7, "operations": 4}
    assert all(item.is_scored for item in attempt.items.all())


def test_a_full_form_has_fifteen_pilots(candidate):
    exam = make_exam()
    make_bank(exam, {"data": 13, "analysis": 16, "modeling": 23, "operations": 13})
    items = start(candidate, exam, size="full").attempt.items
    assert (items.count(), items.filter(is_scored=False).count()) == (65, 15)


def test_a_full_form_is_scored_by_its_fifty_and_not_by_its_pilots(candidate):
    exam = make_exam()
    make_bank(exam, {"data": 13, "analysis": 16, "modeling": 23, "operations": 13})
    attempt = start(candidate, exam, size="full").attempt
    kept = list(attempt.items.filter(is_scored=True).values_list("position", flat=True)[:35])
    for item in attempt.items.all():
        is_wanted = item.position in kept or not item.is_scored
        answer = right(item) if is_wanted else [str((int(right(item)[0]) + 1) % 4)]
        assert save(attempt, item.position, change(answer)).outcome is Outcome.SAVED
    attempts.finish(attempt, now=NOW + 2 * SECOND)
    attempt.refresh_from_db()
    found = results.result(attempt, NOW + 3 * SECOND)
    assert (found.report.points, found.report.total, found.report.passed) == (35, 50, False)
    assert (found.report.scaled, found.pilots, found.answered) == (732, 15, 65)


def test_a_bank_that_is_too_small_is_refused_and_nothing_is_started(candidate, exam):
    with pytest.raises(Problems) as refused:
        start(candidate, exam, size="full")
    assert {problem.code for problem in refused.value.problems} == {"bank_too_small"}
    assert not Attempt.objects.exists()


def test_a_second_start_offers_the_open_attempt_and_starts_none(candidate, exam, attempt):
    again = start(candidate, exam, now=NOW + SECOND)
    assert (again.attempt, again.is_new) == (attempt, False)
    assert Attempt.objects.count() == 1


def test_a_start_after_the_end_stamps_the_expired_attempt_at_its_deadline(candidate, exam, attempt):
    again = start(candidate, exam, now=attempt.deadline_at + CLOSING)
    attempt.refresh_from_db()
    assert again.is_new
    assert attempt.finished_at == attempt.deadline_at


def test_unseen_questions_come_before_those_seen(candidate, exam):
    first = start(candidate, exam)
    attempts.finish(first.attempt, now=NOW + SECOND)
    new = {make_question(exam, domain="data").pk for _ in range(4)}
    second = start(candidate, exam, now=NOW + timedelta(hours=1)).attempt
    given = set(second.items.filter(domain__code="data").values_list("version__question_id", flat=True))
    assert given == new


@pytest.mark.parametrize("is_fixed", [True, False])
def test_questions_whose_keys_an_assignment_keeps_back_come_last(candidate, exam, is_fixed):
    cohort = make_cohort(candidate)
    assignment = make_assignment(cohort, exam, is_fixed=is_fixed, key_release="never", most_attempts=1)
    sat = start(candidate, exam, assignment=assignment).attempt
    attempts.finish(sat, now=NOW + SECOND)
    make_bank(exam)
    for hours in (1, 2):  # the second time all others have been seen since
        own = start(candidate, exam, now=NOW + timedelta(hours=hours)).attempt
        attempts.finish(own, now=NOW + timedelta(hours=hours) + SECOND)
        assert not questions_of(own) & questions_of(sat)


def test_a_form_that_is_the_same_for_all_is_kept_from_those_who_have_not_sat_it(candidate, exam):
    first = make_user()
    rules = {"is_fixed": True, "most_attempts": 1, "key_release": "last_deadline"}
    assignment = make_assignment(make_cohort(first, candidate), exam, closes_at=NOW + timedelta(hours=1), **rules)
    sat = start(first, exam, assignment=assignment).attempt
    make_bank(exam)
    assert not questions_of(start(candidate, exam).attempt) & questions_of(sat)


def questions_of(attempt):
    return set(attempt.items.values_list("version__question_id", flat=True))


def test_the_same_seed_bank_and_history_give_the_same_form(exam):
    forms = [
        list(start(make_user(), exam, seed=7).attempt.items.values_list("version_id", "option_order")) for _ in range(2)
    ]
    assert forms[0] == forms[1]


def test_an_attempt_keeps_its_version_when_an_author_publishes_the_next(candidate, exam, attempt):
    item = attempt.items.first()
    question = item.version.question
    question.stem = {"en": "Reworded: which is right?", "ja": "書き直し：正しいのはどれか。"}
    question.save()
    new = publish_question(question)
    item.refresh_from_db()
    assert item.version_id != new.pk
    later = start(make_user(), exam).attempt
    assert later.items.filter(version=new).exists()


# ── saving


def test_a_saved_answer_is_stored_with_whether_it_is_right(attempt, item):
    saved = save(attempt, 3, change(right(item), flagged=True, struck=["0"], seconds=1))
    item.refresh_from_db()
    assert saved.outcome is Outcome.SAVED
    assert (item.response, item.is_correct) == (item.answer_key["right"], True)
    assert (item.is_flagged, item.struck, item.revision, item.writer) == (True, [0], 1, "page")
    assert (item.saved_at, item.seconds_spent) == (NOW + SECOND, 1)


def test_a_wrong_answer_is_stored_as_wrong(attempt, item):
    wrong = next(str(position) for position in range(4) if str(position) not in right(item))
    save(attempt, 3, change([wrong]))
    item.refresh_from_db()
    assert (len(item.response), item.is_correct) == (1, False)


def test_an_answer_can_be_taken_back(attempt, item):
    save(attempt, 3, change(right(item)))
    save(attempt, 3, change([], base=1, rev=2))
    item.refresh_from_db()
    assert (item.response, item.is_correct, item.revision) == (None, False, 2)


def test_an_older_revision_that_arrives_later_changes_nothing_and_is_answered_with_what_is_stored(attempt):
    save(attempt, 3, change(["1"], rev=2))
    late = save(attempt, 3, change(["0"], rev=1))
    assert late.outcome is Outcome.SAVED
    assert (late.item.revision, late.item.response) == (2, save(attempt, 3, change(["1"], rev=2)).item.response)


def test_a_repeat_is_answered_like_the_first(attempt):
    first = save(attempt, 3, change(["1"]))
    again = save(attempt, 3, change(["1"]))
    assert (first.outcome, again.outcome) == (Outcome.SAVED, Outcome.SAVED)
    assert (first.item.response, first.item.revision) == (again.item.response, again.item.revision)


def test_a_stale_page_gets_a_conflict_and_what_is_stored(attempt):
    first = save(attempt, 3, change(["1"], writer="first"))
    stale = save(attempt, 3, change(["2"], writer="second"))
    assert stale.outcome is Outcome.CONFLICT
    assert (stale.item.response, stale.item.writer) == (first.item.response, "first")


def test_a_stale_page_that_sends_what_is_stored_is_no_conflict(attempt):
    save(attempt, 3, change(["1"], writer="first"))
    assert save(attempt, 3, change(["1"], writer="second")).outcome is Outcome.SAVED


def test_the_last_of_one_pages_revisions_is_stored_in_whatever_order_they_arrive(attempt):
    for order in itertools.permutations([1, 2, 3]):
        position = {(1, 2, 3): 1, (1, 3, 2): 2, (2, 1, 3): 3, (2, 3, 1): 4, (3, 1, 2): 5, (3, 2, 1): 6}[order]
        for rev in order:
            assert save(attempt, position, change([str(rev)], rev=rev)).outcome is Outcome.SAVED
        item = attempt.items.get(position=position)
        assert (item.revision, item.response) == (3, [item.option_order[3]])


@pytest.mark.parametrize("answer", [["4"], ["-1"], ["x"], ["0", "0"], ["0", "1"], ["٣"], ["0:1"]])
def test_an_answer_that_names_no_option_or_too_many_is_refused_and_the_stored_one_stays(attempt, item, answer):
    save(attempt, 3, change(["1"]))
    with pytest.raises(Problems):
        save(attempt, 3, change(answer, base=1, rev=2))
    item.refresh_from_db()
    assert (item.revision, item.response) == (1, [item.option_order[1]])


def test_another_persons_attempt_is_as_absent_as_none(attempt):
    with pytest.raises(AttemptItem.DoesNotExist):
        saving.save(attempt.public_id, make_user(), 3, change(["1"]), received_at=NOW)


def test_a_question_that_is_not_on_the_form_is_absent(attempt):
    with pytest.raises(AttemptItem.DoesNotExist):
        save(attempt, 21, change(["1"]))


def test_time_spent_is_never_more_than_the_attempt_has_lasted(attempt, item):
    save(attempt, 3, change(["1"], seconds=9999), at=NOW + 30 * SECOND)
    item.refresh_from_db()
    assert item.seconds_spent == 30


# ── the end


def test_what_is_received_within_the_grace_counts(attempt, item):
    assert save(attempt, 3, change(["1"]), at=attempt.deadline_at + GRACE).outcome is Outcome.SAVED
    item.refresh_from_db()
    assert item.response is not None


def test_what_is_received_after_the_grace_is_kept_apart_and_not_counted(attempt, item):
    late = attempt.deadline_at + GRACE + timedelta(microseconds=1)
    assert save(attempt, 3, change(right(item)), at=late).outcome is Outcome.LATE
    item.refresh_from_db()
    assert (item.response, item.is_correct, item.revision) == (None, False, 0)
    assert (item.late_response, item.late_at) == (item.answer_key["right"], late)


def test_a_late_repeat_of_what_counts_is_not_noted_as_late(attempt, item):
    save(attempt, 3, change(right(item)))
    save(attempt, 3, change(right(item)), at=attempt.deadline_at + GRACE + SECOND)
    item.refresh_from_db()
    assert item.late_at is None


def test_nothing_is_taken_after_the_candidate_has_finished(attempt, item):
    attempts.finish(attempt, now=NOW + 2 * SECOND)
    assert save(attempt, 3, change(["1"]), at=NOW + 3 * SECOND).outcome is Outcome.FINISHED
    item.refresh_from_db()
    assert (item.response, item.late_response) == (None, None)


def test_finishing_again_changes_nothing(attempt):
    assert attempts.finish(attempt, now=NOW + SECOND)
    assert not attempts.finish(attempt, now=NOW + 2 * SECOND)
    attempt.refresh_from_db()
    assert attempt.finished_at == NOW + SECOND


def test_finishing_after_the_deadline_leaves_the_end_at_the_deadline(attempt):
    assert not attempts.finish(attempt, now=attempt.deadline_at)
    attempt.refresh_from_db()
    assert attempt.finished_at is None
    assert queries.state_of(attempt, attempt.deadline_at + CLOSING) is State.FINISHED


def test_the_bulk_stamp_takes_only_attempts_that_have_run_out(attempt, exam):
    running = start(make_user(), exam, now=attempt.deadline_at).attempt
    assert attempts.stamp_expired(attempt.deadline_at + CLOSING - timedelta(microseconds=1)) == 0
    assert attempts.stamp_expired(attempt.deadline_at + CLOSING) == 1
    running.refresh_from_db()
    assert running.finished_at is None


# ── extra time while it runs


def extend(attempt, minutes=10, *, reason="The fire alarm rang.", now=NOW + SECOND):
    return attempts.extend(attempt, minutes, reason=reason, by=make_user(), now=now)


def test_an_extension_moves_the_deadline_and_is_kept_with_reason_person_and_time(attempt):
    begun = attempt.started_at
    given = extend(attempt, 10, reason="  The fire alarm rang.\n")
    attempt.refresh_from_db()
    assert attempt.deadline_at == NOW + timedelta(minutes=66)
    assert attempt.started_at == begun
    kept = attempt.extensions.get()
    assert (kept.minutes, kept.reason, kept.granted_by, kept.granted_at) == (
        10,
        "The fire alarm rang.",
        given.granted_by,
        NOW + SECOND,
    )


def test_extensions_add_up_to_the_microsecond(candidate, exam):
    attempt = start(candidate, exam, now=NOW + timedelta(microseconds=123456)).attempt
    extend(attempt, 10)
    extend(attempt, 5)
    attempt.refresh_from_db()
    assert attempt.deadline_at == NOW + timedelta(minutes=71, microseconds=123456)


def test_after_an_extension_the_whole_time_is_true_in_the_room_and_in_the_result(attempt):
    extend(attempt, 10)
    attempt.refresh_from_db()
    assert queries.room(attempt, NOW + SECOND).minutes == 66
    after = attempt.deadline_at + CLOSING
    assert results.result(attempt, after).minutes == results.result(attempt, after).minutes_used == 66


def test_answers_are_taken_up_to_the_new_deadline(attempt, item):
    old = attempt.deadline_at
    extend(attempt, 10)
    assert save(attempt, 3, change(right(item)), at=old + 9 * timedelta(minutes=1)).outcome is Outcome.SAVED
    assert attempts.stamp_expired(old + CLOSING) == 0


@pytest.mark.parametrize(
    ("minutes", "reason", "codes"),
    [
        (0, "Why", ["extension_minutes"]),
        (-5, "Why", ["extension_minutes"]),
        (601, "Why", ["extension_minutes"]),
        (10**30, "Why", ["extension_minutes"]),
        (10, " \n", ["extension_reason"]),
        (0, "", ["extension_minutes", "extension_reason"]),
    ],
)
def test_an_extension_without_sane_minutes_or_a_reason_is_refused(attempt, minutes, reason, codes):
    with pytest.raises(Problems) as refused:
        extend(attempt, minutes, reason=reason)
    assert [problem.code for problem in refused.value.problems] == codes
    attempt.refresh_from_db()
    assert (attempt.deadline_at, Extension.objects.count()) == (NOW + timedelta(minutes=56), 0)


@pytest.mark.parametrize("end", ["finished", "out of time", "void"])
def test_an_attempt_that_is_over_is_not_extended(attempt, end):
    deadline, now = attempt.deadline_at, NOW + 2 * SECOND
    if end == "finished":
        attempts.finish(attempt, now=NOW + SECOND)
    elif end == "void":
        Attempt.objects.update(is_void=True)
    else:
        now = deadline
    with pytest.raises(Problems) as refused:
        extend(attempt, now=now)
    assert [problem.code for problem in refused.value.problems] == ["attempt_over"]
    attempt.refresh_from_db()
    assert (attempt.deadline_at, Extension.objects.count()) == (deadline, 0)


def test_an_extension_that_cannot_be_recorded_moves_no_deadline(attempt, monkeypatch):
    monkeypatch.setattr(Extension.objects, "create", lambda **fields: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        extend(attempt)
    attempt.refresh_from_db()
    assert attempt.deadline_at == NOW + timedelta(minutes=56)


def test_multiple_response_is_right_only_with_all_and_only_the_right_ones(candidate):
    exam = make_exam(weights={"only": 100}, sizes=False)
    make_question(exam, kind="multiple")
    exam.sizes.create(code="one", title={}, questions=1, scored=1, minutes=5, cut=1)
    attempt = start(candidate, exam, size="one").attempt
    item = attempt.items.get()
    verdicts = []
    for rev, answer in enumerate([right(item), right(item)[:1], [right(item)[0], "01234"[-1]]], start=1):
        if len(set(answer)) == len(answer):
            save(attempt, 1, change(answer, base=rev - 1, rev=rev))
            item.refresh_from_db()
            verdicts.append(item.is_correct)
    assert verdicts[:2] == [True, False]
    with pytest.raises(Problems):
        save(attempt, 1, change(["0", "1", "2"], base=3, rev=9))
