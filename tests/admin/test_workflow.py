"""Steps, comments and comparisons on a question's page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from exams.models import Comment, Question
from exams.services import workflow
from tests.admin.filling import filled
from tests.factories import NOW, make_author, make_question, make_user, publish_question

pytestmark = pytest.mark.django_db
CHANGE, STEP = "admin:exams_question_change", "admin:exams_question_workflow"


def step(desk, question, **data):
    page = desk.post(reverse(STEP, args=[question.pk]), data, follow=True)
    question.refresh_from_db()
    return [str(message) for message in page.context["messages"]]


def save(desk, question, **data):
    form = filled(desk.get(reverse(CHANGE, args=[question.pk])))
    page = desk.post(reverse(CHANGE, args=[question.pk]), form | data, follow=True)
    question.refresh_from_db()
    return page


def test_a_draft_is_sent_to_review_sent_back_and_published_with_a_word_each(desk, exam):
    question = make_question(exam, publish=False)
    assert step(desk, question, step="submit", text="Please look.") == [f"“{question.code}” is in review now."]
    assert step(desk, question, step="send_back", text="B is right too.") == [f"“{question.code}” is a draft again."]
    step(desk, question, step="publish")
    assert question.status == "published"
    assert [comment.text for comment in question.comments.all()] == ["Please look.", "B is right too."]
    page = desk.get(reverse(CHANGE, args=[question.pk])).content.decode()
    for words in ("B is right too.", "sent to review", "sent back to draft", "(version 1)"):
        assert words in page


def test_a_step_that_no_longer_fits_is_refused_in_words(desk, exam):
    question = make_question(exam)
    assert step(desk, question, step="submit") == ["Only a draft can be sent to review. Save a change first."]
    assert step(desk, question, step="no-such-step", text="") == []


def test_a_comment_that_is_refused_is_told_why_beside_its_box(desk, exam):
    question = make_question(exam)
    address = reverse("admin:exams_question_workflow", args=[question.pk])
    page = desk.post(address, {"step": "comment", "text": " "}, follow=True).content.decode()
    assert '<p class="errornote" id="say-error">The comment is empty. Write something first.</p>' in page


def test_saving_and_sending_to_review_is_one_button(desk, exam):
    question = make_question(exam)
    page = save(desk, question, stem__en="Another: which is right?", _review="1")
    assert (question.status, page.redirect_chain[-1][0]) == ("in_review", reverse(CHANGE, args=[question.pk]))
    page = save(desk, question, stem__en="A third: which is right?", _review="1")
    assert "Only a draft can be sent to review" in page.content.decode()
    assert question.stem["en"].startswith("A third")


def test_where_a_reviewer_is_demanded_the_author_is_told_so_and_nothing_is_published(desk, exam, settings):
    settings.REVIEW_BY_ANOTHER = True
    question = make_question(exam)
    page = save(desk, question, stem__en="Another: which is right?", _publish="1")
    assert "let another author publish it" in page.content.decode()
    assert (question.status, question.versions.count()) == ("draft", 1)
    step(desk, question, step="submit")
    assert "You have written at this question" in step(desk, question, step="publish")[0]
    desk.force_login(make_author(language="en"))
    step(desk, question, step="publish")
    assert (question.status, question.current_version.number) == ("published", 2)


def test_who_may_not_publish_may_neither_retire_nor_publish(client, exam):
    person = make_user(groups=["Authors"], is_staff=True, language="en")
    person.groups.get().permissions.filter(codename="publish_question").delete()
    client.force_login(person)
    question = make_question(exam, publish=False)
    for wanted in ("publish", "retire"):
        step(client, question, step=wanted, text="-")
        assert question.status == "draft"


def test_who_may_only_look_may_not_speak(client, exam):
    person = make_user(is_staff=True, language="en")
    from django.contrib.auth.models import Permission

    person.user_permissions.add(Permission.objects.get(codename="view_question"))
    client.force_login(person)
    question = make_question(exam)
    assert client.post(reverse(STEP, args=[question.pk]), {"text": "x"}).status_code == 403
    restore = reverse("admin:exams_question_restore", args=[question.pk, 1])
    assert client.post(restore).status_code == 403
    assert client.get(reverse(CHANGE, args=[question.pk])).status_code == 200
    assert not Comment.objects.exists()


def test_going_back_publishes_the_older_text_anew(desk, exam):
    question = make_question(exam)
    first = question.stem["en"]
    save(desk, question, stem__en="Another: which is right?", _publish="1")
    page = desk.post(reverse("admin:exams_question_restore", args=[question.pk, 1]), follow=True)
    question.refresh_from_db()
    assert (question.stem["en"], question.current_version.number, question.status) == (first, 3, "published")
    assert "says again what version 1 said" in page.content.decode()
    assert desk.post(reverse("admin:exams_question_restore", args=[question.pk, 9])).status_code == 404


def test_going_back_to_what_the_exam_has_no_more_is_refused_in_words(desk, exam):
    case = exam.cases.create(code="a-case", text={"en": "A case.", "ja": "事例"})
    question = make_question(exam, case=case)
    Question.objects.filter(pk=question.pk).update(case=None)
    case.delete()
    page = desk.post(reverse("admin:exams_question_restore", args=[question.pk, 1]), follow=True)
    assert "no longer has the domain or the case" in page.content.decode()


def test_differences_are_told_between_the_text_of_today_and_a_version_and_between_versions(desk, exam):
    question = make_question(exam, stem={"en": "Which is red?", "ja": "赤いのはどれか。"})
    path = reverse("admin:exams_question_differences", args=[question.pk])
    assert "No difference" in desk.get(path).content.decode()
    save(desk, question, stem__en="Which is blue?")
    assert "Which is <del>red</del><ins>blue</ins>?" in desk.get(path).content.decode()
    publish_question(question)
    question.refresh_from_db()
    assert "No difference" in desk.get(path).content.decode()
    assert "<del>red</del>" in desk.get(path, {"old": 1, "new": 2}).content.decode()


@pytest.mark.parametrize("query", [{"old": "x"}, {"new": "-1"}])
def test_a_comparison_of_nonsense_is_no_page(desk, exam, query):
    path = reverse("admin:exams_question_differences", args=[make_question(exam).pk])
    assert desk.get(path, query).status_code == 404


def test_what_was_never_published_has_nothing_to_compare_with(desk, exam):
    question = make_question(exam, publish=False)
    assert desk.get(reverse("admin:exams_question_differences", args=[question.pk])).status_code == 404


def test_the_home_shows_what_waits(desk, author, exam):
    draft, waiting = (make_question(exam, publish=False, stem={"en": f"{n}?", "ja": "問"}) for n in ("One", "Two"))
    save(desk, draft, stem__en="Mine?")
    workflow.submit(waiting, by=author, now=NOW)
    page = desk.get(reverse("admin:index")).content.decode()
    assert page.index("My drafts") < page.index("Mine?") < page.index("To review") < page.index("Two?")


def test_who_may_not_see_questions_has_no_such_home(client):
    client.force_login(make_user(is_staff=True, language="en"))
    assert "My drafts" not in client.get(reverse("admin:index")).content.decode()


def test_a_comment_with_script_is_text(desk, exam):
    question = make_question(exam)
    step(desk, question, text='<script>alert(1)</script><b hx-get="/">')
    page = desk.get(reverse(CHANGE, args=[question.pk])).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<b hx-get" not in page
