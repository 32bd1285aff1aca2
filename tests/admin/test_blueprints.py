"""Exams in the author's desk."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from exams.forms.texts import TextFormField, TextWidget
from tests.admin.filling import filled
from tests.factories import make_author, make_exam, make_question, make_user, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(make_author(language="en"))
    return client


def posted(exam, **fields):
    data = {
        "code": exam.code,
        "title__en": "An exam",
        "title__ja": "試験",
        "languages": ["en", "ja"],
        "scale_minimum": 100,
        "scale_pass": 750,
        "scale_maximum": 1000,
        "is_current": "on",
        "rules": "{}",
        "sizes-TOTAL_FORMS": 0,
        "sizes-INITIAL_FORMS": 0,
        "domains-TOTAL_FORMS": exam.domains.count(),
        "domains-INITIAL_FORMS": exam.domains.count(),
    }
    for number, domain in enumerate(exam.domains.all()):
        data |= {
            f"domains-{number}-id": domain.pk,
            f"domains-{number}-exam": exam.pk,
            f"domains-{number}-code": domain.code,
            f"domains-{number}-title__en": domain.title["en"],
            f"domains-{number}-weight": domain.weight,
            f"domains-{number}-order": domain.order,
        }
    return {**data, **fields}


def save(desk, exam, **fields):
    return desk.post(reverse("admin:exams_exam_change", args=[exam.pk]), posted(exam, **fields))


def test_a_size_whose_figures_do_not_fit_is_refused_in_words(desk):
    exam = make_exam(sizes=False)
    size = {"code": "short", "title__en": "Short", "questions": 20, "scored": 20, "minutes": 56, "cut": 21}
    data = {f"sizes-0-{name}": value for name, value in size.items()} | {"sizes-TOTAL_FORMS": 1}
    page = save(desk, exam, **data).content.decode()
    assert "The cut can&#x27;t be above the scored questions, nor these above all questions." in page
    assert "size_figures_fit" not in page
    assert save(desk, exam, **data | {"sizes-0-cut": 20}).status_code == 302


def test_an_exam_can_be_changed(desk):
    exam = make_exam(sizes=False)
    assert save(desk, exam, title__ja="新しい試験").status_code == 302
    exam.refresh_from_db()
    assert exam.title == {"en": "An exam", "ja": "新しい試験"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"domains-0-weight": 21}, "add up to 101"),
        ({"scale_pass": 50}, "lies between"),
        ({"rules": "[1]"}, "are an object"),
        ({"rules": '{"single_options": "x"}'}, "publishing rule is not known"),
    ],
)
def test_figures_that_do_not_fit_are_refused_in_words(desk, fields, words):
    exam = make_exam(sizes=False)
    assert words in save(desk, exam, **fields).content.decode()


def test_editing_a_case_marks_its_questions_as_edited(desk):
    exam = make_exam()
    case = exam.cases.create(code="a-case", text=text("Case"))
    question = make_question(exam, case=case)
    path = reverse("admin:exams_case_change", args=[case.pk])
    data = filled(desk.get(path)) | {"text__en": "New case", "text__ja": "新しい事例"}
    assert desk.post(path, data).status_code == 302
    question.refresh_from_db()
    assert question.checksum != question.current_version.checksum
    assert set(question.revised_at) == {"en", "ja"}


@pytest.mark.parametrize("model", ["exam", "domain", "tag", "case", "media"])
def test_every_list_and_form_opens(desk, model):
    exam = make_exam()
    assert desk.get(reverse(f"admin:exams_{model}_changelist")).status_code == 200
    row = {"exam": exam, "domain": exam.domains.first(), "tag": exam.tags.first()}.get(model)
    if row:
        assert desk.get(reverse(f"admin:exams_{model}_change", args=[row.pk])).status_code == 200


def test_administrators_add_people_by_address(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    data = {"email": "New@Example.org", "display_name": "New", "usable_password": "false"}
    assert client.post(reverse("admin:exams_user_add"), data).status_code == 302
    assert client.get(reverse("admin:exams_user_changelist")).content.decode().count("new@example.org") == 1


def test_a_language_that_is_not_shown_survives():
    html = TextWidget().render("stem", {"ja": "あ", "de": "Hallo"}, {"id": "id_stem"})
    assert '<input type="hidden" name="stem__de" value="Hallo">' in html
    sent = {"stem__ja": " い\r\n ", "stem__en": "", "stem__de": "Hallo", "other": "x"}
    value = TextWidget().value_from_datadict(sent, {}, "stem")
    assert TextFormField().clean(value) == {"ja": "い", "de": "Hallo"}


def test_a_required_text_needs_one_language():
    field = TextFormField()
    with pytest.raises(ValidationError):
        field.clean({"ja": " "})
    assert not field.has_changed({"ja": "a"}, {"ja": "a ", "en": ""})
    assert field.widget.value_omitted_from_data({}, {}, "stem")
