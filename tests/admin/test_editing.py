"""Writing a question: preview, two authors at one question, and texts that are refused beside their field."""

from __future__ import annotations

import pytest
from django.urls import reverse

from exams.models import Question
from tests.admin.filling import filled
from tests.factories import make_exam, make_exam_of_all_kinds, make_question, make_user

pytestmark = pytest.mark.django_db
CHANGE, ADD, LIVE = "admin:exams_question_change", "admin:exams_question_add", "admin:exams_question_live"
CASE = "admin:exams_case_change"


def opened(desk, question):
    return filled(desk.get(reverse(CHANGE, args=[question.pk])))


def send(desk, question, data):
    return desk.post(reverse(CHANGE, args=[question.pk]), data)


# ── preview


def test_what_is_typed_is_shown_as_in_the_room_without_a_key_and_nothing_is_kept(desk, exam):
    question = make_question(exam)
    data = opened(desk, question) | {"stem__en": "Which is *MOST* right?"}
    page = desk.post(reverse(LIVE, args=["an-exam"]), data)
    body = page.content.decode()
    question.refresh_from_db()
    assert 'Which is <em class="key-word">MOST</em> right?' in body
    assert body.count('class="option"') == 4
    assert "Reason 0" not in body
    assert "MOST" not in question.stem["en"]


def test_every_kind_is_shown_while_it_is_written(desk):
    exam = make_exam_of_all_kinds()
    for question in exam.questions.all():
        body = desk.post(reverse(LIVE, args=[exam.code]), opened(desk, question)).content.decode()
        is_choice = question.kind in ("single", "multiple")
        assert body.count('class="option"') == (question.options.count() if is_choice else 0)
        assert ("mrow" in body) is not is_choice
        assert ("A parcel carrier" in body) is bool(question.case)


def test_another_order_is_drawn_for_another_number(desk, exam):
    question = make_question(exam)
    data = opened(desk, question)
    shown = {desk.post(reverse(LIVE, args=["an-exam"]), {**data, "seed": seed}).content for seed in range(6)}
    assert len(shown) > 1


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kind": "nonsense", "options-TOTAL_FORMS": "x", "seed": "-1", "domain": "x", "case": "9" * 30, "as_of": "no"},
        {"kind": "matching", "options-TOTAL_FORMS": "3", "options-0-target": "t", "options-0-code": "p"},
        {"kind": "ordering", "options-TOTAL_FORMS": "9" * 9, "options-0-text__en": "One", "options-0-order": "x"},
    ],
)
def test_half_a_question_or_nonsense_is_shown_as_far_as_it_goes(desk, exam, data):
    assert desk.post(reverse(LIVE, args=["an-exam"]), data).status_code == 200


def test_of_a_text_that_is_too_long_the_beginning_is_shown(desk, exam):
    data = opened(desk, make_question(exam)) | {"stem__en": "x" * 20_000 + "yz"}
    body = desk.post(reverse(LIVE, args=["an-exam"]), data).content.decode()
    assert "xxx" in body
    assert "xy" not in body


def test_the_preview_may_be_framed_by_its_own_site_only_and_is_for_who_may_see_questions(desk, exam, client):
    page = desk.get(reverse(LIVE, args=["an-exam"]))
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    assert desk.get(reverse(LIVE, args=["no-exam"])).status_code == 404
    client.force_login(make_user(is_staff=True))
    assert client.get(reverse(LIVE, args=["an-exam"])).status_code == 404


def test_script_in_the_preview_is_text(desk, exam):
    question = make_question(exam)
    data = opened(desk, question) | {
        "stem__en": "<script>alert(1)</script>",
        "options-0-text__en": "<img src=x onerror=y>",
    }
    body = desk.post(reverse(LIVE, args=["an-exam"]), data).content.decode()
    assert "<script" not in body
    assert "<img" not in body


# ── two authors


def test_whoever_saves_second_overwrites_nothing_and_sees_both(desk, exam):
    question = make_question(exam)
    first, second = opened(desk, question), opened(desk, question)
    send(desk, question, first | {"stem__en": "Theirs: which is right?"})
    page = send(desk, question, second | {"stem__en": "Mine: which is right?"})
    question.refresh_from_db()
    assert question.stem["en"] == "Theirs: which is right?"
    body = page.content.decode()
    assert "<del>Theirs</del><ins>Mine</ins>" in body
    assert "Mine: which is right?" in filled(page)["stem__en"]
    send(desk, question, filled(page))
    question.refresh_from_db()
    assert question.stem["en"] == "Mine: which is right?"


