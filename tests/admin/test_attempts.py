"""Attempts in the admin: found by administrators, extended, and otherwise only looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from exams.models import Attempt, Extension
from exams.services import attempts
from tests.factories import NOW, make_author, make_bank, make_exam, make_user

pytestmark = pytest.mark.django_db
LIST = "admin:exams_attempt_changelist"


@pytest.fixture
def exam():
    exam = make_exam("an-exam")
    make_bank(exam)
    return exam


@pytest.fixture
def boss():
    return make_user("Morgan", language="en", is_staff=True, is_superuser=True)


@pytest.fixture
def desk(client, boss):
    client.force_login(boss)
    return client


def start(exam, *, ago=timedelta(minutes=5), name="", seed=1):
    size = exam.sizes.get(code="short")
    person = make_user(name)
    return attempts.start(person, exam, size, now=timezone.now() - ago, seed=seed, language="en").attempt


@pytest.fixture
def attempt(exam):
    return start(exam, name="Sato Misaki")


def url(attempt, action="extend"):
    return reverse(f"admin:exams_attempt_{action}", args=[attempt.pk])


def give(desk, attempt, **fields):
    return desk.post(url(attempt), {"minutes": 15, "reason": "The fire alarm rang.", **fields})


def test_running_attempts_are_found_by_their_state(desk, exam, attempt):
    start(exam, ago=timedelta(hours=2), name="Suzuki Ran Out")
    finished = start(exam, name="Tanaka Finished")
    attempts.finish(finished, now=timezone.now())
    running = desk.get(reverse(LIST), {"state": "running"}).content.decode()
    over = desk.get(reverse(LIST), {"state": "over"}).content.decode()
    assert [name in running for name in ("Sato", "Suzuki", "Tanaka")] == [True, False, False]
    assert [name in over for name in ("Sato", "Suzuki", "Tanaka")] == [False, True, True]
    assert desk.get(reverse(LIST)).context["cl"].result_count == 3


def test_an_attempt_is_found_by_its_candidate(desk, exam, attempt):
    start(exam, name="Suzuki")
    found = desk.get(reverse(LIST), {"q": attempt.candidate.email}).context["cl"].queryset
    assert list(found) == [attempt]


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_takes_as_many_queries_for_one_as_for_thirty(desk, exam, assert_queries, number):
    for _ in range(number):
        start(exam)
    with assert_queries(5):
        assert desk.get(reverse(LIST)).context["cl"].result_count == number


def test_neither_list_nor_page_shows_an_answer_a_key_or_a_score(desk, attempt):
    attempt.items.update(response=["canary"], answer_key={"kind": "single", "right": ["canary"]}, writer="canary")
    Attempt.objects.update(parameters={"cut": "canary"}, seed=424242)
    for page in (reverse(LIST), url(attempt, "change"), url(attempt), url(attempt, "history")):
        text = desk.get(page).content.decode()
        assert "Sato Misaki" in text or page == url(attempt, "history")
        assert "canary" not in text
        assert "424242" not in text


def test_extra_time_is_given_with_a_reason_and_shown_on_the_attempts_page(desk, boss, attempt):
    answer = give(desk, attempt)
    assert (answer.status_code, answer.url) == (302, url(attempt, "change"))
    old = attempt.deadline_at
    attempt.refresh_from_db()
    assert attempt.deadline_at == old + timedelta(minutes=15)
    given = Extension.objects.get()
    assert (given.attempt, given.minutes, given.granted_by) == (attempt, 15, boss)
    text = desk.get(answer.url).content.decode()
    for words in ("Sato Misaki has 15 more minutes.", "The fire alarm rang.", "Morgan", "71"):
        assert words in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"minutes": "0"}, "from 1 to 600 minutes"),
        ({"minutes": "601"}, "from 1 to 600 minutes"),
        ({"minutes": "many"}, "whole number"),
        ({"reason": "  "}, "required"),
    ],
)
def test_what_cannot_be_given_is_refused_in_words_and_what_was_typed_stays(desk, attempt, fields, words):
    answer = give(desk, attempt, **fields)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "The fire alarm rang." in text or "reason" in fields
    assert not Extension.objects.exists()


def test_an_attempt_that_has_ended_meanwhile_is_refused_in_words(desk, attempt):
    attempts.finish(attempt, now=timezone.now())
    answer = give(desk, attempt)
    assert answer.status_code == 422
    assert "This attempt is over" in answer.content.decode()


def test_times_are_shown_in_the_administrators_zone(desk, boss, attempt):
    boss.time_zone = "Europe/Helsinki"
    boss.save()
    Attempt.objects.update(started_at=NOW, deadline_at=NOW + timedelta(minutes=56), finished_at=None)
    text = desk.get(url(attempt, "change")).content.decode()
    for words in ("Nov. 23, 2026, 11:00", "Nov. 23, 2026, 11:56"):
        assert words in text


def test_the_page_of_an_attempt_that_is_over_offers_no_extra_time(desk, attempt):
    assert url(attempt) in desk.get(url(attempt, "change")).content.decode()
    attempts.finish(attempt, now=timezone.now())
    assert url(attempt) not in desk.get(url(attempt, "change")).content.decode()


def test_extra_time_is_noted_in_the_history(desk, attempt):
    give(desk, attempt)
    assert "15 more minutes. The fire alarm rang." in desk.get(url(attempt, "history")).content.decode()


def test_a_right_that_an_author_was_given_by_mistake_opens_nothing_of_candidates(client, attempt):
    author = make_author(language="en")
    author.user_permissions.set(
        Permission.objects.filter(content_type__model__in=["attempt", "extension", "accommodation"])
    )
    client.force_login(author)
    pages = [url(attempt), url(attempt, "change"), reverse(LIST), reverse("admin:exams_accommodation_changelist")]
    assert [client.get(page).status_code for page in pages] == [403] * 4
    assert give(client, attempt).status_code == 403
    index = client.get(reverse("admin:index")).content.decode()
    assert "attempt" not in index
    assert "accommodation" not in index


def test_nothing_of_an_attempt_can_be_changed_added_or_deleted(desk, attempt):
    pages = [reverse("admin:exams_attempt_add"), url(attempt, "delete"), url(attempt, "change")]
    assert [desk.post(page).status_code for page in pages] == [403] * 3
    assert "delete_selected" not in desk.get(reverse(LIST)).content.decode()
