"""Repairs of keys, through the tables: who follows, what is kept, what is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from exams.domain.problems import Problems
from exams.domain.rescoring import Policy
from exams.models import AttemptItem, Membership, Rescore, RescoredAttempt, RescoredItem
from exams.queries import rescoring as queries
from exams.queries import results
from exams.services import attempts, bank, cohorts, rescoring, saving
from exams.services.saving import Change
from tests.factories import NOW, make_author, make_bank, make_exam, make_instructor, make_user

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def exam():
    exam = make_exam()
    make_bank(exam)  # twenty questions: everybody gets all of them
    return exam


@pytest.fixture
def question(exam):
    return exam.questions.order_by("pk").first()


@pytest.fixture
def version(question):
    return question.current_version


@pytest.fixture
def author():
    return make_author()


@pytest.fixture
def assignment(exam):
    teacher = make_instructor()
    cohort = cohorts.make_cohort("Autumn", by=teacher)
    return cohorts.assign(cohort, exam, exam.sizes.get(code="short"), title="A", is_fixed=True, by=teacher)


def start(exam, person=None, **fields):
    size = exam.sizes.get(code="short")
    person = person or make_user()
    if fields.get("assignment"):
        Membership.objects.get_or_create(
            cohort=fields["assignment"].cohort, candidate=person, defaults={"accepted_at": NOW}
        )
    return attempts.start(person, exam, size, now=NOW, seed=1, language="en", **fields).attempt


def answer(attempt, item, option, rev=1, now=NOW + MINUTE):
    words = [] if option is None else [str(item.option_order.index(option))]
    change = Change(answer=words, flagged=False, struck=[], base=rev - 1, rev=rev, writer="page")
    return saving.save(attempt.public_id, attempt.candidate, item.position, change, received_at=now)


def sat(exam, version, option, right=14, **fields):
    """A finished attempt with this option chosen for ``version``, and so many others right."""
    attempt = start(exam, **fields)
    for item in attempt.items.exclude(version=version)[:right]:
        answer(attempt, item, item.answer_key["right"][0])
    answer(attempt, attempt.items.get(version=version), option)
    attempts.finish(attempt, now=NOW + 2 * MINUTE)
    attempt.refresh_from_db()
    return attempt


def correct_key(question, key="o1"):
    """Publish a version in which another option is right."""
    question.options.update(is_key=False)
    question.options.filter(code=key).update(is_key=True)
    return bank.publish(question, by=None, now=NOW).version


def points(attempt):
    report = results.reports([attempt])[attempt.pk]
    return report.points, report.total, report.cut, report.passed


def stored(attempt, version):
    item = AttemptItem.objects.get(attempt=attempt, version=version)
    return item.answer_key["right"], item.is_scored, item.is_correct


@pytest.mark.parametrize(
    ("policy", "old", "new", "none"),
    [
        (Policy.NEW_KEY, (14, 20, 15, False), (15, 20, 15, True), (14, 20, 15, False)),
        (Policy.BOTH_KEYS, (15, 20, 15, True), (15, 20, 15, True), (14, 20, 15, False)),
        (Policy.FULL_CREDIT, (15, 20, 15, True), (15, 20, 15, True), (15, 20, 15, True)),
        (Policy.DROP, (14, 19, 15, False), (14, 19, 15, False), (14, 19, 15, False)),
    ],
)
def test_a_policy_moves_the_results_as_it_says(exam, question, version, author, policy, old, new, none):
    said_old, said_new, said_none = (sat(exam, version, option) for option in ("o0", "o1", None))
    source = correct_key(question)
    shown = rescoring.preview(version, policy, source=source, by=make_author(), now=LATER)
    done = rescoring.rescore(version, policy, source=source, reason="The guide says so.", by=author, now=LATER)
    assert [points(attempt) for attempt in (said_old, said_new, said_none)] == [old, new, none]
    kept = RescoredAttempt.objects.filter(rescore=done).order_by("attempt_id")
    assert [(row.points_after, row.total_after, row.cut_after, row.passed_after) for row in kept] == [old, new, none]
    assert [(row.points_before, row.passed_before) for row in kept] == [(15, True), (14, False), (14, False)]
    assert shown.now_failing == int(not old[3])  # who had said the old key passed
    assert shown.now_passing == sum(row[3] for row in (new, none))
    assert [(row.after.points, row.after.passed) for row in shown.attempts] == [
        (row.points_after, row.passed_after) for row in kept
    ]


def test_a_preview_changes_nothing(exam, question, version):
    attempt = sat(exam, version, "o1")
    source = correct_key(question)
    rescoring.preview(version, Policy.NEW_KEY, source=source, by=make_author(), now=LATER)
    assert stored(attempt, version) == (["o0"], True, False)
    assert not Rescore.objects.exists()


def test_the_record_says_what_each_answer_was_and_is(exam, question, version, author):
    sat(exam, version, "o1")
    source = correct_key(question)
    done = rescoring.rescore(version, Policy.NEW_KEY, source=source, reason=" So. ", by=author, now=LATER)
    (row,) = RescoredItem.objects.filter(rescore=done)
    assert (row.key_before["right"], row.key_after["right"]) == (["o0"], ["o1"])
    assert (row.was_correct, row.is_correct, row.was_scored, row.is_scored) == (False, True, True, True)
    assert (done.reason, done.made_by, done.made_at, done.source) == ("So.", author, LATER, source)


def test_a_running_attempt_follows_and_its_next_save_is_marked_by_the_new_key(exam, question, version, author):
    attempt = start(exam)
    item = attempt.items.get(version=version)
    answer(attempt, item, "o1")
    source = correct_key(question)
    rescoring.rescore(version, Policy.NEW_KEY, source=source, reason="So.", by=author, now=NOW + MINUTE)
    assert stored(attempt, version) == (["o1"], True, True)
    assert not RescoredAttempt.objects.exists()  # it has no result yet
    answer(attempt, item, "o0", rev=2)
    assert stored(attempt, version) == (["o1"], True, False)


def test_who_starts_later_gets_the_key_in_force(exam, question, version, author, assignment):
    start(exam, assignment=assignment)  # makes the form
    source = correct_key(question)
    rescoring.rescore(
        version, Policy.NEW_KEY, source=source, assignment=assignment, reason="So.", by=author, now=NOW + MINUTE
    )
    later = start(exam, assignment=assignment)
    assert stored(later, version) == (["o1"], True, False)
    answer(later, later.items.get(version=version), "o1")
    assert stored(later, version) == (["o1"], True, True)


@pytest.mark.parametrize(
    ("policy", "expected"), [(Policy.DROP, (["o0"], False, False)), (Policy.FULL_CREDIT, (["o0"], True, True))]
)
def test_who_starts_later_follows_every_policy(exam, version, author, policy, expected):
    rescoring.rescore(version, policy, reason="So.", by=author, now=NOW + MINUTE)
    assert stored(start(exam), version) == expected


def test_an_assignments_repair_touches_no_other_attempt(exam, question, version, author, assignment):
    own, inside = sat(exam, version, "o1"), sat(exam, version, "o1", assignment=assignment)
    source = correct_key(question)
    rescoring.rescore(version, Policy.NEW_KEY, source=source, assignment=assignment, reason="So.", by=author, now=LATER)
    assert (stored(own, version)[2], stored(inside, version)[2]) == (False, True)


def test_an_undo_brings_back_what_was_and_is_itself_on_record(exam, question, version, author):
    attempt = sat(exam, version, "o1")
    before = points(attempt)
    done = rescoring.rescore(version, Policy.DROP, reason="So.", by=author, now=LATER)
    assert points(attempt) != before
    assert rescoring.preview_undo(done, by=make_author(), now=LATER).changed[0].after.total == 20
    back = rescoring.undo(done, reason="It was right.", by=author, now=LATER)
    assert (points(attempt), back.undo_of, back.policy) == (before, done, "undo")
    assert stored(start(exam), version) == (["o0"], True, False)


def test_an_undo_everywhere_leaves_an_assignments_own_repair_in_force(exam, question, version, author, assignment):
    own, inside = sat(exam, version, "o1"), sat(exam, version, "o1", assignment=assignment)
    source = correct_key(question)
    rescoring.rescore(version, Policy.NEW_KEY, source=source, assignment=assignment, reason="So.", by=author, now=LATER)
    everywhere = rescoring.rescore(version, Policy.DROP, reason="So.", by=author, now=LATER)
    rescoring.undo(everywhere, reason="No.", by=author, now=LATER)
    assert (stored(own, version), stored(inside, version)) == ((["o0"], True, False), (["o1"], True, True))


def test_nothing_is_taken_back_twice(exam, version, author):
    done = rescoring.rescore(version, Policy.DROP, reason="So.", by=author, now=LATER)
    back = rescoring.undo(done, reason="No.", by=author, now=LATER)
    for again in (done, back):
        with pytest.raises(Problems) as refused:
            rescoring.undo(again, reason="No.", by=author, now=LATER)
        assert [problem.code for problem in refused.value.problems] == ["repair_undone"]


@pytest.mark.parametrize(("reason", "code"), [(" \n", "repair_reason"), ("x" * 2001, "repair_reason_long")])
def test_a_repair_needs_a_reason_of_a_sane_length(version, author, reason, code):
    with pytest.raises(Problems) as refused:
        rescoring.rescore(version, Policy.DROP, reason=reason, by=author, now=LATER)
    assert [problem.code for problem in refused.value.problems] == [code]
    assert not Rescore.objects.exists()


def test_another_questions_version_is_no_source(exam, version, author):
    other = exam.questions.order_by("pk")[1]
    with pytest.raises(Problems):
        rescoring.preview(version, Policy.NEW_KEY, source=correct_key(other), by=make_author(), now=LATER)


def test_sources_are_versions_with_the_same_options_and_another_key(exam, question, version):
    better = correct_key(question)
    question.options.filter(code="o3").update(code="o9")
    correct_key(question, "o2")  # other options: no source
    assert queries.sources(version) == [better]


def test_a_candidate_is_told_what_was_changed_and_why(exam, question, version, author):
    attempt = sat(exam, version, "o1")
    source = correct_key(question)
    rescoring.rescore(version, Policy.NEW_KEY, source=source, reason="The guide says so.", by=author, now=LATER)
    (told,) = queries.corrections(attempt, LATER)
    assert (told.points_before, told.points_after, told.passed_before, told.passed_after) == (14, 15, False, True)
    assert (told.reason, told.made_at, told.is_hidden) == ("The guide says so.", LATER, False)
    assert queries.corrected(attempt.candidate) == {attempt.pk}


def test_nothing_is_told_of_a_question_that_the_candidate_is_sitting_again(exam, version, author):
    attempt = sat(exam, version, "o1")
    rescoring.rescore(version, Policy.FULL_CREDIT, reason="Option B is right.", by=author, now=NOW + 3 * MINUTE)
    start(exam, attempt.candidate)
    (told,) = queries.corrections(attempt, NOW + 4 * MINUTE)
    assert (told.is_hidden, told.reason, told.points_before) == (True, "", None)


@pytest.mark.parametrize("people", [1, 3])
def test_a_repair_takes_so_many_queries_however_many_answered(
    exam, question, version, author, people, django_assert_num_queries
):
    for _ in range(people):
        sat(exam, version, "o1", right=1)
    source = correct_key(question)
    # savepoint and release, lock, insert, answers, repairs, points, update, two records
    with django_assert_num_queries(10):
        rescoring.rescore(version, Policy.NEW_KEY, source=source, reason="So.", by=author, now=LATER)
    with django_assert_num_queries(3):
        rescoring.preview(version, Policy.DROP, by=author, now=LATER)
