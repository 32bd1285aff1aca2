"""check_bank: a line for each finding, figures of the bank, and the exit code."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from exams.domain.problems import Problems
from exams.models import Exam, Question
from exams.queries.bank import content_of
from exams.queries.bank_check import check_bank, needs
from exams.queries.checking import judged
from exams.services import bank, checking, kept_checks
from tests.factories import NOW, make_author, make_bank, make_exam, make_question, make_size
from tests.load import texts

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
DAY = "2026-11-24"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("check_bank", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def exam():
    exam = make_exam("an-exam")
    make_bank(exam)
    return exam


@pytest.mark.parametrize(("code", "number"), [("mls-c01", 130), ("aif-c01", 32)])
def test_the_banks_that_come_with_mogi_have_no_error_and_no_open_warning(code, number):
    call_command("load_pack", str(FIXTURES / code), stdout=StringIO())
    said = run(code, "--on", DAY).splitlines()
    assert said[-1] == f"{code} on {DAY}: {number} questions, 0 errors, 0 warnings, 0 of them accepted."


def test_what_would_not_come_out_as_meant_is_an_error_and_keeps_it_from_being_published(exam):
    stem = {"en": "Which ![](media/none.svg)<br>is it?", "ja": "どれか。"}
    question = make_question(exam, code="odd", stem=stem, publish=False)
    with pytest.raises(Problems) as refused:
        bank.publish(question, by=None, now=NOW)
    codes = ["picture_unknown", "picture_without_words", "html_shown"]
    assert [(problem.code, problem.where) for problem in refused.value.problems] == [(one, "stem.en") for one in codes]
    rows = next(row for row in check_bank(exam, on=NOW.date()).questions if row.question == question).judged
    assert [row.finding.code for row in rows if row.is_error] == codes
    kept_checks.keep(question, on=NOW.date())
    assert [row.code for row in question.kept_findings.filter(level="error").order_by("pk")] == codes


def test_findings_are_lines_with_question_field_level_sentence_and_text(exam):
    question = make_question(exam, code="odd", stem={"en": "Say it.", "ja": "どれか。"})
    (row,) = judged(question, content_of(question), on=NOW.date())
    line = "odd: stem.en: warning: The stem does not end in a question. Ask one in its last sentence."
    assert run("an-exam").splitlines()[0] == f"{line} [stem_without_question {row.text}]"
    checking.accept(question, row.finding.code, row.finding.where, row.text, reason="Quoted", by=make_author(), now=NOW)
    said = run("an-exam", "--on", DAY).splitlines()
    assert said[0] == f"{line.replace('warning', 'accepted')} (Quoted) [stem_without_question {row.text}]"
    assert said[-1] == f"an-exam on {DAY}: 21 questions, 0 errors, 1 warnings, 1 of them accepted."


def test_figures_of_blueprint_and_bot_follow(exam):
    said = run("an-exam", "--on", DAY).splitlines()
    assert said == [
        "data: 4 published, full takes 13, short takes 4",
        "analysis: 5 published, full takes 16, short takes 5",
        "modeling: 7 published, full takes 23, short takes 7",
        "operations: 4 published, full takes 13, short takes 4",
        "longest option, en: 5.0 of 20 right; chance 5.0, bound 8.9",
        "longest option, ja: 5.0 of 20 right; chance 5.0, bound 8.9",
        f"an-exam on {DAY}: 20 questions, 0 errors, 0 warnings, 0 of them accepted.",
    ]


def test_an_error_ends_the_program_with_code_1(exam):
    make_question(exam, code="bare", publish=False).references.all().delete()
    with pytest.raises(SystemExit) as ended:
        run("an-exam")
    assert ended.value.code == 1


def test_a_bank_that_fills_no_size_is_an_error(exam):
    for question in exam.questions.filter(domain__code="data")[:2]:
        bank.retire(question)
    check = check_bank(exam, on=NOW.date())
    assert [(row.code, row.where, row.params["missing"]) for row in check.about_bank] == [("bank_short", "data", 2)]
    with pytest.raises(SystemExit):
        run("an-exam", "--json")


def test_a_bank_whose_keys_are_the_longest_is_warned_of(exam):
    for question in exam.questions.all():
        option = question.options.get(is_key=True)
        option.text = {language: f"{words} x" for language, words in option.text.items()}
        option.save()
    check = check_bank(exam, on=NOW.date())
    assert [(row.code, row.params["language"], row.params["right"]) for row in check.about_bank] == [
        ("longest_bot", "en", "20.0"),
        ("longest_bot", "ja", "20.0"),
    ]
    assert (check.errors, check.open, check.accepted) == (0, 2, 0)


def test_ages_are_reckoned_from_the_day(exam):
    exam.questions.update(as_of=date(2024, 11, 24))
    assert run("an-exam", "--on", DAY).splitlines()[-1].count("20 questions, 0 errors, 0 warnings") == 1
    assert run("an-exam", "--on", "2026-11-25").splitlines()[-1].count("20 warnings") == 1


def test_near_identical_working_copies_are_named_at_both(exam):
    for code in ("one", "two"):
        question = Question(exam=exam, code=code)
        bank.write(question, texts.question(1, "data", "1.1"), now=NOW)
    check = check_bank(exam, on=NOW.date())
    said = [
        (row.question.code, found.finding.where, found.finding.params)
        for row in check.questions
        for found in row.judged
        if found.finding.code == "near_duplicate"
    ]
    assert said == [
        (code, f"stem.{language}", {"other": other, "percent": 100})
        for code, other in (("one", "two"), ("two", "one"))
        for language in ("en", "ja")
    ]


def test_machines_get_the_same(exam):
    make_question(exam, code="odd", stem={"en": "Say it.", "ja": "どれか。"})
    said = json.loads(run("an-exam", "--json", "--on", DAY))
    assert {name: said[name] for name in ("exam", "on", "errors", "warnings", "accepted", "bank")} == {
        "exam": "an-exam",
        "on": DAY,
        "errors": 0,
        "warnings": 1,
        "accepted": 0,
        "bank": [],
    }
    (finding,) = said["findings"]
    assert (finding["question"], finding["code"], finding["level"]) == ("odd", "stem_without_question", "warning")
    assert said["blueprint"][0] == {"domain": "data", "have": 5, "need": {"full": 13, "short": 4}}
    assert said["bots"][0] == {"language": "en", "questions": 21, "right": 5.25, "chance": 5.25, "bound": 9.22}


def test_an_exam_without_sizes_or_domains_has_nothing_to_need():
    empty = make_exam("empty", weights={}, sizes=False)
    make_size(empty, "s", questions=1, scored=1, minutes=1, cut=1)
    assert needs(empty) == []
    assert run("empty").splitlines()[-1].startswith("empty on ")


def test_an_exam_that_is_not_there_is_answered_with_those_that_are(exam):
    with pytest.raises(CommandError) as caught:
        run("other")
    assert str(caught.value) == "There is no exam “other”. There are: an-exam."


@pytest.mark.parametrize("number", [1, 30])
def test_a_check_takes_the_same_few_queries_however_many_questions_it_has(assert_queries, number):
    exam = make_exam("some", weights={"all": 100})
    for _ in range(number):
        make_question(exam)
    exam = Exam.objects.get(pk=exam.pk)
    with assert_queries(12):
        check_bank(exam, on=NOW.date() + timedelta(days=1))


def test_a_day_that_is_none_is_told_in_a_sentence(exam):
    with pytest.raises(CommandError, match=r"“yesterday” is no day\. Write it as 2026-11-30\."):
        call_command("check_bank", "an-exam", "--on", "yesterday")
