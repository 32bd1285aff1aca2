"""Home and the page of an exam."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from exams.forms.tryout import OPTIONS, RIGHT
from exams.models import Accommodation, Attempt
from exams.queries import assignments as assigned_queries
from exams.services import attempts, cohorts
from tests.factories import NOW, WEIGHTS, make_bank, make_exam, make_instructor, make_user

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
    with assert_queries(17):
        page.get(reverse("home"))


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_of_an_exam_takes_as_many_queries_for_one_as_for_thirty(page, candidate, exam, assert_queries, number):
    fill(candidate, exam, number)
    with assert_queries(18):
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


@pytest.mark.parametrize(("seconds", "banner"), [(-1, "Go on"), (0, "Time is up"), (19, "Time is up"), (20, None)])
def test_home_leads_to_the_attempt_that_has_no_result_yet(page, candidate, exam, seconds, banner):
    attempt = attempts.start(candidate, exam, exam.sizes.get(code="short"), now=NOW, seed=1, language="en").attempt
    with time_machine.travel(attempt.deadline_at + timedelta(seconds=seconds), tick=False):
        text = page.get(reverse("home")).content.decode()
    assert [words for words in ("Go on", "Time is up") if words in text] == ([banner] if banner else [])
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


# ── before the start


def get_before(page, **asked):
    return page.get(reverse("before", args=["an-exam"]), asked or {"size": "short"})


def test_the_exams_page_leads_to_the_page_before_and_starts_nothing(page, candidate, exam):
    fill(candidate, exam, 1)
    text = page.get(reverse("exam", args=["an-exam"])).content.decode()
    assert (
        text.count(f'<form class="sheet row row--apart" method="get" action="{reverse("before", args=["an-exam"])}">')
        == 1
    )
    assert reverse("start", args=["an-exam"]) not in text


@time_machine.travel(NOW, tick=False)
def test_the_page_before_says_the_facts_of_this_sitting(page, exam):
    make_bank(exam, dict.fromkeys(WEIGHTS, 24))
    text = get_before(page, size="full").content.decode()
    for words in ("50 scored, 15 unscored", "180", "21:00", "750", "36 of 50 points", "15 questions are unscored"):
        assert words in text
    text = get_before(page, size="short").content.decode()
    for words in ("all of them scored", "56", "18:56", "15 of 20 points"):
        assert words in text
    assert "unscored" not in text


@pytest.mark.parametrize("has_one", [False, True])
def test_the_page_before_names_what_the_room_offers_and_a_calculator_only_where_there_is_one(page, exam, has_one):
    exam.has_calculator = has_one
    exam.save()
    text = get_before(page).content.decode()
    offers = ("Flag", "Strike out", "note", "Highlight", "Japanese and English", "<kbd>?</kbd>", "connection fails")
    assert [words for words in offers if words not in text] == []
    assert ("Open a calculator" in text) is has_one
    assert '<noscript><p class="note measure">JavaScript is off in this browser.' in text  # and some are lost


@time_machine.travel(NOW, tick=False)
def test_the_page_before_has_the_candidates_extra_time_in_it(page, candidate, exam):
    Accommodation.objects.create(candidate=candidate, percent=50)
    answer = get_before(page)
    text = answer.content.decode()
    for words in ("84", "You have 28 extra minutes.", "19:24"):
        assert words in text
    page.post(reverse("start", args=["an-exam"]), {"size": "short"})
    assert Attempt.objects.get().deadline_at == answer.context["ends_at"]


@time_machine.travel(NOW + timedelta(hours=5), tick=False)  # 23:00 in Tokyo
def test_an_end_on_another_day_is_said_with_the_day(page, exam):
    make_bank(exam, dict.fromkeys(WEIGHTS, 24))
    assert "2026-11-24 02:00" in get_before(page, size="full").content.decode()


def test_the_page_before_an_assignment_names_it_and_starts_it(page, candidate, exam):
    fill(candidate, exam, 1)
    assignment = assigned_queries.assigned_to(candidate).get()
    text = get_before(page, assignment=assignment.public_id).content.decode()
    assert "Set 1" in text
    assert "The instructors of this cohort will see its result." in text
    assert text.count(f'<input type="hidden" name="assignment" value="{assignment.public_id}">') == 2
    page.post(reverse("start", args=["an-exam"]), {"assignment": assignment.public_id})
    assert Attempt.objects.latest("started_at").assignment == assignment


def test_the_page_before_starts_no_clock_writes_nothing_and_is_never_stored(page, exam):
    with CaptureQueriesContext(connection) as made:
        answer = get_before(page, size="short", answer="1", check="1")
    assert not [row["sql"] for row in made.captured_queries if not row["sql"].lstrip("(").startswith("SELECT")]
    assert not Attempt.objects.exists()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_before_takes_as_many_queries_for_one_as_for_thirty(page, candidate, exam, assert_queries, number):
    fill(candidate, exam, number)
    with assert_queries(11):
        assert get_before(page).status_code == 200


@pytest.mark.parametrize(
    "asked", [{"x": ""}, {"size": "huge"}, {"assignment": "x"}, {"assignment": "6a1f9a2e-3c1b-4b1c-8a58-7f6f0f8e2b11"}]
)
def test_before_an_unknown_size_or_assignment_there_is_nothing(page, exam, asked):
    assert get_before(page, **asked).status_code == 404


def test_an_assignment_of_others_is_as_absent_as_none(page, candidate, exam):
    other = make_user()
    fill(other, exam, 1)
    assert get_before(page, assignment=assigned_queries.assigned_to(other).get().public_id).status_code == 404


def test_strangers_are_sent_to_sign_in_and_back_to_the_sitting_they_asked_for(client, exam):
    answer = get_before(client)
    assert answer.url == "/accounts/login/?next=/exams/an-exam/before/%3Fsize%3Dshort"


def test_before_a_size_that_the_bank_can_t_fill_one_is_sent_back_and_told(page, exam):
    exam.questions.update(status="retired")
    answer = page.get(reverse("before", args=["an-exam"]), {"size": "short"}, follow=True)
    assert answer.redirect_chain == [(reverse("exam", args=["an-exam"]), 302)]
    assert [str(message) for message in answer.context["messages"]] == [
        "Not possible yet: the question bank is too small."
    ]


def test_while_an_attempt_runs_the_page_before_leads_back_to_the_exam(page, candidate, exam):
    attempts.start(candidate, exam, exam.sizes.get(code="short"), now=timezone.now(), seed=1, language="en")
    assert get_before(page).url == reverse("exam", args=["an-exam"])


# ── the question to try


@pytest.mark.parametrize("answer", range(len(OPTIONS)))
def test_the_try_out_says_honestly_whether_it_was_right_and_keeps_what_was_chosen(page, exam, answer):
    reply = get_before(page, size="short", answer=answer, struck=[0, 3], check=1)
    text = reply.content.decode()
    assert ("banner--right" in text, "banner--wrong" in text) == (answer == RIGHT, answer != RIGHT)
    options = reply.context["tryout"].options
    assert [option.is_chosen for option in options] == [position == answer for position in range(len(OPTIONS))]
    assert [option.is_struck for option in options] == [True, False, False, True]


def test_the_try_out_may_be_left_alone(page, exam):
    text = get_before(page).content.decode()
    assert '<div class="measure" id="try-word" role="status"></div>' in text
    assert "Start the exam" in text


@pytest.mark.parametrize("asked", [{}, {"answer": "9"}, {"answer": "x", "struck": ["7", "y"]}])
def test_a_try_without_an_answer_is_told_so(page, exam, asked):
    assert "You chose nothing." in get_before(page, size="short", check=1, **asked).content.decode()


def test_the_right_answer_is_what_the_rules_say(page, exam):
    with override("en"):
        assert str(OPTIONS[RIGHT]) == "It counts as wrong."
    assert "An unanswered question counts as wrong." in get_before(page).content.decode()
