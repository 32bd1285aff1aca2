"""The list of questions: search, filters, figures, and what is done to many at once."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams.formats import packs
from exams.models import Domain, Media, NearDuplicate, Question
from exams.services import attempts, bank, pictures
from tests.factories import NOW, make_bank, make_exam, make_question, make_user, text

pytestmark = pytest.mark.django_db
LIST = "admin:exams_question_changelist"


def found(desk, **query):
    return {question.code for question in desk.get(reverse(LIST), query).context["cl"].result_list}


def act(desk, action, questions, **data):
    chosen = {"action": action, "_selected_action": [question.pk for question in questions]}
    return desk.post(reverse(LIST), chosen | data, follow="apply" in data or action not in ("export_selected",))


def told(page):
    return [str(message) for message in page.context["messages"]]


def test_filters_narrow_by_task_kind_status_and_tag(desk, exam):
    tag = exam.tags.get()
    one = make_question(exam, domain="data", code="one", publish=False)
    two = make_question(exam, domain="modeling", code="two", kind="ordering")
    two.tags.add(tag)
    assert found(desk, task__id__exact=one.task_id) == {"one"}
    assert found(desk, kind__exact="ordering") == {"two"}
    assert found(desk, status__exact="draft") == {"one"}
    assert found(desk, tags__id__exact=tag.pk) == {"two"}


def test_task_statements_are_told_apart_by_their_exam_and_those_of_one_exam_alone_are_offered_with_it(desk, exam):
    def offered(**query):
        specs = desk.get(reverse(LIST), query).context["cl"].filter_specs
        specs = {spec.field_path: spec for spec in specs if hasattr(spec, "field_path")}
        return {name: [label for _pk, label in specs[name].lookup_choices] for name in ("domain", "task")}

    alone = offered()
    assert all(not label.startswith("AN-EXAM") for label in alone["task"])
    other = make_exam("other")
    both = offered()
    assert both["task"] == [f"{code} {label}" for code in ("AN-EXAM", "OTHER") for label in alone["task"]]
    assert both["domain"] == [f"{code} {label}" for code in ("AN-EXAM", "OTHER") for label in alone["domain"]]
    assert offered(exam__id__exact=other.pk) == offered(exam__id__exact=exam.pk) == alone


def test_the_state_of_the_languages_is_a_filter(desk, exam):
    make_question(exam, code="both", revised_at={"en": "2026-01-01T00:00:00", "ja": "2026-01-01T00:00:00"})
    make_question(exam, code="no-ja", stem={"en": "Which?"}, publish=False)
    make_question(exam, code="empty-en", stem={"en": "", "ja": "どれか。"}, publish=False)
    make_question(exam, code="late", revised_at={"en": "2026-02-01T00:00:00", "ja": "2026-01-01T00:00:00"})
    assert found(desk, language="no-ja") == {"no-ja"}
    assert found(desk, language="no-en") == {"empty-en"}
    assert found(desk, language="ja-en") == {"late"}
    assert found(desk, language="en-ja") == set()
    assert len(found(desk, language="nonsense")) == 4


def test_the_list_tells_how_often_a_question_was_used(desk, exam):
    make_bank(exam)
    size = exam.sizes.get(code="short")
    for seed in (1, 2):
        attempts.start(make_user(), exam, size, now=NOW, seed=seed, language="en")
    rows = desk.get(reverse(LIST)).context["cl"].result_list
    assert sum(row.figures.used for row in rows) == 40


def test_drafts_are_sent_to_review_and_others_named(desk, exam):
    draft, published = make_question(exam, publish=False), make_question(exam)
    lines = told(act(desk, "submit_selected", [draft, published]))
    assert lines == [
        f"{published.code}: Only a draft can be sent to review. Save a change first.",
        "1 question is in review now.",
    ]
    draft.refresh_from_db()
    assert draft.status == "in_review"


def test_a_tag_is_asked_for_and_given(desk, exam):
    questions = [make_question(exam), make_question(exam)]
    tag = exam.tags.get()
    questions[0].tags.add(tag)
    page = act(desk, "tag_selected", questions)
    assert "2 questions are chosen:" in page.content.decode()
    assert told(act(desk, "tag_selected", questions, apply="1", tag=tag.pk))[0] == "1 question changed."
    assert tag.questions.count() == 2
    assert Question.objects.get(pk=questions[1].pk).status == "draft"
    assert questions[1].events.first().places == ["tags"]


def test_questions_are_moved_to_a_task_and_its_domain(desk, exam):
    questions = [make_question(exam, domain="data") for _ in range(2)]
    task = exam.domains.get(code="modeling").tasks.get()
    assert told(act(desk, "move_selected", questions, apply="1", task=task.pk))[0] == "2 questions changed."
    assert set(Question.objects.values_list("domain__code", "task")) == {("modeling", task.pk)}


def test_published_questions_that_become_drafts_are_counted_before_and_after(desk, exam):
    questions = [make_question(exam, domain="data", publish=number < 2) for number in range(3)]
    page = act(desk, "move_selected", questions)
    assert "2 of them are published." in page.content.decode()
    task = exam.domains.get(code="modeling").tasks.get()
    assert told(act(desk, "move_selected", questions, apply="1", task=task.pk)) == [
        "3 questions changed.",
        "2 published questions now wait as drafts of their next versions. What is in force stays until the drafts are "
        "published.",
    ]
    drafts = questions[2:]
    assert "of them" not in act(desk, "move_selected", drafts).content.decode()
    assert len(told(act(desk, "tag_selected", drafts, apply="1", tag=exam.tags.get().pk))) == 1


@pytest.mark.parametrize(
    ("action", "sentence"), [("tag_selected", "Choose a tag."), ("move_selected", "Choose a task statement.")]
)
def test_applying_nothing_says_what_to_choose(desk, exam, action, sentence):
    page = act(desk, action, [make_question(exam)], apply="1")
    assert f"<li>{sentence}</li>" in page.content.decode()


def test_what_belongs_to_another_exam_is_not_taken(desk, exam):
    other = make_exam("other")
    question, theirs = make_question(exam), make_question(other)
    task = Domain.objects.filter(exam=other).first().tasks.get()
    page = act(desk, "move_selected", [question], apply="1", task=task.pk)
    assert "Select a valid choice" in page.content.decode()
    assert told(act(desk, "tag_selected", [question, theirs])) == [
        "Choose questions of one exam only; the filter on the page helps."
    ]
    question.refresh_from_db()
    assert question.domain.exam == exam


def test_the_chosen_are_exported_as_a_pack_that_can_be_read(desk, exam):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
    for path in ("media/a.svg", "media/unused.svg"):
        pictures.add(exam, path, svg)
    shown = make_question(exam, code="shown", stem=text("![a line](media/a.svg) Which is right?"))
    make_question(exam, code="left-out")
    answer = act(desk, "export_selected", [shown])
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name.removeprefix("an-exam/"): archive.read(name) for name in archive.namelist()}
    pack = packs.read(files)
    assert ([row.code for row in pack.questions], set(pack.media)) == (["shown"], {"media/a.svg"})


def test_an_export_with_a_lost_picture_says_so(desk, exam):
    Media.objects.create(exam=exam, path="media/lost.svg", name="0" * 64 + ".svg")
    question = make_question(exam, stem=text("![a line](media/lost.svg) Which is right?"))
    page = desk.post(reverse(LIST), {"action": "export_selected", "_selected_action": [question.pk]}, follow=True)
    assert "is gone from the storage" in told(page)[0]


def test_several_are_published_and_then_compared_with_the_bank_once(desk, exam):
    same = {
        "en": "Which algorithm groups similar tickets by the words that they have in common, at night?",
        "ja": "どれか。",
    }
    many = [make_question(exam, publish=False, stem=same) for _ in range(3)]
    for question in many:  # all say the same
        for option in question.options.all():
            option.text = text(f"The same answer {option.order} to all of them")
            option.save()
    with CaptureQueriesContext(connection) as three:
        page = act(desk, "publish_selected", many)
    assert [line.endswith("New attempts get it.") for line in told(page)] == [True] * 3 + [False]
    first, second, third = [question.code for question in many]
    for one, other in ((second, first), (third, first), (third, second)):
        assert f"<li>{one}: 100 percent of this question is also in “{other}”. Change or retire one" in told(page)[3]
    assert NearDuplicate.objects.filter(language="en").count() == 3
    assert sum(row["sql"].startswith("DELETE") and "nearduplicate" in row["sql"] for row in three) <= 1
    of_the_bank = [row["sql"] for row in three if 'FROM "exams_questionversion" INNER JOIN' in row["sql"]]
    assert sum('"exams_question"."exam_id" = ' in sql and '"sketches"' not in sql for sql in of_the_bank) == 1
    bank.retire(many[0])
    page = desk.post(reverse("admin:exams_question_workflow", args=[many[1].pk]), {"step": "publish"}, follow=True)
    assert [f"“{code}”" in told(page)[1] for code in (first, third)] == [False, True]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": "right"},
        {"exam__id__exact": "1"},
        {"status__exact": "published"},
        {"language": "no-ja"},
        {"language": "en-ja"},
        {"findings": "near"},
        {"findings": "stale"},
        {"findings": "accepted"},
        {"flags": "any"},
        {"flags": "suspect"},
    ],
)
def test_the_list_takes_as_many_queries_for_a_page_as_for_a_row(desk, exam, query):
    taken = []
    for number in (1, 30):
        for _ in range(number):
            question = make_question(exam, as_of=date(2020, 1, 1))
            Question.objects.filter(pk=question.pk).update(near_group=question.pk)
        with CaptureQueriesContext(connection) as captured:
            desk.get(reverse(LIST), query)
        taken.append(len(captured))
    assert taken[0] == taken[1] <= 21
