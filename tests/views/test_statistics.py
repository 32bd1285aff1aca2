"""Item analysis as an instructor reads it."""

from __future__ import annotations

import csv
import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import strip_tags

from exams.models import AttemptItem, Membership
from exams.services import attempts, cohorts
from tests.factories import NOW, make_exam_of_all_kinds, make_instructor, make_members, make_sittings, make_user
from tests.lsat import LSAT6, LSAT7
from tests.sitting import make_form, make_people, rights, sit, sit_form, versions_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def teacher(client):
    person = make_instructor(language="en")
    client.force_login(person)
    return person


def page(client, assignment, version=None):
    """The page as its words, one space between them."""
    arguments = [assignment.cohort.public_id, assignment.public_id, *([version.pk] if version else [])]
    answer = client.get(reverse("item_of_assignment" if version else "item_analysis", args=arguments))
    assert answer.status_code == 200
    return words(answer.content.decode())


def words(html):
    return re.sub(r"\s+", " ", strip_tags(re.sub("<", " <", html.split("<main")[1])))


def lsat(section, teacher):
    people = make_people(1000)
    assignment = make_form(5, members=people, by=teacher)
    rows = [rights(pattern) for pattern, count in section.patterns.items() for _ in range(count)]
    sit_form(assignment, people, rows)
    return assignment


def signed(value):
    return f"{value:+.2f}"


@pytest.mark.parametrize("section", [LSAT6, LSAT7], ids=["LSAT6", "LSAT7"])
def test_lsat_is_read_from_the_pages_as_published(client, teacher, section):
    assignment = lsat(section, teacher)
    text = page(client, assignment)
    assert f"Mean {section.mean:.2f} standard deviation {section.sd:.2f}" in text
    assert f"Reliability (KR-20) {section.kr20:.2f}" in text
    for number, (p, rest, total) in enumerate(zip(section.p, section.r_rest, section.r_total, strict=True)):
        version = versions_of(assignment)[number]
        row = text.split(f" {number + 1}. {version.question.code}")[1].split(" Look at")[0]
        assert f" {round(1000 * p)} of 1000 {p:.2f} " in row
        assert f" {signed(rest)} " in row
        one = page(client, assignment, version)
        assert f"Difficulty p {p:.2f} 95% interval" in one
        assert f"Discrimination r_rest {signed(rest)} 95% interval" in one
        assert f"r_total {signed(total)}" in one
    order = [int(place) for place in re.findall(r" (\d)\. question-", text)]
    assert order == sorted(range(1, 6), key=lambda place: section.r_rest[place - 1])


def test_too_few_attempts_are_said_in_words(client, teacher):
    people = make_people(12)
    assignment = make_form(3, members=people, by=teacher)
    sit_form(assignment, people, [rights("110")] * 12)
    text = page(client, assignment)
    assert text.count("not enough data: 12 of 30") == 4  # the reliability and each question
    one = page(client, assignment, versions_of(assignment)[0])
    assert "12 of 12" in one
    assert "not enough data: 12 of 30" in one
    assert "Options by fifth" not in one
    assert "r_rest" not in one


def test_who_chose_which_option_is_counted_before_there_are_figures(client, teacher):
    people = make_people(12)
    assignment = make_form(3, members=people, by=teacher)
    sit_form(assignment, people, [rights("110")] * 9 + [rights("011")] * 3)
    one = page(client, assignment, versions_of(assignment)[0])
    assert re.search(r"Who chooses which option .*Option All A \S.* Key 9 of 12 B \S.* 3 of 12 C .* 0 of 12", one)


def test_who_chose_which_option_is_kept_from_an_instructor_who_sits_the_question(client, teacher):
    people = make_people(12)
    assignment = make_form(3, members=[*people, teacher], by=teacher)
    sit_form(assignment, people, [rights("110")] * 12)
    version = versions_of(assignment)[0]
    assert "Who chooses which option" in page(client, assignment, version)
    attempts.start(teacher, assignment.exam, assignment.size, now=NOW, seed=1, language="en", assignment=assignment)
    assert "Who chooses which option" not in page(client, assignment, version)


