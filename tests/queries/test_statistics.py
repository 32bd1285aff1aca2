"""What is analysed: whose attempts, which of them, and that nothing is lost on the way through the database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from exams.domain.attempts import CLOSING
from exams.models import AttemptItem, QuestionVersion
from exams.queries import statistics
from exams.services.attempts import start
from tests.factories import NOW, make_exam_of_all_kinds
from tests.lsat import LSAT6, LSAT7
from tests.sitting import HOUR, make_form, make_people, rights, sit, sit_form, versions_of

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("section", [LSAT6, LSAT7], ids=["LSAT6", "LSAT7"])
def test_lsat_comes_out_of_the_database_as_published(section, assert_queries):
    people = make_people(1000)
    assignment = make_form(5, members=people)
    sit_form(assignment, people, [rights(row) for row, count in section.patterns.items() for _ in range(count)])
    with assert_queries(4):
        found = statistics.analysis(assignment, NOW)
    form = found.reliability
    assert (found.is_fixed, form.n, form.items, form.refusal) == (True, 1000, 5, None)
    by_place = sorted(found.items, key=lambda item: item.position)
    figures = [item.statistics for item in by_place]
    assert [form.mean, form.sd, form.kr20] == pytest.approx([section.mean, section.sd, section.kr20], rel=1e-9)
    assert [one.p for one in figures] == pytest.approx(section.p, rel=1e-9)
    assert [one.r_total.value for one in figures] == pytest.approx(section.r_total, rel=1e-9)
    assert [one.r_rest.value for one in figures] == pytest.approx(section.r_rest, rel=1e-9)
    with assert_queries(5):
        one, _handling = statistics.one_item(assignment, by_place[2].version.pk, NOW)
    assert one.statistics == figures[2]


def analysed(assignment, now=NOW):
    """How many attempts, and how many of them had the first question right."""
    found = statistics.analysis(assignment, now)
    first = next((item.statistics for item in found.items if item.position == 1), None)
    return (first.n, first.correct) if first else (0, 0)


@pytest.fixture
def people():
    return make_people(2)


@pytest.fixture
def assignment(people):
    return make_form(2, members=people)


def test_the_first_attempt_of_each_person_counts(assignment, people):
    sit_form(assignment, people, [rights("11")] * 2)
    sit_form(assignment, people, [rights("00")] * 2, now=NOW + HOUR)
    assert analysed(assignment, NOW + 2 * HOUR) == (2, 2)


def test_a_void_attempt_makes_room_for_the_next(assignment, people):
    sit_form(assignment, people, [rights("11")] * 2, is_void=True)
    assert analysed(assignment) == (0, 0)
    sit_form(assignment, people, [rights("00")] * 2, now=NOW + HOUR)
    assert analysed(assignment, NOW + 2 * HOUR) == (2, 0)


def test_an_attempt_without_any_answer_makes_room_for_the_next(assignment, people):
    sit_form(assignment, people, [[None, None], rights("11")])
    sit_form(assignment, people, [rights("01"), rights("01")], now=NOW + HOUR)
    assert analysed(assignment, NOW + 2 * HOUR) == (2, 1)


def test_an_attempt_of_another_assignment_or_of_ones_own_is_not_looked_at(assignment, people):
    """Not even as the earlier one: an assignment's report is about what was done in it."""
    sit(people, assignment.exam, assignment.size, [rights("11")] * 2, versions_of(assignment), now=NOW - 9 * HOUR)
    sit_form(assignment, people, [rights("00")] * 2)
    assert analysed(assignment) == (2, 0)


def test_an_attempt_that_ran_out_counts_after_its_closing(assignment, people):
    sit_form(assignment, people, [rights("11")] * 2, finished_at=None)
    assert analysed(assignment, NOW + CLOSING - SECOND) == (0, 0)
    assert analysed(assignment, NOW + CLOSING) == (2, 2)


