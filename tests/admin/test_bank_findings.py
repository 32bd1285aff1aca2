"""What the checker finds in a whole bank, as it is kept for the page of the exam's bank and for the list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from exams.models import KeptCheck, KeptFinding, Media, Question, Waiver
from exams.queries.bank import content_of
from exams.queries.bank_check import check_bank
from exams.queries.checking import judged
from exams.queries.kept_checks import kept, today
from exams.services import bank, checking, kept_checks
from tests.admin.filling import filled
from tests.factories import make_author, make_bank, make_question, make_user, publish_question, text

pytestmark = pytest.mark.django_db
NO_QUESTION = {"en": "Say it.", "ja": "どれか。"}
HTMX = {"HX-Request": "true"}


def address(exam):
    return reverse("admin:exams_exam_findings", args=[exam.pk])


def known(exam):
    return kept(exam, on=today())


def open_in_list(desk, findings):
    page = desk.get(reverse("admin:exams_question_changelist"), {"findings": findings})
    return {question.code for question in page.context["cl"].result_list}


def test_the_page_says_what_check_bank_says(desk, exam):
    make_bank(exam)
    make_question(exam, code="odd", stem=NO_QUESTION, as_of=date(2020, 1, 1))
    make_question(exam, code="bad", publish=False, keys=())
    page = desk.post(address(exam), headers=HTMX)
    whole, found = check_bank(exam, on=today()), page.context["kept"]
    assert (found.errors, found.open, found.accepted) == (whole.errors, whole.open, whole.accepted) == (1, 2, 0)
    assert list(found.bots) == list(whole.bots)
    assert [(row.question.code, row.finding.code) for row in found.found] == [
        ("bad", "key_missing"),
        ("odd", "stem_without_question"),
        ("odd", "facts_stale"),
    ]
    said = page.content.decode()
    assert "The stem does not end in a question." in said
    assert "stem, English" in said
    assert "22 questions, as they are today:" in said


def test_the_page_reads_no_text_and_checks_only_what_is_behind(desk, exam, assert_queries):
    make_bank(exam)
    desk.post(address(exam))
    assert address(exam) in desk.get(reverse("admin:exams_exam_bank", args=[exam.pk])).content.decode()
    with assert_queries(11):  # four of which say who is there and what they may do, and one which exam it is
        assert "20 questions, as they are today:" in desk.get(address(exam), headers=HTMX).content.decode()
    before = set(KeptCheck.objects.values_list("pk", flat=True))
    question = exam.questions.first()
    question.stem = NO_QUESTION
    question.save()
    publish_question(question)
    assert "19 of 20 questions have been checked" in desk.get(address(exam), headers=HTMX).content.decode()
    assert "1 open warning<" in desk.post(address(exam), headers=HTMX).content.decode()
    assert set(KeptCheck.objects.values_list("pk", flat=True)) - before == {question.kept_check.pk}


def test_a_portion_is_checked_at_a_time(desk, exam, monkeypatch):
    make_bank(exam)
    monkeypatch.setattr(kept_checks.catch_up, "__kwdefaults__", {"most": 15})
    assert known(exam).behind == 20
    assert "15 of 20 questions have been checked" in desk.post(address(exam), headers=HTMX).content.decode()
    assert "20 questions, as they are today" in desk.post(address(exam), follow=True).content.decode()


@pytest.mark.parametrize("change", [{"rules": {"single_options": 5}}, {"languages": ["en"]}, {"services": []}])
def test_what_the_exam_demands_now_is_checked_for(exam, change):
    exam.services = [{"name": "Old", "since": "2020-01-01"}]
    exam.save()
    make_question(exam)
    day = today()
    assert kept_checks.catch_up(exam, on=day) == 1
    assert kept_checks.catch_up(exam, on=day) == 0
    type(exam).objects.filter(pk=exam.pk).update(**change)
    exam.refresh_from_db()
    assert kept_checks.catch_up(exam, on=day) == 1
    assert kept_checks.catch_up(exam, on=day + timedelta(days=1)) == 1


def test_an_accepted_warning_is_counted_as_such_at_once_and_a_retired_question_not_at_all(exam):
    odd, other = (make_question(exam, stem=NO_QUESTION) for _ in range(2))
    day = today()
    kept_checks.catch_up(exam, on=day)
    assert (known(exam).open, known(exam).accepted) == (2, 0)
    (row,) = judged(odd, content_of(odd), on=day)
    finding = row.finding
    now = timezone.now()
    checking.accept(odd, finding.code, finding.where, row.text, reason="Quoted", by=make_author(), now=now)
    assert (known(exam).open, known(exam).accepted) == (1, 1)
    Question.objects.filter(pk=other.pk).update(status="retired")
    assert (known(exam).open, known(exam).accepted, known(exam).questions) == (0, 1, 1)
    Question.objects.filter(pk=odd.pk).update(checksum="edited", status="draft")
    assert kept_checks.catch_up(exam, on=day) == 1
    assert (known(exam).open, known(exam).accepted) == (0, 1)


def test_what_is_saved_is_checked_and_found_in_the_list(desk, exam):
    question = make_question(exam, code="mine")
    make_question(exam, code="never-checked", stem=NO_QUESTION)
    change = reverse("admin:exams_question_change", args=[question.pk])
    desk.post(change, filled(desk.get(change)) | {"stem__en": "Say it."})
    assert KeptCheck.objects.get().checksum == Question.objects.get(pk=question.pk).checksum
    assert open_in_list(desk, "open") == {"mine"}
    assert open_in_list(desk, "errors") == set()
    desk.post(change, filled(desk.get(change)) | {"stem__ja": ""})
    assert open_in_list(desk, "errors") == {"mine"}
    assert set(KeptFinding.objects.values_list("code", flat=True)) >= {"text_missing", "stem_without_question"}


def test_near_identical_questions_are_found_on_both_sides_until_one_is_retired(exam):
    same = text("A team streams clicks into Amazon S3 and wants to query them within a minute at the least cost")
    one, other = (make_question(exam, stem={code: f"{words}?" for code, words in same.items()}) for _ in range(2))
    kept_checks.catch_up(exam, on=today())
    assert {(row.question, row.finding.params["other"]) for row in known(exam).found} == {
        (one, other.code),
        (other, one.code),
    }
    assert known(exam).open == check_bank(exam, on=today()).open
    one.refresh_from_db()
    bank.retire(one)
    assert known(exam).behind == 1
    kept_checks.catch_up(exam, on=today())
    assert known(exam).found == []
    publish_question(one)
    assert known(exam).behind == 2


def test_a_picture_that_comes_is_looked_for_again(exam):
    make_question(exam, stem=text("![A curve](media/curve.svg) Which is right?"), publish=False)
    kept_checks.catch_up(exam, on=today())
    assert "picture_unknown" in {row.finding.code for row in known(exam).found}
    Media.objects.create(exam=exam, path="media/curve.svg", name=f"{'0' * 64}.svg")
    assert known(exam).behind == 1
    kept_checks.catch_up(exam, on=today())
    assert "picture_unknown" not in {row.finding.code for row in known(exam).found}


def test_an_error_is_never_accepted(exam):
    question = make_question(exam, publish=False, keys=())
    kept_checks.catch_up(exam, on=today())
    (row,) = KeptFinding.objects.all()
    Waiver.objects.create(
        question=question, code=row.code, where=row.where, text=row.text, reason="So", given_at=timezone.now()
    )
    assert (known(exam).errors, known(exam).accepted, len(known(exam).found)) == (1, 0, 1)


def test_whoever_may_not_see_questions_does_not_read_what_is_found_in_them(client, exam):
    person = make_user(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_exam"))
    client.force_login(person)
    page = client.get(reverse("admin:exams_exam_bank", args=[exam.pk]))
    assert page.status_code == 200
    assert address(exam) not in page.content.decode()
    assert client.get(address(exam)).status_code == 404


def test_only_the_first_hundred_are_listed(desk, exam):
    for _ in range(51):
        make_question(exam, stem={"en": "Say it.", "ja": "言え。"})
    said = desk.post(address(exam), headers=HTMX)
    assert len(said.context["found"]) == 100
    assert "And 2 more; the links above lead to all." in said.content.decode()