def test_a_question_that_everybody_left_blank_is_not_called_hard(client, teacher):
    people = make_people(30)
    assignment = make_form(2, members=people, by=teacher)
    sit_form(assignment, people, [[None, "o0"], [None, "o1"]] * 15)
    text = page(client, assignment)
    assert "Nobody has answered it." in text
    assert "Very hard" not in text
    assert "Hardly anybody" not in page(client, assignment, versions_of(assignment)[0])


@pytest.mark.parametrize("sat", [3, 30])
def test_a_matching_shows_its_targets_and_which_belongs_to_each_row(client, teacher, sat):
    exam = make_exam_of_all_kinds("kinds")
    cohort = cohorts.make_cohort("Autumn", by=teacher)
    assignment = cohorts.assign(cohort, exam, exam.sizes.get(), title="All kinds", is_fixed=True, by=teacher)
    make_sittings(assignment, make_members(cohort, sat))
    version = next(one for one in versions_of(assignment) if one.kind == "matching")
    one = page(client, assignment, version)
    assert re.search(r"The question .* a \S.* b \S.* c \S.* d \S.* Who places", one)
    assert re.search(r" A \S.* a \S.* B \S.* b \S.* C \S.* c \S", one.split(" Option Key ")[1])
    assert "(key)" not in one


def test_after_a_repair_the_page_of_a_question_shows_every_key(client, teacher):
    exam = make_exam_of_all_kinds("kinds")
    cohort = cohorts.make_cohort("Autumn", by=teacher)
    assignment = cohorts.assign(cohort, exam, exam.sizes.get(), title="All kinds", is_fixed=True, by=teacher)
    make_sittings(assignment, make_members(cohort, 3))
    found = {one.kind: one for one in versions_of(assignment)}
    for kind, also in (("single", ["o1"]), ("matching", {"o0": "t1", "o1": "t1", "o2": "t2"})):
        key = {**found[kind].answer_key, "also": [also]}
        AttemptItem.objects.filter(version=found[kind]).update(answer_key=key)
    one = page(client, assignment, found["single"])
    assert re.search(r" A \S.* Key .* B \S.* Key .* C ", one.split("Option All")[1])
    table = page(client, assignment, found["matching"]).split(" Option Key ")[1]
    assert re.search(r" A \S.* a \S.* b \S.* B \S.* b \S.* C \S.* c \S", table)


def test_before_anybody_has_finished_it_says_so(client, teacher):
    assignment = make_form(3, by=teacher)
    assert "Nobody has finished yet" in page(client, assignment)


def test_drawn_forms_have_no_reliability_and_say_why(client, teacher):
    people = make_people(40)
    assignment = make_form(4, members=people, by=teacher, is_fixed=False)
    sit_form(assignment, people, [rights("1100"), rights("1111"), rights("0010"), rights("0000")] * 10)
    text = page(client, assignment)
    assert "Members had different questions" in text
    assert "not given: questions were drawn for each candidate" in text
    assert "r_total –" in page(client, assignment, versions_of(assignment)[0])


def test_a_suspect_key_is_told_with_the_option_that_strong_candidates_choose(client, teacher):
    people = make_people(100)
    assignment = make_form(6, members=people, by=teacher)
    # The strong half answers o2 where the key is o0.
    rows = [["o2", *rights("11111")]] * 50 + [["o0", *rights("00011")]] * 50
    rows = [[*row[:5], "o1" if number % 3 else "o0"] for number, row in enumerate(rows)]
    sit_form(assignment, people, rows)
    first = versions_of(assignment)[0]
    text = page(client, assignment)
    assert "The key may be wrong: strong candidates avoid it." in text
    assert "The key may be wrong: strong candidates choose C." in text
    one = page(client, assignment, first)
    assert "Suspect key" in one
    assert "Hardly chosen" in one  # by nobody of 100: the other two


