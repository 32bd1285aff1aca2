"""Home and the page of an exam."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from exams.models import Accommodation
from exams.services import attempts, cohorts
from tests.factories import NOW, make_bank, make_exam, make_instructor, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def exam():
    exam = make_exam("an-exam")
    make_bank(exam)
    return exam


@pytest.fixture
def candidate():
    return make_user(language="en")


@pytest.fixture
def page(client, candidate):
    client.force_login(candidate)
    return client


def fill(candidate, exam, number):
    """So many of everything that the two pages list: cohorts, assignments, attempts."""
    teacher, now = make_instructor(), timezone.now()
    size = exam.sizes.get(code="short")
    for count in range(1, number + 1):
        cohort = cohorts.make_cohort(f"C{count}", by=teacher)
        cohorts.join(candidate, cohorts.invite(cohort, by=teacher, now=now), now=now)
        cohorts.assign(cohort, exam, size, title=f"Set {count}", is_fixed=False, by=teacher)
        then = now - count * DAY
        attempts.finish(attempts.start(candidate, exam, size, now=then, seed=1, language="en").attempt, now=then + DAY)


@pytest.mark.parametrize("number", [1, 30])
def test_home_takes_as_many_queries_for_one_as_for_thirty(page, candidate, exam, assert_queries, number):
    fill(candidate, exam, number)
    for count in range(number):
        make_exam(f"another-{count}")
    with assert_queries(11):
        page.get(reverse("home"))


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_of_an_exam_takes_as_many_queries_for_one_as_for_thirty(page, candidate, exam, assert_queries, number):
    fill(candidate, exam, number)
    with assert_queries(14):
        page.get(reverse("exam", args=["an-exam"]))


@pytest.mark.parametrize(("seconds", "banner"), [(-1, "Go on"), (0, "Time is up"), (19, "Time is up"), (20, None)])
def test_the_page_of_an_exam_leads_to_the_attempt_that_has_no_result_yet(page, candidate, exam, seconds, banner):
    attempt = attempts.start(candidate, exam, exam.sizes.get(code="short"), now=NOW, seed=1, language="en").attempt
    with time_machine.travel(attempt.deadline_at + timedelta(seconds=seconds), tick=False):
        text = page.get(reverse("exam", args=["an-exam"])).content.decode()
    assert [words for words in ("Go on", "Time is up") if words in text] == ([banner] if banner else [])
    assert ('<button class="btn btn--go btn--big" disabled' in text) == bool(banner)
    leads_to = reverse("room" if banner == "Go on" else "result", args=[attempt.public_id])
    assert f'class="btn btn--go" href="{leads_to}"' in text or not banner


def test_the_page_of_an_exam_says_what_extra_time_there_is_and_the_time_of_every_size_and_assignment(
    page, candidate, exam
):
    fill(candidate, exam, 1)
    Accommodation.objects.create(candidate=candidate, percent=50)
    text = page.get(reverse("exam", args=["an-exam"])).content.decode()
    for words in ("65 questions, 270 min", "20 questions, 84 min", "20 questions in 84 minutes"):
        assert words in text
    assert text.count("You have 90 extra minutes.") == 2  # at the facts and at the size
    assert text.count("You have 28 extra minutes.") == 2  # at the size and at the assignment


def test_the_page_of_an_exam_says_nothing_of_extra_time_where_none_is_granted(page, exam, client):
    Accommodation.objects.create(candidate=make_user(), percent=50)
    for visitor in (page, client):
        text = visitor.get(reverse("exam", args=["an-exam"])).content.decode()
        assert "extra minute" not in text
        assert "65 questions, 180 min" in text or "sign in" in text
