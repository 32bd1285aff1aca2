"""Pressed twenty times at once, on a real database with real transactions."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Event
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from exams.domain.bank import checksum
from exams.domain.problems import Problems
from exams.models import Assignment, Attempt, Case, Form, Invitation, Question
from exams.queries.bank import content_of
from exams.queries.results import reports
from exams.services import assignments, attempts, bank, checking, cohorts, interventions, saving
from exams.services.saving import Change, Outcome
from tests.admin.filling import filled
from tests.factories import (
    NOW,
    make_assignment,
    make_author,
    make_bank,
    make_cohort,
    make_exam,
    make_instructor,
    make_user,
    text,
)

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 20
SECOND = timedelta(seconds=1)


def at_once(act: Callable[[int], Any], times: int = TIMES) -> list[Any]:
    """What ``act`` returns in so many threads that all begin together."""
    barrier = Barrier(times)

    def run(number: int) -> Any:
        try:
            barrier.wait()
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


@pytest.fixture
def exam():
    exam = make_exam()
    make_bank(exam)
    return exam


@pytest.fixture
def candidate():
    return make_user()


def start(candidate, exam, seed=1, **fields):
    size = exam.sizes.get(code="short")
    return attempts.start(candidate, exam, size, now=NOW, seed=seed, language="en", **fields)


def test_twenty_starts_make_one_attempt_with_one_deadline(exam, candidate):
    started = at_once(lambda number: start(candidate, exam, seed=number))
    attempt = Attempt.objects.get()
    assert sum(one.is_new for one in started) == 1
    assert {one.attempt.pk for one in started} == {attempt.pk}
    assert attempt.items.count() == 20


def test_twenty_finishes_make_one_end(exam, candidate):
    attempt = start(candidate, exam).attempt
    ended = at_once(lambda number: attempts.finish(attempt, now=NOW + (number + 1) * SECOND))
    assert sum(ended) == 1


def test_twenty_extensions_at_once_all_count_and_are_all_on_record(exam, candidate):
    attempt, boss = start(candidate, exam).attempt, make_user()
    at_once(lambda number: attempts.extend(attempt, number + 1, reason="Alarm", by=boss, now=NOW + SECOND))
    attempt.refresh_from_db()
    assert sorted(attempt.extensions.values_list("minutes", flat=True)) == list(range(1, TIMES + 1))
    assert attempt.deadline_at == NOW + timedelta(minutes=56 + sum(range(1, TIMES + 1)))


def test_an_extension_that_races_the_finish_is_on_record_and_in_the_deadline_or_refused(exam, candidate):
    attempt, boss = start(candidate, exam).attempt, make_user()

    def act(number: int) -> str:
        if number == TIMES // 2:
            return "ended" if attempts.finish(attempt, now=NOW + SECOND) else "went on"
        try:
            attempts.extend(attempt, 10, reason="Alarm", by=boss, now=NOW + SECOND)
        except Problems as refused:
            return refused.problems[0].code
        return "extended"

    outcomes = at_once(act)
    attempt.refresh_from_db()
    extended = outcomes.count("extended")
    assert outcomes.count("ended") == 1
    assert extended + outcomes.count("attempt_over") == TIMES - 1
    assert attempt.extensions.count() == extended
    assert (attempt.finished_at, attempt.deadline_at) == (NOW + SECOND, NOW + timedelta(minutes=56 + 10 * extended))
    with pytest.raises(Problems):
        attempts.extend(attempt, 10, reason="Alarm", by=boss, now=NOW + SECOND)


def test_an_extension_that_meets_a_finish_on_its_way_to_the_disk_waits_for_it_and_is_refused(exam, candidate):
    attempt, boss, is_finished = start(candidate, exam).attempt, make_user(), Event()

    def act(number: int) -> str:
        if number:
            is_finished.wait()
            try:
                attempts.extend(attempt, 10, reason="Alarm", by=boss, now=NOW + SECOND)
            except Problems as refused:
                return refused.problems[0].code
            return "extended"
        with transaction.atomic():
            attempts.finish(attempt, now=NOW + SECOND)
            is_finished.set()
            sleep(0.5)  # so that the extension looks before this is committed
        return "ended"

    assert at_once(act, times=2) == ["ended", "attempt_over"]
    attempt.refresh_from_db()
    assert (attempt.extensions.count(), attempt.deadline_at) == (0, NOW + timedelta(minutes=56))


def test_of_an_attempt_that_is_to_count_again_and_a_start_at_once_one_is_refused(exam, candidate):
    cohort = make_cohort(candidate)
    boss = cohort.instructors.get()
    assignment = make_assignment(cohort, exam, most_attempts=1)
    attempt = start(candidate, exam, assignment=assignment).attempt
    interventions.void(attempt, reason="Alarm", by=boss, now=NOW)

    def act(number: int) -> str:
        try:
            if number:
                start(candidate, exam, assignment=assignment)
            else:
                interventions.restore(attempt, reason="Alarm", by=boss, now=NOW)
        except Problems as refused:
            return refused.problems[0].code
        return "done"

    assert sorted(at_once(act, times=2)) in (["assignment_used_up", "done"], ["done", "restore_other"])
    assert Attempt.objects.filter(is_void=False).count() == 1


def test_of_twenty_saves_of_one_page_the_last_revision_is_stored(exam, candidate):
    attempt = start(candidate, exam).attempt

    def save(number: int) -> Outcome:
        change = Change(answer=[str(number % 4)], flagged=False, struck=(), base=0, rev=number + 1, writer="page")
        return saving.save(attempt.public_id, candidate, 1, change, received_at=NOW + SECOND).outcome

    assert set(at_once(save)) == {Outcome.SAVED}
    item = attempt.items.get(position=1)
    assert (item.revision, item.response) == (TIMES, [item.option_order[(TIMES - 1) % 4]])


def test_of_twenty_pages_one_saves_and_the_others_are_told(exam, candidate):
    attempt = start(candidate, exam).attempt

    def save(number: int) -> Outcome:
        change = Change(answer=["0"], flagged=False, struck=[str(number % 4)], base=0, rev=1, writer=f"page-{number}")
        return saving.save(attempt.public_id, candidate, 1, change, received_at=NOW + SECOND).outcome

    outcomes = at_once(save)
    item = attempt.items.get(position=1)
    winner = int(item.writer.removeprefix("page-"))
    assert [number for number in range(TIMES) if outcomes[number] is Outcome.SAVED] == [
        number
        for number in range(TIMES)
        if number % 4 == winner % 4  # who sent the same is told that it is stored
    ]
    assert item.revision == 1


def test_a_save_that_races_the_finish_is_in_the_result_or_refused(exam, candidate):
    attempt = start(candidate, exam).attempt
    keys = {item.position: item for item in attempt.items.all()}

    def act(number: int) -> Outcome | None:
        if number == TIMES // 2:
            attempts.finish(attempt, now=NOW + SECOND)
            return None
        item = keys[number + 1]
        right = [str(item.option_order.index(item.answer_key["right"][0]))]
        change = Change(answer=right, flagged=False, struck=(), base=0, rev=1, writer="page")
        return saving.save(attempt.public_id, candidate, number + 1, change, received_at=NOW + SECOND).outcome

    outcomes = at_once(act)
    assert set(outcomes) <= {None, Outcome.SAVED, Outcome.FINISHED}
    assert reports([attempt])[attempt.pk].points == outcomes.count(Outcome.SAVED)


def test_twenty_starts_of_one_person_use_up_one_allowed_attempt(exam):
    person = make_user()
    assignment = make_assignment(make_cohort(person), exam, most_attempts=1)
    started = at_once(lambda number: start(person, exam, seed=number, assignment=assignment))
    assert len({one.attempt.pk for one in started}) == Attempt.objects.count() == 1


def test_a_link_for_five_lets_five_of_twenty_in(exam):
    teacher = make_instructor()
    cohort = cohorts.make_cohort("Autumn", by=teacher)
    token = cohorts.invite(cohort, by=teacher, now=NOW, most_uses=5)
    people = [make_user() for _ in range(TIMES)]

    def join(number):
        try:
            return cohorts.join(people[number], token, now=NOW)
        except Invitation.DoesNotExist:
            return None

    assert at_once(join).count(None) == TIMES - 5
    assert cohort.memberships.count() == 5


def test_of_two_instructors_who_remove_each_other_one_stays(exam):
    first, second = make_instructor(), make_instructor()
    cohort = cohorts.make_cohort("Autumn", by=first)
    cohorts.add_instructor(cohort, second.email)

    def remove(number):
        with suppress(Problems):
            cohorts.remove_instructor(cohort, (first, second)[number % 2])

    at_once(remove)
    assert cohort.instructors.count() == 1


def test_twenty_who_start_a_shared_form_get_the_same_questions(exam):
    teacher = make_instructor()
    size = exam.sizes.get(code="short")
    cohort = cohorts.make_cohort("Autumn", by=teacher)
    assignment = cohorts.assign(cohort, exam, size, title="Same", is_fixed=True, by=teacher)
    people = [make_user() for _ in range(TIMES)]
    for person in people:
        cohort.memberships.create(candidate=person, accepted_at=NOW)
    started = at_once(lambda number: start(people[number], exam, seed=number, assignment=assignment))
    forms = {tuple(one.attempt.items.values_list("version", flat=True)) for one in started}
    assert (len(forms), Form.objects.count()) == (1, 1)


def test_of_a_start_and_a_removal_at_once_one_is_refused(exam):
    teacher, size = make_instructor(), exam.sizes.get(code="short")
    cohort = cohorts.make_cohort("Autumn", by=teacher)
    people = [make_user() for _ in range(TIMES)]
    for person in people:
        cohort.memberships.create(candidate=person, accepted_at=NOW)
    sets = [
        cohorts.assign(cohort, exam, size, title="Set", is_fixed=bool(number % 4 > 1), by=teacher)
        for number in range(TIMES // 2)
    ]

    def start_or_remove(number):
        one = sets[number // 2]
        try:
            if number % 2:
                assignments.remove(one)
            else:
                start(people[number], exam, assignment=one)
        except Problems as refused:
            return [problem.code for problem in refused.problems]
        return []

    told = at_once(start_or_remove)
    for one, start_told, remove_told in zip(sets, told[::2], told[1::2], strict=True):
        is_left = Assignment.objects.filter(pk=one.pk).exists()
        assert (start_told, remove_told) == (([], ["assignment_started"]) if is_left else (["assignment_gone"], []))
        assert Attempt.objects.filter(assignment=one.pk).count() == int(is_left)


def test_twenty_invitations_leave_one_in_force():
    teacher = make_instructor()
    cohort = cohorts.make_cohort("Autumn", by=teacher)
    at_once(lambda number: cohorts.invite(cohort, by=teacher, now=NOW))
    assert cohort.invitations.filter(revoked_at=None).count() == 1


def test_publishing_twenty_times_makes_one_version(exam):
    question = exam.questions.first()
    question.stem = {"en": "New: which is right?", "ja": "新しい問題：正しいのはどれか。"}
    question.save()
    at_once(lambda number: bank.publish(question, by=None, now=NOW))
    assert question.versions.count() == 2


def sent_while(path: str, act: Callable[[], Any], **changes: str) -> list[Any]:
    """The statuses of a form of the desk that is sent in the midst of ``act``, which is given half a second to let it
    come."""
    client, is_under_way = Client(), Event()
    client.force_login(make_author())
    data = filled(client.get(path)) | changes

    def run(number: int) -> Any:
        if number:
            is_under_way.wait()
            return client.post(path, data).status_code
        with transaction.atomic():
            going = act()
            next(going)
            is_under_way.set()
            sleep(0.5)
            return next(going, None)

    return at_once(run, times=2)[1:]


def test_saving_and_publishing_waits_for_somebody_who_publishes_many(exam):
    question = exam.questions.first()

    def publish():
        checking.hold(exam.pk)
        yield
        bank.publish(question, by=None, now=NOW)

    path = reverse("admin:exams_question_change", args=[question.pk])
    assert sent_while(path, publish, stem__en="New: which is right?", _publish="on") == [302]
    question.refresh_from_db()
    assert (question.status, question.current_version.number) == ("published", 2)


def test_a_case_that_is_saved_while_its_question_is_undoes_nothing_of_it(exam):
    case = Case.objects.create(exam=exam, code="a-case", text=text("A carrier."))
    question = exam.questions.first()
    Question.objects.filter(pk=question.pk).update(case=case)

    def edit():
        row = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
        before = content_of(row)
        row.stem = text("Edited")
        row.save()
        bank.note_revised(row, before, now=NOW)
        yield

    path = reverse("admin:exams_case_change", args=[case.pk])
    assert sent_while(path, edit, text__en="A shipper.") == [302]
    row = Question.objects.get(pk=question.pk)
    assert row.checksum == checksum(content_of(row))
    assert (row.stem, row.case.text["en"]) == (text("Edited"), "A shipper.")