def test_the_time_and_the_flags_of_a_question_are_told(client, teacher):
    people = make_people(3)
    assignment = make_form(2, members=people, by=teacher)
    attempts = sit_form(assignment, people, [rights("11")] * 3)
    attempts[0].items.filter(position=2).update(is_flagged=True, seconds_spent=200)
    attempts[1].items.filter(position=2).update(seconds_spent=75)
    assert "Time spent, median 1:15 flagged 1 time" in page(client, assignment, versions_of(assignment)[1])


def test_a_question_of_another_assignment_is_not_here(client, teacher):
    mine, other = make_form(2, by=teacher), make_form(2)
    sit_form(other, [make_user()], [rights("11")])
    arguments = [mine.cohort.public_id, mine.public_id, versions_of(other)[0].pk]
    assert client.get(reverse("item_of_assignment", args=arguments)).status_code == 404


def test_who_has_left_is_no_longer_counted(client, teacher):
    people = make_people(31)
    assignment = make_form(3, members=people, by=teacher)
    sit_form(assignment, people, [rights("110"), *[rights("111"), rights("000")] * 15])
    assert "31 of 30" not in page(client, assignment)
    Membership.objects.filter(candidate__in=people[:2]).update(left_at=NOW)
    assert "not enough data: 29 of 30" in page(client, assignment)


def test_a_page_of_item_analysis_is_read_in_japanese(client, teacher):
    teacher.language = "ja"
    teacher.save()
    people = make_people(30)
    assignment = make_form(2, members=people, by=teacher)
    sit_form(assignment, people, [rights("11"), rights("00"), rights("10")] * 10)
    assert "項目分析" in page(client, assignment)
    assert "正しいのはどれか" in page(client, assignment, versions_of(assignment)[0])


@pytest.mark.parametrize("members", [1, 30])
@pytest.mark.parametrize(("address", "queries"), [("item_analysis", 12), ("item_of_assignment", 13)])
def test_pages_take_the_same_few_queries_for_many(client, teacher, assert_queries, members, address, queries):
    people = make_people(members)
    assignment = make_form(4, members=people, by=teacher)
    sit_form(assignment, people, [rights("1100")] * members)
    arguments = [assignment.cohort.public_id, assignment.public_id]
    if address == "item_of_assignment":
        arguments.append(versions_of(assignment)[0].pk)
    path = reverse(address, args=arguments)
    client.get(path)
    with assert_queries(queries):
        client.get(path)


def test_an_attempt_that_ran_out_counts_once_it_is_over(client, teacher, clock):
    people = make_people(1)
    assignment = make_form(2, members=people, by=teacher)
    sit_form(assignment, people, [rights("11")], finished_at=None)
    assert "Nobody has finished yet" in page(client, assignment)
    clock.shift(timedelta(seconds=20))
    assert "not enough data: 1 of 30" in page(client, assignment)


def test_practice_is_not_analysed(client, teacher):
    people = make_people(1)
    assignment = make_form(2, members=people, by=teacher)
    sit(people, assignment.exam, assignment.size, [rights("11")], versions_of(assignment), mode="practice")
    assert "Nobody has finished yet" in page(client, assignment)


def test_an_instructor_who_sits_the_questions_sees_who_was_right_but_not_what_is(client, teacher):
    people = make_people(30)
    assignment = make_form(4, members=[*people, teacher], by=teacher)
    sit_form(assignment, people, [rights("1000"), rights("0111")] * 15)
    version = versions_of(assignment)[0]
    assert "The key may be wrong" in page(client, assignment)
    assert "Who chooses which option" in page(client, assignment, version)
    attempts.start(teacher, assignment.exam, assignment.size, now=NOW, seed=1, language="en", assignment=assignment)
    assert "The key may be wrong" not in page(client, assignment)
    text = page(client, assignment, version)
    assert "15 of 30" in text
    assert "Who chooses which option" not in text
    assert "You sit an exam with this question" in text
    for what in ("answers", "items"):
        address = reverse("sheet", args=[assignment.cohort.public_id, assignment.public_id, what, "csv"])
        head, *lines = csv.reader(client.get(address).getvalue().decode("utf-8-sig").splitlines())
        assert {line[head.index("Key")] for line in lines} == {""}
