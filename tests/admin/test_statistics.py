"""Item statistics at the author's desk."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils.html import strip_tags

from exams.domain.statistics import Warn
from exams.models import ItemStatistic, Question
from exams.queries import statistics
from exams.services.statistics import rebuild
from tests.factories import NOW, make_author, make_exam, make_question, make_size, publish_question, text
from tests.sitting import make_people, rights, sit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(client):
    client.force_login(make_author(language="en"))
    return client


@pytest.fixture
def exam():
    exam = make_exam(weights={"all": 100}, sizes=False)
    make_size(exam, "short", questions=3, scored=3, minutes=60, cut=2)
    for _ in range(3):
        make_question(exam)
    return exam


def versions(exam):
    return [question.current_version for question in exam.questions.select_related("current_version").order_by("pk")]


def give(exam, count, prefix, patterns=("110", "111", "000"), **fields):
    people = make_people(count, prefix)
    rows = [rights(patterns[number % len(patterns)]) for number in range(count)]
    sit(people, exam, exam.sizes.get(), rows, versions(exam), **fields)
    return people


def page(client, question, asked=""):
    answer = client.get(reverse("admin:exams_question_statistics", args=[question.pk]) + asked)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", strip_tags(re.sub("<", " <", answer.content.decode().split("<main")[1])))


def test_a_question_shows_its_statistics_by_version(desk, exam):
    question = exam.questions.order_by("pk").first()
    give(exam, 45, "early")
    question.stem = text("Changed: which is right?")
    question.save()
    publish_question(question)
    give(exam, 12, "late")
    told = page(desk, question)
    assert re.search(r" 2 Nov\S* \d+, 2026 12 not enough data: 12 of 30 – – 1 ", told)
    assert re.search(r" 1 Nov\S* \d+, 2026 45 0.67 \+\d.\d\d ", told)
    assert "Version 2 in full" in told
    assert "30 of 45" in page(desk, question, "?version=1")
    assert "Options by fifth" in page(desk, question, "?version=1")


def test_of_fewer_than_5_people_nothing_is_shown(desk, exam):
    question = exam.questions.order_by("pk").first()
    give(exam, 4, "few")
    told = page(desk, question)
    assert "fewer than 5 people: not shown" in told
    assert " of 4" not in told
    give(exam, 1, "one")
    assert "5 not enough data: 5 of 30" in page(desk, question)


def test_attempts_of_one_person_in_many_sizes_are_not_many_people(desk, exam):
    sizes = [make_size(exam, f"size-{number}", questions=3, scored=3, minutes=60, cut=2) for number in range(31)]
    (person,) = make_people(1)
    for size in sizes:
        sit([person], exam, size, [rights("110")], versions(exam))
    assert "fewer than 5 people: not shown" in page(desk, exam.questions.order_by("pk").first())
    rebuild(exam, now=NOW)
    overview = statistics.bank_overview(exam.questions.all())[exam.questions.order_by("pk").first().pk]
    assert (overview.is_hidden, overview.used, overview.p, overview.attempts) == (True, 31, None, 0)


def test_no_name_of_a_candidate_is_on_the_page(desk, exam):
    give(exam, 30, "secretname")
    assert "secretname" not in page(desk, exam.questions.order_by("pk").first())


def test_an_unpublished_question_has_none(desk, exam):
    assert "Not published yet" in page(desk, make_question(exam, publish=False))


def test_the_page_is_linked_from_the_question(desk, exam):
    question = exam.questions.order_by("pk").first()
    body = desk.get(reverse("admin:exams_question_change", args=[question.pk])).content.decode()
    assert f'href="{reverse("admin:exams_question_statistics", args=[question.pk])}"' in body


def test_a_pilot_and_a_scored_role_are_told_together(desk, exam):
    give(exam, 20, "scored")
    give(exam, 20, "pilot", scored=2)
    told = page(desk, exam.questions.order_by("pk").last())
    assert "13 of 40" not in told.split("in full")[0]
    assert re.search(r"(\d+) of 40", told.split("in full")[1])


def test_the_second_attempt_of_somebody_does_not_count(desk, exam):
    people = give(exam, 30, "again")
    sit(people, exam, exam.sizes.get(), [rights("111")] * 30, versions(exam), now=NOW + timedelta(hours=3))
    assert " 30 0.67 " in page(desk, exam.questions.order_by("pk").first())


# ── what lists show


def test_an_overview_is_kept_for_lists(exam, assert_queries):
    give(exam, 60, "sitter")
    unused = make_question(exam)
    call_command("item_statistics", exam.code)
    questions = list(Question.objects.filter(exam=exam))
    with assert_queries(1):
        found = statistics.bank_overview(questions)
    assert unused.pk not in found
    live = statistics.of_question(exam.questions.order_by("pk").first(), NOW)[0].item.statistics
    one = found[exam.questions.order_by("pk").first().pk]
    assert (one.used, one.attempts, one.needed, one.as_of, one.is_hidden) == (60, 60, 30, NOW, False)
    assert (one.p, one.p_interval) == (live.p, live.p_interval)
    assert (one.r_rest, one.r_interval) == (live.r_rest.value, live.r_rest.interval)


def test_an_overview_is_of_the_version_in_force_but_use_of_all(exam):
    question = exam.questions.order_by("pk").first()
    give(exam, 30, "early")
    question.stem = text("Changed: which is right?")
    question.save()
    publish_question(question)
    rebuild(exam, now=NOW)
    one = statistics.bank_overview([question])[question.pk]
    assert (one.used, one.attempts, one.p) == (30, 0, None)


def test_an_overview_of_few_attempts_has_no_figure(exam):
    give(exam, 12, "few")
    rebuild(exam, now=NOW)
    one = statistics.bank_overview(exam.questions.all())[exam.questions.order_by("pk").first().pk]
    assert (one.attempts, one.p, one.p_interval, one.r_rest, one.flags) == (12, None, None, None, ())


def test_an_overview_knows_flags(exam):
    give(exam, 90, "sitter", patterns=("011", "011", "100"))
    rebuild(exam, now=NOW)
    one = statistics.bank_overview(exam.questions.all())[exam.questions.order_by("pk").first().pk]
    assert one.flags[:2] == (Warn.SUSPECT_KEY, Warn.WEAK)


def test_all_alike_have_a_difficulty_and_no_discrimination(exam):
    give(exam, 30, "sitter", patterns=("111",))
    rebuild(exam, now=NOW)
    one = statistics.bank_overview(exam.questions.all())[exam.questions.order_by("pk").first().pk]
    assert (one.p, one.r_rest, one.r_interval) == (1.0, None, None)


def test_statistics_are_made_anew_not_added(exam):
    give(exam, 30, "sitter")
    assert rebuild(exam, now=NOW) == rebuild(exam, now=NOW) == ItemStatistic.objects.count() == 3


def test_an_attempt_without_an_answer_is_a_use_and_is_not_analysed(exam):
    sit(make_people(1), exam, exam.sizes.get(), [[None, None, None]], versions(exam))
    rebuild(exam, now=NOW)
    one = statistics.bank_overview(exam.questions.all())[exam.questions.order_by("pk").first().pk]
    assert (one.used, one.attempts, one.is_hidden) == (1, 0, False)


def test_the_command_names_what_it_did_and_refuses_the_unknown(exam, capsys):
    give(exam, 3, "sitter")
    call_command("item_statistics")
    assert f"{exam.code}: statistics of 3 versions" in capsys.readouterr().out
    with pytest.raises(CommandError, match="nowhere"):
        call_command("item_statistics", "nowhere")
