"""The checker at the desk: what is typed is checked and not saved, warnings are accepted, the list is filtered."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.http import QueryDict
from django.urls import reverse

from exams.admin.blueprints import ExamForm
from exams.domain.bank import Kind
from exams.forms.checking import name_of
from exams.forms.typed import MOST_ROWS, typed
from exams.models import NearDuplicate, Question, Waiver
from exams.queries.bank import content_of
from exams.queries.checking import judged
from tests.admin.filling import filled
from tests.admin.test_bank import posted
from tests.factories import NOW, make_bank, make_exam, make_question, make_user

pytestmark = pytest.mark.django_db
NEW = "admin:exams_question_findings_new"
LIST, CHANGE = "admin:exams_question_changelist", "admin:exams_question_change"


def said(answer):
    """What is said, with the id of the input or group that it stands at."""
    rows = [*answer.context["index"], *answer.context["elsewhere"]]
    return [(one.row.finding.code, one.at) for one in rows]


def beside(body, at):
    """What a page has in the place beside an input."""
    return body.partition(f'id="{at}_findings">')[2].partition("</div>")[0]


def test_what_is_typed_is_checked_and_nothing_is_saved(desk, exam):
    data = posted(exam, keys=(), reference=False, stem__en="Say it.")
    answer = desk.post(reverse(NEW), data)
    assert said(answer) == [
        ("key_missing", "options-group"),
        ("reference_missing", "references-group"),
        ("stem_without_question", "id_stem_en"),
    ]
    assert not Question.objects.exists()
    assert "Accept" not in answer.content.decode()


def test_nothing_is_said_of_a_form_that_nobody_has_touched(desk, exam):
    data = filled(desk.get(reverse("admin:exams_question_add")))
    answer = desk.post(reverse(NEW), data)
    assert (said(answer), answer.context["sum"]) == ([], "")
    assert desk.post(reverse("admin:exams_question_live", args=[exam.code]), data).context["item"] is None


def test_what_would_not_come_out_as_meant_is_told_as_one_types(desk, exam):
    data = posted(exam, stem__en="How many <b>shards</b> are needed, if $\\frac$ is broken?") | {
        "options-0-rationale__ja": "[ここ](javascript:alert)を参照。",
        "options-1-text__en": "![](media/none.png)",
    }
    assert said(desk.post(reverse(NEW), data)) == [
        ("html_shown", "id_stem_en"),
        ("formula_unreadable", "id_stem_en"),
        ("link_refused", "id_options-0-rationale_ja"),
        ("picture_unknown", "id_options-1-text_en"),
        ("picture_without_words", "id_options-1-text_en"),
    ]
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("Which <b>one</b> is it?", "is HTML, which candidates would see"), ("Which\1?", "There is a control character")],
)
def test_what_a_save_has_said_of_a_text_is_said_once(desk, exam, words, sentence):
    body = desk.post(reverse("admin:exams_question_add"), posted(exam, stem__en=words)).content.decode()
    assert (body.count(sentence), body.count("Mend what is said of this text")) == (1, 1)


def test_what_the_checker_does_not_know_is_said_in_full(desk, exam):
    question = make_question(exam, kind="matching")
    path = reverse(CHANGE, args=[question.pk])
    sent = filled(desk.get(path)) | {"options-3-rationale__en": "<b>Why</b>", "options-4-rationale__en": "Why\1"}
    body = desk.post(path, sent).content.decode()
    assert (body.count("is HTML"), body.count("There is a control character")) == (1, 1)
    assert "Mend what is said of this text" not in body


def test_of_a_text_that_is_too_long_nothing_else_is_looked_for(desk, exam):
    data = posted(exam, stem__en="<b>" + "x" * 20_000) | {"options-0-text__en": "All of the above"}
    assert said(desk.post(reverse(NEW), data)) == [("text_too_long", "id_stem_en")]


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
    """Press the button of the only warning, on a page that nobody has typed at."""
    name, text = warning(question)
    data = {"_accept": name, f"_reason_{text}": "Quoted", **fields}
    page = filled(desk.get(reverse(CHANGE, args=[question.pk])))
    return desk.post(reverse("admin:exams_question_accept", args=[question.pk]), page | data)


def warning(question):
    question = Question.objects.get(pk=question.pk)
    (row,) = judged(question, content_of(question), on=NOW.date())
    return name_of(row), row.text


def test_a_warning_is_accepted_with_its_reason_and_by_whom(desk, exam):
    question = make_question(exam, stem={"en": "Say it.", "ja": "どれか。"})
    answer = accept(desk, question)
    assert [one.row.is_open for one in answer.context["index"]] == [False]
    assert "Quoted (Person" in answer.content.decode()
    assert Waiver.objects.get().by is not None


def test_a_refusal_is_a_sentence_beside_the_field_and_the_reason_stays(desk, exam):
    question = make_question(exam, stem={"en": "Say it.", "ja": "どれか。"})
    answer = accept(desk, question, **{f"_reason_{warning(question)[1]}": " "})
    assert answer.status_code == 422
    assert [one.refusal[:19] for one in answer.context["index"]] == ["There is no reason."]
    assert not Waiver.objects.exists()


def test_a_warning_about_a_text_that_is_not_saved_is_not_accepted(desk, exam):
    question = make_question(exam, stem={"en": "Say it.", "ja": "どれか。"})
    answer = accept(desk, question, _accept="stem_without_question stem.en 0123", _reason_0123="So")
    assert answer.status_code == 422
    assert answer.context["refusal"].startswith("There is no such warning in the text as it is saved.")
    assert accept(desk, question, _accept="nonsense").status_code == 422
    assert not Waiver.objects.exists()


def test_without_script_the_button_saves_and_accepts(desk, exam):
    question = make_question(exam, stem={"en": "Say it.", "ja": "どれか。"})
    address = reverse(CHANGE, args=[question.pk])
    name, text = warning(question)
    data = filled(desk.get(address)) | {"_accept": name, "licence": "CC0"}
    answer = desk.post(address, data, follow=True)
    assert "There is no reason." in answer.content.decode()
    answer = desk.post(address, filled(answer) | {"_accept": name, f"_reason_{text}": "Quoted"}, follow=True)
    assert (Waiver.objects.get().reason, Question.objects.get().licence) == ("Quoted", "CC0")
    assert "Quoted (Person" in beside(answer.content.decode(), "id_stem_en")


# ── beside the fields


def test_each_finding_stands_beside_its_field_as_the_page_is_sent(desk, exam):
    question = make_question(exam, kind="ordering", as_of=date(2020, 1, 1), shuffle=False, publish=False)
    question.options.filter(code="o1").update(rationale={"en": "Only here"})
    question.references.all().delete()
    body = desk.get(reverse(CHANGE, args=[question.pk])).content.decode()
    for at, words in (
        ("id_options-1-rationale_ja", "There is no text in Japanese."),
        ("id_shuffle", "Switch shuffling on."),
        ("id_as_of", "more than 24 months ago"),
        ("references-group", "There is no reference."),
    ):
        assert words in beside(body, at)
    assert beside(body, "id_stem_en") == beside(body, "id_options-0-text_ja") == ""
    assert (
        'id="id_options-1-rationale_ja" lang="ja" rows="2" aria-describedby="id_options-1-rationale_ja_findings"'
        in body
    )
    assert 'aria-describedby="id_as_of_helptext"' in body
    assert 'href="#id_options-1-rationale_ja"' in body


def test_each_finding_stands_beside_its_field_after_a_refused_submit_too(desk, exam):
    question = make_question(exam)
    data = filled(desk.get(reverse(CHANGE, args=[question.pk])))
    data |= {"stem__en": "Say <b>it", "options-2-text__en": "All of the above"}
    body = desk.post(reverse(CHANGE, args=[question.pk]), data).content.decode()
    assert "rests on the other options" in beside(body, "id_options-2-text_en")
    assert 'aria-invalid="true" aria-describedby="id_stem_error id_stem_en_findings"' in body
    assert 'id="id_stem_error"' in body


def test_a_case_is_spoken_of_where_it_is_chosen(desk, exam):
    case = exam.cases.create(code="a-case", text={"en": "Only here"})
    question = make_question(exam, case=case, publish=False)
    body = desk.get(reverse(CHANGE, args=[question.pk])).content.decode()
    assert "There is no text in Japanese." in beside(body, "id_case")


def test_whoever_may_only_look_is_told_nothing_to_mend(client, exam):
    question = make_question(exam, stem={"en": "Say it.", "ja": "どれか。"})
    reader = make_user(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_question"))
    client.force_login(reader)
    body = client.get(reverse(CHANGE, args=[question.pk])).content.decode()
    assert "Say it." in body
    assert "_findings" not in body


# ── what a prompt matches


def targets(page, name):
    return re.findall(
        r'<option value="([^"]*)"( selected)?>', page.partition(f'<select name="{name}"')[2].partition("</select>")[0]
    )


def test_what_a_prompt_matches_is_chosen_from_the_saved_targets(desk, exam):
    question = make_question(exam, kind="matching")
    page = desk.get(reverse(CHANGE, args=[question.pk])).content.decode()
    wanted = [("", ""), ("t0", " selected"), ("t1", ""), ("t2", ""), ("t3", "")]
    assert targets(page, "options-0-target") == wanted
    assert targets(page, "options-3-target") == [("", ""), ("t1", ""), ("t2", ""), ("t3", "")]
    question.options.filter(code="o0").update(target="gone")
    page = desk.get(reverse(CHANGE, args=[question.pk])).content.decode()
    assert targets(page, "options-0-target")[-1] == ("gone", " selected")


def test_where_nothing_is_saved_there_is_nothing_to_choose_from_but_what_was_just_sent(desk, exam):
    page = desk.get(reverse("admin:exams_question_add")).content.decode()
    assert '<input type="text" name="options-0-target"' in page
    data = posted(exam, kind="matching", stem__en="<b>") | {"options-0-target": "options-2-new"}
    page = desk.post(reverse("admin:exams_question_add"), data).content.decode()
    wanted = [("", ""), ("options-1-new", ""), ("options-2-new", " selected"), ("options-3-new", "")]
    assert targets(page, "options-0-target") == wanted


def test_a_target_that_had_no_id_when_it_was_chosen_is_found_when_both_are_saved(desk, exam):
    data = posted(exam, kind="matching") | {f"options-{row}-target": "options-3-new" for row in range(3)}
    desk.post(reverse("admin:exams_question_add"), data)
    question = Question.objects.get()
    assert set(question.options.exclude(target="").values_list("target", flat=True)) == {"algorithm-3"}
    assert not judged(question, content_of(question), on=NOW.date())


def test_a_target_without_an_id_is_still_it_when_somebody_else_has_saved_meanwhile(desk, exam):
    question = make_question(exam, kind="matching")
    address = reverse(CHANGE, args=[question.pk])
    mine = filled(desk.get(address))
    theirs = {f"options-7-text__{code}": "Theirs" for code in ("en", "ja")}
    desk.post(address, mine | theirs | {"options-TOTAL_FORMS": 8, "options-7-order": 1})
    new = {f"options-7-text__{code}": "Mine" for code in ("en", "ja")} | {"options-0-target": "options-7-new"}
    page = desk.post(address, mine | new | {"options-TOTAL_FORMS": 8, "options-7-order": 20})
    desk.post(address, filled(page))
    assert question.options.get(code="o0").target == "mine"


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


def test_a_new_row_that_was_not_moved_comes_after_those_that_are_saved(exam):
    rows = ({"id": 7, "order": 0}, {"id": 8, "order": 1}, {"order": 0}, {"order": 1}, {"order": ""})
    sent = QueryDict("options-TOTAL_FORMS=5", mutable=True)
    for number, row in enumerate(rows):
        for name, value in {**row, "code": f"o{number}"}.items():
            sent[f"options-{number}-{name}"] = str(value)
    assert [option.id for option in typed(sent, exam).content.options] == ["o0", "o1", "o3", "o2", "o4"]


# ── the bank at a glance


def test_the_bank_is_set_against_the_blueprint(desk, exam, assert_queries):
    make_bank(exam)
    one, other = exam.questions.order_by("pk")[:2]
    NearDuplicate.objects.create(first=one, second=other, language="en", percent=77)
    Question.objects.filter(pk=one.pk).update(as_of=date(2020, 1, 1))
    address = reverse("admin:exams_exam_bank", args=[exam.pk])
    with assert_queries(12):
        answer = desk.get(address)
    glance = answer.context["glance"]
    assert next((need.have, need.need) for need in glance.needs) == (4, {"full": 13, "short": 4})
    assert (glance.nears, glance.stale) == (1, 1)
    page = answer.content.decode()
    assert page.count("too few") == 4
    assert f"({'en'}, 77%)" in page
    assert address in desk.get(reverse("admin:exams_exam_change", args=[exam.pk])).content.decode()


def test_services_are_judged_in_the_form_of_the_exam():
    form = ExamForm({"services": '[{"name": "A"}]'})
    assert form.errors["services"][0].startswith("services.1: ")
    assert "services" not in ExamForm({"services": '[{"name": "A", "since": "2024-01-01"}]'}).errors
    assert "services" not in ExamForm({}).errors