def test_of_two_that_began_together_the_one_made_first_counts(assignment, people):
    sit_form(assignment, people[:1], [rights("11")])
    sit_form(assignment, people[:1], [rights("00")])
    assert analysed(assignment) == (1, 1)


def test_unscored_questions_are_analysed_and_are_in_no_total():
    people = make_people(40)
    assignment = make_form(3, scored=2, members=people)
    sit_form(assignment, people, [rights("110"), rights("001"), rights("111"), rights("000")] * 10)
    found = {item.position: item for item in statistics.analysis(assignment, NOW).items}
    assert [found[place].is_scored for place in (1, 2, 3)] == [True, True, False]
    assert found[1].statistics.r_rest.value == pytest.approx(1)  # the other scored question alone
    assert found[3].statistics.r_rest.value == pytest.approx(0)
    assert found[3].statistics.r_total is None
    assert statistics.analysis(assignment, NOW).reliability.items == 2


def test_a_dropped_question_is_scored_no_more():
    people = make_people(40)
    assignment = make_form(3, members=people)
    sit_form(assignment, people, [rights("110"), rights("001"), rights("111"), rights("000")] * 10)
    AttemptItem.objects.filter(position=3).update(is_scored=False)
    found = statistics.analysis(assignment, NOW)
    assert (found.is_fixed, found.reliability.items, found.reliability.kr20) == (True, 2, pytest.approx(1))


def test_a_form_that_differs_between_attempts_is_not_taken_for_fixed():
    people = make_people(40)
    assignment = make_form(3, members=people)
    sit_form(assignment, people, [rights("110"), rights("001"), rights("111"), rights("000")] * 10)
    AttemptItem.objects.filter(position=3, attempt__candidate=people[0]).update(is_scored=False)
    assert not statistics.analysis(assignment, NOW).is_fixed


def test_the_key_in_force_is_that_of_the_newest_attempt(assignment, people):
    sit_form(assignment, people, [rights("11")] * 2)
    AttemptItem.objects.filter(position=1).update(answer_key={"kind": "single", "right": ["o3"]})
    first = versions_of(assignment)[0]
    assert statistics.one_item(assignment, first.pk, NOW)[0].key.right == ("o3",)


def test_a_question_that_was_given_and_not_yet_analysed_has_a_page(assignment, people):
    sit_form(assignment, people, [rights("11")] * 2, finished_at=None)
    first = versions_of(assignment)[0]
    item, handling = statistics.one_item(assignment, first.pk, NOW)
    assert (item.statistics.n, handling.seconds, handling.flagged) == (0, None, 0)
    assert item.key.right == ("o0",)


def test_a_question_that_nobody_was_given_has_none(assignment):
    with pytest.raises(QuestionVersion.DoesNotExist):
        statistics.one_item(assignment, versions_of(assignment)[0].pk, NOW)


def test_answers_of_every_kind_reach_their_option_tables():
    exam = make_exam_of_all_kinds()
    size = exam.sizes.get()
    people = make_people(30)
    for number, person in enumerate(people):
        attempt = start(person, exam, size, now=NOW, seed=number, language="en").attempt
        for item in attempt.items.all():
            right = item.answer_key["right"]
            if item.answer_key["kind"] == "ordering":
                right = {row: place for place, row in enumerate(right, start=1)}
            AttemptItem.objects.filter(pk=item.pk).update(response=right, is_correct=True)
        attempt.finished_at = NOW + 60 * SECOND
        attempt.save()
    found = statistics.of_exam(exam, NOW + 2 * HOUR)
    assert len(found) == 6
    for one in found:
        figures = one.item.statistics
        chosen = {option.id: option.chosen for option in figures.options}
        assert (figures.n, figures.correct, one.people) == (30, 30, 30), one.version.kind
        assert chosen == {id_: 30 if id_ in one.item.key.right else 0 for id_ in chosen}