def test_rows_that_came_and_went_meanwhile_are_neither_lost_nor_doubled(desk, exam):
    question = make_question(exam)
    first, second = opened(desk, question), opened(desk, question)
    rows = {f"options-4-text__{language}": "Theirs" for language in ("en", "ja")} | {"options-4-order": 9}
    gone = {"options-3-DELETE": "on", "references-0-DELETE": "on", "options-TOTAL_FORMS": 5}
    send(desk, question, first | rows | gone)
    assert [option.code for option in question.options.all()] == ["o0", "o1", "o2", "theirs"]
    page = send(desk, question, second | {"stem__en": "Mine: which is right?"})
    assert page.status_code == 200
    data = filled(page)
    deleted = [name for name in data if name.endswith("-DELETE")]
    assert [data[name.replace("DELETE", "code")] for name in deleted] == ["theirs"]
    send(desk, question, data)
    assert [option.code for option in question.options.all()] == ["o0", "o1", "o2", "o3"]
    assert question.references.count() == 1


def test_a_form_that_does_not_say_what_it_was_opened_with_is_refused(desk, exam):
    question = make_question(exam)
    data = opened(desk, question)
    del data["base"]
    assert send(desk, question, data | {"stem__en": "Blind"}).status_code == 200
    question.refresh_from_db()
    assert question.stem["en"] != "Blind"


def test_saving_twice_from_the_same_page_is_told_as_what_it_is(desk, exam):
    question = make_question(exam)
    data = opened(desk, question)
    assert send(desk, question, data).status_code == 302  # nothing changed, so nothing is in the way
    assert send(desk, question, data).status_code == 302


def test_a_saved_form_tells_the_browser_to_forget_its_copy(desk, exam):
    question = make_question(exam)
    answer = send(desk, question, opened(desk, question) | {"draft": str(question.pk)})
    assert answer.cookies["mogi_saved"].value == str(question.pk)


def test_a_form_of_what_is_gone_or_never_was_leads_to_the_desk_and_the_browser_keeps_its_text(desk, exam):
    question = make_question(exam, publish=False)
    data = opened(desk, question) | {"draft": str(question.pk)}
    gone = question.pk
    question.delete()
    for address in (f"question/{gone}", "question/abc", f"question/{'9' * 30}", "case/abc"):
        answer = desk.post(f"/admin/exams/{address}/change/", data)
        assert (answer.status_code, "mogi_saved" in answer.cookies) == (302, False)


def test_what_a_window_saved_is_told_with_the_next_answer_too(desk, exam):
    question = make_question(exam)
    case = {"exam": exam.pk, "code": "b-case", "text__en": "A case.", "text__ja": "事例", "draft": "add-case"}
    desk.post(reverse("admin:exams_case_add"), case | {"_popup": "1"})
    answer = send(desk, question, opened(desk, question) | {"draft": str(question.pk)})
    assert answer.cookies["mogi_saved"].value == f"add-case.{question.pk}"


def test_a_case_mended_beside_the_question_is_nobody_elses_edit(desk, exam, case):
    question = make_question(exam, case=case)
    data = opened(desk, question)
    desk.post(reverse(CASE, args=[case.pk]), at_case(desk, case, text__en="A shipper.") | {"_popup": "1"})
    assert send(desk, question, data | {"stem__en": "Which one is right?"}).status_code == 302


def test_nothing_else_of_a_question_can_be_set_by_its_form(desk, exam):
    """S5: state, version in force, exam and checksums added to the form change nothing."""
    question, other = make_question(exam), make_exam("other")
    theirs = {"status": "retired", "current_version": "", "exam": other.pk, "checksum": "x", "loaded_checksum": "x"}
    send(desk, question, opened(desk, question) | theirs | {"stem__en": "Which one is right?"})
    question.refresh_from_db()
    assert (question.status, question.exam, question.current_version.number) == ("draft", exam, 1)
    assert (len(question.checksum), question.loaded_checksum) == (64, "")


def test_what_the_kind_has_no_use_for_is_dropped(desk, exam):
    question = make_question(exam, kind="matching")
    send(desk, question, opened(desk, question) | {"kind": "ordering", "options-0-is_key": "on"})
    assert not question.options.exclude(target="").exists()
    assert not question.options.filter(is_key=True).exists()


# ── texts that are refused


