"""A question's steps, by whom, and what its history says of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from exams.domain.problems import Problems
from exams.models import QuestionEvent
from exams.queries import workflow as queries
from exams.queries.bank import content_of
from exams.services import bank, workflow
from tests.factories import NOW, make_author, make_exam, make_question, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def exam():
    return make_exam("an-exam")


@pytest.fixture
def author():
    return make_author()


def edit(question, by, words="Another wording: which is right?"):
    """As the desk does: the row is saved, then the edit is noted."""
    question.refresh_from_db()
    before = content_of(question)
    question.stem = {**question.stem, "en": words}
    question.save()
    bank.note_revised(question, before, now=NOW, by=by)
    question.refresh_from_db()


def told(question):
    return list(question.events.order_by("pk").values_list("action", "actor__display_name", "version"))


def codes(call, *args, **kwargs):
    with pytest.raises(Problems) as refused:
        call(*args, **kwargs)
    return [problem.code for problem in refused.value.problems]


def test_a_draft_goes_to_review_and_back(exam, author):
    question = make_question(exam, publish=False)
    workflow.submit(question, by=author, now=NOW)
    question.refresh_from_db()
    assert question.status == "in_review"
    assert codes(workflow.submit, question, by=author, now=NOW) == ["not_a_draft"]
    workflow.send_back(question, by=author, now=NOW)
    question.refresh_from_db()
    assert question.status == "draft"
    assert codes(workflow.send_back, question, by=author, now=NOW) == ["not_in_review"]
    assert told(question) == [("submitted", author.display_name, None), ("returned", author.display_name, None)]


def test_a_published_question_that_is_edited_is_a_draft_of_its_next_version_and_the_old_one_stays_in_force(
    exam, author
):
    question = make_question(exam)
    first = question.current_version
    edit(question, author)
    assert (question.status, question.current_version) == ("draft", first)
    assert QuestionEvent.objects.get(action="edited").places == ["stem.en"]
    published = workflow.publish(question, by=author, now=NOW)
    question.refresh_from_db()
    assert (question.status, question.current_version, published.version.number) == ("published", published.version, 2)
    assert told(question)[1:] == [("edited", author.display_name, None), ("published", author.display_name, 2)]


def test_an_edit_that_is_taken_back_is_published_again_without_a_new_version(exam, author):
    question = make_question(exam)
    words = question.stem["en"]
    edit(question, author)
    edit(question, author, words)
    assert (question.status, question.versions.count()) == ("published", 1)


def test_an_edit_without_a_change_leaves_no_mark(exam, author):
    question = make_question(exam)
    edit(question, author, question.stem["en"])
    assert told(question) == [("published", None, 1)]


def test_where_the_house_demands_a_reviewer_nobody_publishes_their_own(exam, author, settings):
    settings.REVIEW_BY_ANOTHER = True
    question, reviewer = make_question(exam), make_author()
    edit(question, author)
    assert codes(workflow.publish, question, by=reviewer, now=NOW) == ["review_needed"]
    workflow.submit(question, by=author, now=NOW)
    assert codes(workflow.publish, question, by=author, now=NOW) == ["review_own"]
    assert workflow.publish(question, by=reviewer, now=NOW).version.number == 2
    assert queries.writers(question) == set()


def test_a_reviewer_who_edits_becomes_an_author(exam, author, settings):
    settings.REVIEW_BY_ANOTHER = True
    question, reviewer = make_question(exam), make_author()
    edit(question, author)
    workflow.submit(question, by=author, now=NOW)
    edit(question, reviewer, "A third wording: which is right?")
    assert codes(workflow.publish, question, by=reviewer, now=NOW) == ["review_own"]


def test_a_retired_question_comes_back_as_it_was_without_a_review(exam, author, settings):
    settings.REVIEW_BY_ANOTHER = True
    question = make_question(exam)
    assert workflow.retire(question, by=author, now=NOW)
    assert not workflow.retire(question, by=author, now=NOW)
    assert workflow.publish(question, by=author, now=NOW).is_back
    assert [action for action, _who, _version in told(question)] == ["published", "retired", "published"]


def test_going_back_publishes_an_older_text_anew(exam, author):
    question = make_question(exam)
    first = question.current_version
    edit(question, author)
    workflow.publish(question, by=author, now=NOW)
    workflow.restore(question, first, by=author, now=NOW)
    question.refresh_from_db()
    assert (question.status, question.stem["en"]) == ("draft", first.content["stem"]["en"])
    third = workflow.publish(question, by=author, now=NOW).version
    assert (third.number, third.checksum) == (3, first.checksum)
    assert ("restored", author.display_name, 1) in told(question)


def test_going_back_to_a_case_that_is_gone_is_refused_and_changes_nothing(exam, author):
    case = exam.cases.create(code="a-case", text=text("A case."))
    question = make_question(exam, case=case)
    question.case = None
    question.save()
    case.delete()
    assert codes(workflow.restore, question, question.current_version, by=author, now=NOW) == ["restore_gone"]


def test_a_retired_question_that_was_edited_is_brought_back_by_another_author(exam, author, settings):
    settings.REVIEW_BY_ANOTHER = True
    question = make_question(exam)
    workflow.retire(question, by=author, now=NOW)
    edit(question, author)
    assert codes(workflow.publish, question, by=author, now=NOW) == ["review_own"]
    assert workflow.publish(question, by=make_author(), now=NOW).is_new


def test_a_comment_is_kept_and_an_empty_or_endless_one_is_not(exam, author):
    question = make_question(exam)
    workflow.comment(question, " Is B not right too? ", by=author, now=NOW)
    assert [comment.text for comment in question.comments.all()] == ["Is B not right too?"]
    assert codes(workflow.comment, question, "  \n", by=author, now=NOW) == ["comment_empty"]
    assert codes(workflow.comment, question, "x" * 2001, by=author, now=NOW) == ["too_long"]


def test_the_timeline_has_events_and_comments_newest_first(exam, author):
    question = make_question(exam)
    workflow.comment(question, "Hm.", by=author, now=NOW + timedelta(minutes=1))
    workflow.retire(question, by=author, now=NOW + timedelta(minutes=2))
    shown = [entry.event.action if entry.event else entry.comment.text for entry in queries.timeline(question)]
    assert shown == ["retired", "Hm.", "published"]


def test_the_desk_shows_my_drafts_what_waits_and_what_i_did_last(exam, author):
    other = make_author()
    mine, theirs, waiting = (make_question(exam) for _ in range(3))
    edit(mine, author)
    edit(theirs, other)
    edit(waiting, other)
    workflow.submit(waiting, by=other, now=NOW)
    desk = queries.desk(author)
    assert [desk.drafts.rows, desk.to_review.rows, desk.recent.rows] == [[mine], [waiting], [mine]]


@pytest.mark.parametrize("number", [3, 30])
def test_the_desk_takes_as_many_queries_for_three_as_for_thirty(exam, author, assert_queries, number):
    for _ in range(number):
        edit(make_question(exam), author)
    with assert_queries(6 if number < queries.MOST_ON_THE_DESK else 7):
        desk = queries.desk(author)
        assert desk.drafts.total == number
