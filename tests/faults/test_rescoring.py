"""A key is repaired while candidates save and start: no answer stays marked by the old key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from time import sleep

import pytest
from django.db import connection, transaction

from exams.domain.problems import Problems
from exams.domain.rescoring import Policy
from exams.domain.responses import AnswerKey
from exams.models import AttemptItem, Rescore
from exams.services import attempts, bank, rescoring, saving
from exams.services.saving import Change
from tests.factories import NOW, make_author, make_bank, make_exam, make_user
from tests.faults.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)
SAVES = 6  # of each candidate


@pytest.fixture
def exam():
    exam = make_exam()
    make_bank(exam)
    return exam


@pytest.fixture
def question(exam):
    return exam.questions.order_by("pk").first()


@pytest.fixture
def author():
    return make_author()


def start(exam, person):
    size = exam.sizes.get(code="short")
    return attempts.start(person, exam, size, now=NOW, seed=1, language="en").attempt


def change(item, option, rev):
    word = str(item.option_order.index(option))
    return Change(answer=[word], flagged=False, struck=[], base=rev - 1, rev=rev, writer="page")


def better_version(question):
    question.options.update(is_key=False)
    question.options.filter(code="o1").update(is_key=True)
    return bank.publish(question, by=None, now=NOW).version


def marked_wrongly(version):
    """Answers whose stored mark is not what their own key says, and keys that are not the one in force."""
    items = AttemptItem.objects.filter(version=version)
    wrong = [row.pk for row in items if row.is_correct != AnswerKey.from_json(row.answer_key).accepts(row.response)]
    return wrong, {tuple(row.answer_key["right"]) for row in items}


def test_saves_at_the_same_moment_are_marked_by_the_new_key(exam, question, author):
    version = question.current_version
    sitting = [start(exam, make_user()) for _ in range(6)]
    places = [attempt.items.get(version=version) for attempt in sitting]
    source = better_version(question)

    def act(number):
        if number == len(sitting):
            sleep(0.02)
            rescoring.rescore(version, Policy.NEW_KEY, source=source, reason="So.", by=author, now=NOW + MINUTE)
            return
        attempt, item = sitting[number], places[number]
        for rev in range(1, SAVES + 1):
            saving.save(
                attempt.public_id,
                attempt.candidate,
                item.position,
                change(item, f"o{rev % 2}", rev),
                received_at=NOW + MINUTE,
            )

    at_once(act, len(sitting) + 1)
    assert marked_wrongly(version) == ([], {("o1",)})


def run_beside(first, second, ready):
    """``first`` in a thread of its own; ``second`` begins once ``ready`` is set."""
    barrier = Barrier(2)

    def run(act, *, waits):
        try:
            barrier.wait()
            if waits:
                ready.wait(10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(run, first, waits=False), pool.submit(run, second, waits=True)]:
            future.result()


@pytest.mark.postgresql
def test_a_save_that_has_read_the_old_key_is_marked_anew(exam, question, author, monkeypatch):
    """The save holds its answer; the repair waits for it and then marks what was stored."""
    version = question.current_version
    attempt = start(exam, make_user())
    item = attempt.items.get(version=version)
    source = better_version(question)
    holds, real = Event(), saving._store

    def slow(*args, **kwargs):
        holds.set()
        sleep(0.3)
        return real(*args, **kwargs)

    monkeypatch.setattr(saving, "_store", slow)
    run_beside(
        lambda: saving.save(
            attempt.public_id, attempt.candidate, item.position, change(item, "o1", 1), received_at=NOW + MINUTE
        ),
        lambda: rescoring.rescore(version, Policy.NEW_KEY, source=source, reason="So.", by=author, now=NOW + MINUTE),
        holds,
    )
    item.refresh_from_db()
    assert (item.response, item.answer_key["right"], item.is_correct) == (["o1"], ["o1"], True)


@pytest.mark.postgresql
def test_a_start_that_is_not_committed_yet_follows_all_the_same(exam, question, author):
    version, source, placed = question.current_version, better_version(question), Event()
    question.__class__.objects.filter(pk=question.pk).update(current_version=version)  # forms still draw the old one
    person = make_user()

    def slow_start():
        with transaction.atomic():
            start(exam, person)
            placed.set()
            sleep(0.3)

    def repair():
        rescoring.rescore(version, Policy.NEW_KEY, source=source, reason="So.", by=author, now=NOW + MINUTE)

    run_beside(slow_start, repair, placed)
    assert marked_wrongly(version) == ([], {("o1",)})


@pytest.mark.postgresql
def test_a_start_during_a_repair_waits_for_its_key(exam, question, author, monkeypatch):
    version, source, marking = question.current_version, better_version(question), Event()
    question.__class__.objects.filter(pk=question.pk).update(current_version=version)
    person, real = make_user(), rescoring._note

    def slow(*args):
        marking.set()
        sleep(0.3)
        real(*args)

    monkeypatch.setattr(rescoring, "_note", slow)
    run_beside(
        lambda: rescoring.rescore(version, Policy.NEW_KEY, source=source, reason="So.", by=author, now=NOW + MINUTE),
        lambda: start(exam, person),
        marking,
    )
    assert marked_wrongly(version) == ([], {("o1",)})


def test_starts_and_repairs_at_once_leave_one_key(exam, question, author):
    version, source = question.current_version, better_version(question)
    question.__class__.objects.filter(pk=question.pk).update(current_version=version)
    people = [make_user() for _ in range(8)]

    def act(number):
        if number == len(people):
            rescoring.rescore(version, Policy.NEW_KEY, source=source, reason="So.", by=author, now=NOW + MINUTE)
        else:
            start(exam, people[number])

    at_once(act, len(people) + 1)
    assert AttemptItem.objects.filter(version=version).count() == len(people)
    assert marked_wrongly(version) == ([], {("o1",)})


def test_twenty_undos_at_once_take_it_back_once(exam, question, author):
    done = rescoring.rescore(question.current_version, Policy.DROP, reason="So.", by=author, now=NOW)

    def act(_number):
        try:
            return rescoring.undo(done, reason="No.", by=author, now=NOW).pk
        except Problems:
            return None

    assert len([pk for pk in at_once(act) if pk]) == 1
    assert Rescore.objects.filter(undo_of=done).count() == 1