@pytest.mark.parametrize(
    ("field", "words", "sentence"),
    [
        ("stem__en", "<script>alert(1)</script>", "“&lt;script&gt;” is HTML"),
        ("stem__ja", "$\\frac$はどれか。", "can&#x27;t be read. Correct its TeX."),
        ("options-0-rationale__ja", "```py\nx", "A block of code is begun and not ended."),
        ("options-1-text__en", "[x](javascript:alert(1))", "is no address that candidates can be led to"),
        ("references-0-title__en", "![](media/none.svg)", "The exam has no picture “media/none.svg”"),
        (
            "references-0-url",
            "not an address",
            "This is no address. Write it in full, such as https://docs.example.org",
        ),
        ("as_of", "31.3.2026", "This is no date. Write year, month and day, such as 2026-03-31."),
        ("as_of", "2999-01-01", "This day is still to come."),
        ("options-1-code", "o0", "Two options have the id “o0”. Give one of them another id."),
        ("stem__en", "x" * 20_001, "This has 20001 characters; 20000 can be kept. Shorten it."),
        ("source__en", "x" * 20_001, "This has 20001 characters; 20000 can be kept. Shorten it."),
        ("stem__en", "nul\0byte", "There is a control character"),
    ],
)
def test_a_text_that_would_not_come_out_is_refused_beside_its_field_and_stays_in_the_form(
    desk, exam, field, words, sentence
):
    question = make_question(exam)
    page = send(desk, question, opened(desk, question) | {field: words})
    assert page.status_code == 200
    body = page.content.decode()
    assert sentence in body
    assert "duplicate data" not in body
    assert filled(page)[field] == words


def test_a_case_is_judged_too(desk, exam):
    data = {"exam": exam.pk, "code": "a-case", "text__en": "<b>x</b>", "text__ja": "事例"}
    page = desk.post(reverse("admin:exams_case_add"), data)
    assert "is HTML" in page.content.decode()
    assert not exam.cases.exists()


# ── two authors at one case


def at_case(desk, case, **data):
    """Open the form of a case, and what to send of it."""
    return filled(desk.get(reverse(CASE, args=[case.pk]))) | data


@pytest.fixture
def case(exam):
    return exam.cases.create(code="a-case", text={"en": "A carrier.", "ja": "運送会社"})


def test_whoever_saves_a_case_second_overwrites_nothing_and_sees_both(desk, case):
    path = reverse(CASE, args=[case.pk])
    first, second = at_case(desk, case, text__en="A shipper."), at_case(desk, case, text__en="A baker.")
    assert desk.post(path, first).status_code == 302
    page = desk.post(f"{path}?_popup=1", second)
    case.refresh_from_db()
    assert case.text["en"] == "A shipper."
    body = page.content.decode()
    assert "Somebody else has saved this case" in body
    assert "<del>shipper</del><ins>baker</ins>" in body
    assert f'<a href="{path}?_popup=1" data-theirs>' in body
    assert filled(page)["text__en"] == "A baker."
    assert desk.post(path, filled(page)).status_code == 302
    case.refresh_from_db()
    assert case.text["en"] == "A baker."


def test_a_case_that_does_not_say_what_it_was_opened_with_is_refused(desk, case):
    blind = at_case(desk, case, text__en="Blind")
    del blind["base"]
    assert desk.post(reverse(CASE, args=[case.pk]), blind).status_code == 200
    case.refresh_from_db()
    assert case.text["en"] == "A carrier."


def test_what_is_typed_in_a_case_is_kept_by_the_browser_until_it_is_saved(desk, exam, case):
    assert 'name="draft" value="case-' in desk.get(reverse(CASE, args=[case.pk])).content.decode()
    assert 'name="draft" value="add-case"' in desk.get(reverse("admin:exams_case_add")).content.decode()
    new = {"exam": exam.pk, "code": "b-case", "text__en": "A case.", "text__ja": "事例", "draft": "add-case"}
    in_window = desk.post(reverse("admin:exams_case_add"), new | {"_popup": "1"})
    assert (in_window.status_code, in_window.cookies["mogi_saved"].value) == (200, "add-case")
    refused = desk.post(reverse("admin:exams_case_add"), new | {"_popup": "1"})
    assert (refused.status_code, "mogi_saved" in refused.cookies) == (200, False)


def test_a_case_that_keeps_published_questions_from_being_published_says_which_and_why(desk, exam, case):
    question, draft = make_question(exam, case=case), make_question(exam, case=case, publish=False)
    path = reverse(CASE, args=[case.pk])
    page = desk.post(path, at_case(desk, case, text__ja=""), follow=True)
    waiting, unready, _saved = [str(message) for message in page.context["messages"]]
    assert waiting.startswith("1 published question now waits as a draft of its next version.")
    assert f"can&#x27;t be published again: {question.code}.<ul>" in unready
    assert "case, text, Japanese: There is no text in Japanese." in unready
    assert draft.code not in unready
    page = desk.post(path, at_case(desk, case, text__ja="別の運送会社"), follow=True)
    assert len(page.context["messages"]) == 1


def test_a_new_question_with_its_exam_named_can_be_previewed(desk, exam):
    make_exam("other")
    page = desk.get(reverse(ADD) + "?exam=an-exam").content.decode()
    assert f'data-live="{reverse(LIVE, args=["an-exam"])}"' in page
    assert 'name="draft" value="add-an-exam"' in page
    assert not Question.objects.exists()
