"""S5 and S6: whatever is sent to a form of the desk, nothing breaks, and what is refused stays to be mended."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from exams.domain.bank import LONGEST_TEXT
from exams.models import Comment, Question, Tag, Waiver
from exams.services import attempts, reports
from tests.admin.filling import filled
from tests.admin.test_bank import posted
from tests.factories import make_bank, make_exam, make_question, make_user

pytestmark = pytest.mark.django_db
NASTY = {
    "script": "<script>document.title='evil'</script><img src=x onerror=alert(1) hx-get=/healthz>",
    "huge": "word " * 40_000,
    "right to left": "\u202eevil \u0645\u0631\u062d\u0628\u0627",
    "control": "a\x1b[31mb\x07c",
    "emoji": "👩‍👩‍👧‍👦 🇯🇵",
    "nul": "a\0b",
    "spaces": " \u3000\t ",
}
TEXTS = (
    *("stem__en", "objective__ja", "source__en", "licence", "code", "as_of", "difficulty", "kind", "domain", "task"),
    *("case", "tags", "options-0-text__ja", "options-0-rationale__en", "options-0-code", "options-0-target"),
    *("options-0-order", "references-0-title__ja", "references-0-url", "options-TOTAL_FORMS", "base", "draft"),
)
by_each = pytest.mark.parametrize("nasty", NASTY)


def is_kept(body: str, words: str) -> bool:
    """Whether a page shows the words, harmless and as they were typed."""
    return escape(words) in body or escape(words.strip()) in body


@by_each
@pytest.mark.parametrize("field", TEXTS)
def test_a_question_is_saved_or_refused_with_nothing_lost(desk, exam, field, nasty):
    data = posted(exam) | {field: NASTY[nasty]}
    answer = desk.post(reverse("admin:exams_question_add"), data)
    assert answer.status_code in (200, 302)
    body = answer.content.decode()
    assert "<script>document" not in body
    if answer.status_code == 200:
        assert "errornote" in body
        assert is_kept(body, data["stem__en"])
        if field.partition("__")[0] in ("stem", "options-0-text", "licence", "code", "references-0-url"):
            assert is_kept(body, NASTY[nasty]), nasty


@by_each
def test_the_preview_and_the_checker_take_it(desk, exam, nasty):
    words = NASTY[nasty]
    data = posted(exam) | dict.fromkeys([field for field in TEXTS if not field.endswith("TOTAL_FORMS")], words)
    for name, args in (("live", [exam.code]), ("findings_new", [])):
        answer = desk.post(reverse(f"admin:exams_question_{name}", args=args), data)
        assert answer.status_code == 200
        assert "<script>document" not in answer.content.decode()


@by_each
def test_a_comment_is_said_or_stays_in_its_box(desk, exam, nasty):
    question = make_question(exam)
    address = reverse("admin:exams_question_workflow", args=[question.pk])
    body = desk.post(address, {"step": "comment", "text": NASTY[nasty]}, follow=True).content.decode()
    assert "<script>document" not in body
    assert Comment.objects.exists() is (nasty in ("script", "right to left", "emoji"))
    if not Comment.objects.exists():
        assert 'aria-describedby="say-error"' in body
    assert is_kept(body, NASTY[nasty])
    assert "say-error" not in desk.get(reverse("admin:exams_question_change", args=[question.pk])).content.decode()


@by_each
def test_a_reason_is_taken_or_refused_beside_its_field(desk, exam, nasty):
    question = make_question(exam, stem={"en": "Say it.", "ja": "どれか。"})
    page = desk.get(reverse("admin:exams_question_change", args=[question.pk]))
    one = page.context["index"][0]
    data = filled(page) | {"_accept": one.name, f"_reason_{one.row.text}": NASTY[nasty]}
    body = desk.post(reverse("admin:exams_question_accept", args=[question.pk]), data).content.decode()
    assert "<script>document" not in body
    is_taken = nasty in ("script", "right to left", "emoji")
    assert Waiver.objects.exists() is is_taken
    assert ("finding--accepted" in body) is is_taken
    if not is_taken:
        assert 'aria-invalid="true"' in body


@by_each
def test_steps_that_are_none_change_nothing(desk, exam, nasty):
    question = make_question(exam)
    data = {"step": NASTY[nasty], "status": "retired", "current_version": "", "author": "1"}
    desk.post(reverse("admin:exams_question_workflow", args=[question.pk]), data)
    question.refresh_from_db()
    assert (question.status, question.current_version.number) == ("published", 1)


@by_each
@pytest.mark.parametrize("action", ["tag_selected", "move_selected", "publish_selected", "export_selected", "none"])
def test_bulk_actions_ask_again_or_do_nothing(desk, exam, action, nasty):
    question = make_question(exam)
    data = {
        "action": action,
        "_selected_action": [question.pk],
        "apply": "1",
        "tag": NASTY[nasty],
        "task": NASTY[nasty],
    }
    answer = desk.post(reverse("admin:exams_question_changelist"), data, follow=True)
    assert answer.status_code == 200
    chosen = {**data, "_selected_action": [NASTY[nasty]]}
    assert desk.post(reverse("admin:exams_question_changelist"), chosen, follow=True).status_code in (200, 400)
    assert list(Question.objects.values_list("status", flat=True)) == ["published"]
    assert not question.tags.exists()


@by_each
@pytest.mark.parametrize("name", ["q", "p", "o", "kind__exact", "domain__id__exact", "language", "findings", "flags"])
def test_the_list_answers_to_any_query(desk, exam, name, nasty):
    make_question(exam)
    query = {name: NASTY[nasty][:2000]}
    assert desk.get(reverse("admin:exams_question_changelist"), query, follow=True).status_code == 200


@by_each
def test_cases_tags_and_pictures(desk, exam, nasty):
    words = NASTY[nasty]
    for model, data, field in (
        ("case", {"exam": exam.pk, "code": "a", "text__en": words, "text__ja": "事例"}, "text__en"),
        ("case", {"exam": exam.pk, "code": words, "text__en": "Case", "text__ja": "事例"}, "code"),
        ("tag", {"exam": exam.pk, "code": "b", "title__en": words, "title__ja": "タグ"}, "title__en"),
        ("tag", {"exam": words, "code": "b", "title__en": "Tag", "title__ja": "タグ"}, "title__en"),
        ("media", {"exam": exam.pk, "path": words, "file": SimpleUploadedFile("a.png", b"no picture")}, "path"),
    ):
        answer = desk.post(reverse(f"admin:exams_{model}_add"), data)
        assert answer.status_code in (200, 302), (model, field)
        body = answer.content.decode()
        assert "<script>document" not in body
        if answer.status_code == 200:
            assert "errorlist" in body
            assert is_kept(body, data[field]), (model, field)


@by_each
def test_an_answer_to_a_report_reaches_nobody_unless_it_can_be_read(desk, exam, nasty):
    make_bank(exam)
    candidate, now = make_user(), timezone.now()
    size = exam.sizes.get(code="short")
    attempt = attempts.start(candidate, exam, size, now=now, seed=1, language="en").attempt
    attempts.finish(attempt, now=now)
    item = attempt.items.first()
    report = reports.send(item, category="key", text="The key", language="en", by=candidate, now=now)
    page = desk.post(reverse("admin:exams_report_answer", args=[report.pk]), {"answer": NASTY[nasty]}, follow=True)
    report.refresh_from_db()
    assert page.status_code in (200, 422)
    assert "<script>document" not in page.content.decode()
    assert bool(report.answered_at) is (nasty in ("script", "right to left", "emoji", "control"))
    if not report.answered_at:
        assert "errorlist" in page.content.decode()


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ("larger than 12 MB", "Shorten the longest text")),
        ("ja", ("12 MBを超えている", "最も長い文章を短くするか")),
    ],
)
def test_a_form_that_is_too_large_is_answered_with_what_to_do(desk, author, exam, language, sentences):
    author.language = language
    author.save()
    answer = desk.post(reverse("admin:exams_question_add"), posted(exam, stem__ja="あ" * 5_000_000))
    assert answer.status_code == 400
    for sentence in sentences:
        assert sentence in answer.content.decode()
    assert not Question.objects.exists()


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_who_writes_no_questions_sends_no_form_of_that_size(client, kind):
    def answer(size):
        return client.post("/accounts/login/", b"x" * size, content_type=kind, headers={"accept-language": "en"})

    assert "larger than 2.5 MB" not in answer(2_621_440).content.decode()
    for person in (None, make_user(language="en")):
        if person:
            client.force_login(person)
        refused = answer(2_621_441)
        assert refused.status_code == 400
        assert "The form is larger than 2.5 MB" in refused.content.decode()


def test_a_question_whose_every_text_is_as_long_as_it_may_be_is_sent_and_saved(desk, exam):
    data = posted(exam)
    longest = {name: "あ" * LONGEST_TEXT for name in data if name.endswith(("__en", "__ja"))}
    body = urlencode(data | longest)
    answer = desk.post(reverse("admin:exams_question_add"), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 302
    assert Question.objects.get().stem["ja"] == "あ" * LONGEST_TEXT


def test_tags_of_another_exam_are_not_given(desk, exam):
    other = make_exam("other")
    question = make_question(exam)
    data = {"action": "tag_selected", "_selected_action": [question.pk], "apply": "1"}
    data["tag"] = Tag.objects.get(exam=other).pk
    desk.post(reverse("admin:exams_question_changelist"), data)
    assert not question.tags.exists()
