"""The checker at the desk: what is typed is checked and not saved, warnings are accepted, the list is filtered."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict
from django.urls import reverse

from exams.admin.blueprints import ExamForm
from exams.domain.bank import Kind
from exams.forms.typed import MOST_ROWS, typed
from exams.models import NearDuplicate, Question, Waiver
from exams.queries.bank import content_of
from exams.queries.checking import judged
from tests.admin.test_bank import posted
from tests.factories import NOW, make_bank, make_exam, make_question

pytestmark = pytest.mark.django_db
NEW = "admin:exams_question_findings_new"
LIST = "admin:exams_question_changelist"


def said(answer):
    return [(row["row"].finding.code, row["field"]) for row in answer.context["rows"]]


def test_what_is_typed_is_checked_and_nothing_is_saved(desk, exam):
    data = posted(exam, keys=(), reference=False, stem__en="Say it.")
    answer = desk.post(reverse(NEW), data)
    assert said(answer) == [
        ("key_missing", ""),
        ("reference_missing", ""),
        ("stem_without_question", "id_stem_en"),
    ]
    assert not Question.objects.exists()
    assert "Accept" not in answer.content.decode()


def test_a_good_question_is_told_so(desk, exam):
    answer = desk.post(reverse(NEW), posted(exam))
    assert "Nothing was found." in answer.content.decode()


def test_a_finding_leads_to_its_field_also_when_options_were_dragged(desk, exam):
    data = posted(exam) | {
        "options-0-order": 9,
        "options-3-rationale__ja": "",
        "options-0-text__en": "All of the above",
    }
    assert said(desk.post(reverse(NEW), data)) == [
        ("text_missing", "id_options-3-rationale_ja"),
        ("all_or_none_of_above", "id_options-0-text_en"),
    ]


def test_without_an_exam_there_is_nothing_to_check_by(desk, exam):
    make_exam("another")
    assert desk.post(reverse(NEW), {}).status_code == 404
    assert desk.post(f"{reverse(NEW)}?exam=another", {}).status_code == 200


def test_the_page_asks_for_its_findings(desk, exam):
    question = make_question(exam)
    page = desk.get(reverse("admin:exams_question_change", args=[question.pk])).content.decode()
    assert f'hx-post="{reverse("admin:exams_question_findings", args=[question.pk])}"' in page
    assert f'hx-post="{reverse(NEW)}?exam=an-exam"' in desk.get(reverse("admin:exams_question_add")).content.decode()


# ── accepting


def accept(desk, question, **fields):
    question = Question.objects.get(pk=question.pk)
    (row,) = judged(question, content_of(question), on=NOW.date())
    data = {"code": row.finding.code, "where": row.finding.where, "text": row.text, "reason": "Quoted", **fields}
    return desk.post(reverse("admin:exams_question_accept", args=[question.pk]), data)


def test_a_warning_is_accepted_with_its_reason_and_by_whom(desk, exam):
    question = make_question(exam, stem={"en": "Say it.", "ja": "どれか。"})
    answer = accept(desk, question)
    assert [row["row"].is_open for row in answer.context["rows"]] == [False]
    assert "Quoted (Person" in answer.content.decode()
    assert Waiver.objects.get().by is not None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": ""}, "There is no reason."),
        ({"text": "other"}, "There is no such warning in the text as it is saved."),
    ],
)
def test_a_refusal_is_a_sentence(desk, exam, fields, sentence):
    question = make_question(exam, stem={"en": "Say it.", "ja": "どれか。"})
    answer = accept(desk, question, **fields)
    assert answer.status_code == 422
    assert answer.context["refusal"].startswith(sentence)
    assert not Waiver.objects.exists()


# ── the list


def test_the_list_is_filtered_by_findings(desk, exam):
    near = make_question(exam)
    Question.objects.filter(pk=near.pk).update(near_group=near.pk)
    stale = make_question(exam, as_of=date(2020, 1, 1))
    odd = make_question(exam, stem={"en": "Say it.", "ja": "どれか。"})
    accept(desk, odd)
    make_question(exam, as_of=date(2999, 1, 1))
    for value, wanted in (("near", [near]), ("stale", [stale]), ("accepted", [odd])):
        assert list(desk.get(reverse(LIST), {"findings": value}).context["cl"].queryset) == wanted
    assert desk.get(reverse(LIST)).context["cl"].result_count == 4


# ── what the form's fields say


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "kind=x&as_of=May&case=y&options-TOTAL_FORMS=z&options-0-order=q",
        f"case={'9' * 30}&options-TOTAL_FORMS={'9' * 30}&references-TOTAL_FORMS=99999",
        "options-TOTAL_FORMS=2&options-0-text__en=a&options-0-order=-1&options-1-text__en=b&options-1-order=1",
    ],
)
def test_whatever_is_sent_is_read(exam, sent):
    content = typed(QueryDict(sent), exam).content
    assert content.kind is Kind.SINGLE
    assert len(content.options) <= MOST_ROWS


# ── the bank at a glance


def test_the_bank_is_set_against_the_blueprint(desk, exam, assert_queries):
    make_bank(exam)
    one, other = exam.questions.order_by("pk")[:2]
    NearDuplicate.objects.create(first=one, second=other, language="en", percent=77)
    Question.objects.filter(pk=one.pk).update(as_of=date(2020, 1, 1))
    address = reverse("admin:exams_exam_bank", args=[exam.pk])
    with assert_queries(13):
        answer = desk.get(address)
    glance = answer.context["glance"]
    assert next((need.have, need.need) for need in glance.needs) == (4, {"full": 13, "short": 4})
    assert (glance.nears, glance.stale, glance.accepted) == (1, 1, 0)
    page = answer.content.decode()
    assert page.count("too few") == 4
    assert f"({'en'}, 77%)" in page
    assert address in desk.get(reverse("admin:exams_exam_change", args=[exam.pk])).content.decode()


def test_services_are_judged_in_the_form_of_the_exam():
    form = ExamForm({"services": '[{"name": "A"}]'})
    assert form.errors["services"][0].startswith("services.1: ")
    assert "services" not in ExamForm({"services": '[{"name": "A", "since": "2024-01-01"}]'}).errors
    assert "services" not in ExamForm({}).errors
