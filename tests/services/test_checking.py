"""Accepted warnings and near-identical questions, as they are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exams.domain.problems import Problems
from exams.models import NearDuplicate, Question, Waiver
from exams.queries import checking as queries
from exams.queries.bank import content_of
from exams.queries.checking import judged, near_duplicates_of
from exams.services import attempts, bank, checking, exchange
from tests.factories import NOW, make_author, make_exam, make_question, make_size, make_user, publish_question
from tests.formats.makers import pack_files
from tests.load import texts

pytestmark = pytest.mark.django_db
STEM = {"en": "Is it never so? Name it.", "ja": "正しいのはどれか。"}


@pytest.fixture
def exam():
    return make_exam("an-exam", weights={"all": 100}, sizes=False)


def fresh(question):
    return Question.objects.get(pk=question.pk)


def warnings(question):
    question = fresh(question)
    return [row for row in judged(question, content_of(question), on=NOW.date()) if not row.is_error]


def accept(question, row, reason="It is a quotation.", **fields):
    found = row.finding
    arguments = {"code": found.code, "where": found.where, "text": row.text, **fields}
    return checking.accept(fresh(question), **arguments, reason=reason, by=make_author(), now=NOW)


# ── waivers


def test_an_accepted_warning_is_open_no_more_until_its_text_changes(exam):
    question = make_question(exam, stem=STEM)
    (row,) = warnings(question)
    assert (row.finding.code, row.is_open) == ("stem_without_question", True)
    waiver = accept(question, row)
    assert [(row.is_open, row.waiver) for row in warnings(question)] == [(False, waiver)]
    Question.objects.filter(pk=question.pk).update(stem={**STEM, "ja": "正しいものはどれか。"})
    assert [row.is_open for row in warnings(question)] == [False]
    Question.objects.filter(pk=question.pk).update(stem={**STEM, "en": "Is it never so? Say it."})
    assert [row.is_open for row in warnings(question)] == [True]


def test_accepting_twice_keeps_the_first(exam):
    question = make_question(exam, stem=STEM)
    (row,) = warnings(question)
    assert accept(question, row) == accept(question, row, reason="Another")
    assert Waiver.objects.get().reason == "It is a quotation."


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": " "}, "waiver_reason"),
        ({"text": "0" * 16}, "finding_gone"),
        ({"code": "reference_missing", "where": "references"}, "finding_gone"),
    ],
)
def test_only_a_warning_that_is_there_is_accepted_and_with_a_reason(exam, change, code):
    question = make_question(exam, stem=STEM)
    (row,) = warnings(question)
    with pytest.raises(Problems) as caught:
        accept(question, row, **change)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert not Waiver.objects.exists()


def test_an_error_is_not_accepted(exam):
    question = make_question(exam)
    question.references.all().delete()
    question = fresh(question)
    (row,) = judged(question, content_of(question), on=NOW.date())
    assert (row.is_error, row.is_open) == (True, False)
    with pytest.raises(Problems):
        accept(question, row)


# ── in packs

WAIVER = '  waivers:\n    - {code: a_rule, where: stem.en, text: "0123456789abcdef", reason: So it is meant}\n'
SERVICES = "services:\n  - {name: Old, since: 2024-01-02, now: New}\n  - {name: Gone, since: 2024-01-03}\n"


def spoilt(waiver=WAIVER, services=SERVICES):
    files = pack_files()
    files["questions/left.yaml"] += waiver.encode()
    files["exam.yaml"] += services.encode()
    return files


def load(files, **more):
    return exchange.load_pack(files, by=None, now=NOW, **more)


def test_a_pack_brings_waivers_and_services_and_a_dump_gives_them_back():
    exam = load(spoilt()).exam
    assert exam.services == [
        {"name": "Old", "since": "2024-01-02", "now": "New"},
        {"name": "Gone", "since": "2024-01-03"},
    ]
    waiver = Waiver.objects.get()
    assert (waiver.question.code, waiver.code, waiver.by) == ("a-single", "a_rule", None)
    dumped = exchange.dump_pack(exam)
    again = load(dumped)
    assert (again.changed, again.is_changed) == ([], False)
    assert b"text: 0123456789abcdef" in dumped["questions/left.yaml"]


def test_a_waiver_that_left_the_pack_goes_and_one_that_was_reworded_changes_and_one_given_here_stays():
    load(spoilt())
    question = Question.objects.get(code="a-single")
    Waiver.objects.create(question=question, code="b", where="", text="", reason="x", by=make_author(), given_at=NOW)
    assert load(spoilt(WAIVER.replace("meant", "written"))).changed == ["a-single"]
    assert Waiver.objects.get(code="a_rule").reason == "So it is written"
    assert load(spoilt("")).changed == ["a-single"]
    assert [waiver.code for waiver in Waiver.objects.all()] == ["b"]
    assert load(spoilt("")).changed == []


# ── near-identical questions


def long_question(exam, number=1, **fields):
    content = texts.question(number, "all", "1.1")
    question = Question(exam=exam, code=f"long-{Question.objects.count()}")
    bank.write(question, replace(content, **fields), now=NOW)
    publish_question(question)
    return question


def pairs():
    return [(row.first_id, row.second_id, row.language, row.percent) for row in NearDuplicate.objects.all()]


def test_publishing_notes_what_is_near_identical_in_each_language(exam):
    one, other, third = long_question(exam), long_question(exam), long_question(exam, 2)
    assert pairs() == [(one.pk, other.pk, "en", 100), (one.pk, other.pk, "ja", 100)]
    assert [fresh(row).near_group for row in (one, other, third)] == [one.pk, one.pk, None]


def test_rewriting_and_publishing_ends_it(exam):
    one, other = long_question(exam), long_question(exam)
    bank.write(fresh(other), texts.question(2, "all", "1.1"), now=NOW)
    assert len(pairs()) == 2  # what candidates get is still alike
    publish_question(fresh(other))
    assert pairs() == []
    assert [fresh(row).near_group for row in (one, other)] == [None, None]


def test_a_start_never_gives_both_and_takes_no_search(exam):
    make_size(exam, "short", questions=2, scored=2, minutes=9, cut=1)
    one, other, third = long_question(exam), long_question(exam), long_question(exam, 2)
    size = exam.sizes.get()
    for seed in range(6):
        started = attempts.start(make_user(), exam, size, now=NOW, seed=seed, language="en")
        drawn = set(started.attempt.items.values_list("version__question", flat=True))
        assert third.pk in drawn
        assert not {one.pk, other.pk} <= drawn


def test_the_working_copy_is_compared_with_what_others_have_published(exam):
    one = long_question(exam)
    draft = Question(exam=exam, code="a-draft")
    bank.write(draft, texts.question(1, "all", "1.1"), now=NOW)
    found = near_duplicates_of(draft, content_of(draft))
    assert [(row.code, row.where, row.params) for row in found] == [
        ("near_duplicate", f"stem.{language}", {"other": one.code, "percent": 100}) for language in ("en", "ja")
    ]
    bank.retire(one)
    assert near_duplicates_of(draft, content_of(draft)) == []


def test_loading_compares_at_the_end_as_publishing_one_by_one_would():
    files = pack_files()
    words = " ".join(f"word{number} of this long text" for number in range(40))
    one = files["questions/left.yaml"].decode().replace("Look at this.", words)
    files["questions/left.yaml"] = (one + one.replace("id: a-single", "id: a-second")).encode()
    load(files)
    assert [language for *_ids, language, _percent in pairs()] == ["en", "ja"]
    assert Question.objects.exclude(near_group=None).count() == 2
    assert load(files).published == []


def test_near_identical_questions_are_found_where_a_process_keeps_no_more_sketches(monkeypatch):
    monkeypatch.setattr(queries, "MOST_READ", 1)
    exam = make_exam()
    words = {"en": f"{LONG} Which is right?", "ja": f"{LONG}正しいのはどれか。"}
    twins = [make_question(exam, stem=words) for _ in range(3)]
    assert NearDuplicate.objects.filter(language="en").count() == 3
    assert len(set(exam.questions.filter(pk__in=[row.pk for row in twins]).values_list("near_group", flat=True))) == 1


LONG = "A parcel carrier wants to predict on the evening before how many parcels each depot will receive. "
