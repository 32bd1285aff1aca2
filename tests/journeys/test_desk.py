"""The author's desk in a browser: every kind from the first word to a candidate's exam, and nothing lost on the way."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from exams.models import Question
from exams.services import attempts
from tests.factories import make_author, make_exam, make_question, make_size, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHANGE = "/admin/exams/question/{}/change/"
PLAIN = {"en": "Which of these is right?", "ja": "正しいのはどれか。"}
KINDS = {
    "single": (PLAIN, 4),
    "multiple": ({"en": "Which are right? (Choose two.)", "ja": "正しいのはどれか。（2つ選択）"}, 5),
    "ordering": ({"en": "Put the steps in order.", "ja": "手順を正しい順に並べよ。"}, 4),
    "matching": ({"en": "Match each task with its service.", "ja": "作業とサービスを対応づけよ。"}, 5),
}


@pytest.fixture
def exam(transactional_db):
    exam = make_exam("mock-1", weights={"all": 100}, sizes=False)
    make_size(exam, "short", questions=1, scored=1, minutes=20, cut=1)
    exam.cases.create(code="a-case", text={"en": "A carrier delivers parcels.", "ja": "ある運送会社が荷物を届ける。"})
    return exam


def write(page, kind):
    """Fill in a new question of the kind, as a person does who sees only what it needs."""
    stem, count = KINDS[kind]
    page.goto("/admin/exams/question/add/")
    page.wait_for_load_state()
    page.locator("select[name=kind]").select_option(kind)
    page.locator("select[name=domain]").select_option(label="All")
    page.locator("select[name=case]").select_option(label="a-case")
    for language, words in stem.items():
        page.locator(f"textarea[name=stem__{language}]").fill(words)
    while page.locator("#options-group .inline-related:not(.empty-form)").count() < count:
        page.get_by_role("button", name="Add another Option").click()
    for number in range(count):
        is_target = kind == "matching" and number > 2
        for language, word in (("en", "Answer"), ("ja", "解答")):
            page.locator(f"textarea[name=options-{number}-text__{language}]").fill(f"{word} {number}")
            if not is_target:
                page.locator(f"textarea[name=options-{number}-rationale__{language}]").fill(f"{word} {number} why")
        is_choice = kind in ("single", "multiple")
        expect(page.locator(f"input[name=options-{number}-is_key]")).to_be_visible(visible=is_choice)
        if is_choice and number < (2 if kind == "multiple" else 1):
            page.locator(f"input[name=options-{number}-is_key]").check()
    for number in range(3 if kind == "matching" else 0):
        page.locator(f"select[name=options-{number}-target]").select_option(label="Answer 3")
    for language, words in (("en", "Guide"), ("ja", "ガイド")):
        page.locator(f"textarea[name=references-0-title__{language}]").fill(words)
    page.locator("input[name=references-0-url]").fill("https://docs.example.org/guide")


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_each_kind_is_written_previewed_reviewed_published_and_sat(visit, exam, kind):
    page = visit().sign_in(make_author(language="en"), "/admin/")
    write(page, kind)
    live = page.frame_locator("#live")
    expect(live.locator(".stem[lang=en]").last).to_contain_text(KINDS[kind][0]["en"].split(".")[0])
    expect(live.locator(".option, .mrow")).to_have_count(3 if kind == "matching" else KINDS[kind][1])
    live.locator("label:has(#ql-ja)").click()
    expect(live.locator(".stem[lang=ja]").last).to_be_visible()
    expect(live.locator(".stem[lang=en]").last).to_be_hidden()
    page.locator("input[name=_review]").click()
    expect(page.locator(".messagelist .success")).to_contain_text("is in review now")

    reviewer = visit().sign_in(make_author(language="en"), "/admin/")
    reviewer.locator("#pile-review + ul a").click()
    reviewer.get_by_label("Comment for the other authors").fill("Good.")
    reviewer.get_by_role("button", name="Publish", exact=True).click()
    expect(reviewer.locator(".messagelist .success")).to_contain_text("published as version 1")
    expect(reviewer.locator(".timeline")).to_contain_text("Good.")

    candidate = make_user(language="en")
    size = exam.sizes.get()
    attempt = attempts.start(candidate, exam, size, now=timezone.now(), seed=1, language="en").attempt
    room = visit().sign_in(candidate, f"/attempts/{attempt.public_id}/")
    expect(room.locator("#q-1 .stem[lang=en]").last).to_contain_text(KINDS[kind][0]["en"].split(".")[0])
    expect(room.locator("#q-1 .case")).to_contain_text("A carrier delivers parcels.")


def test_findings_stand_beside_their_fields_as_one_types_and_are_accepted_there_by_keys(visit, exam):
    question = make_question(exam)
    page = visit().sign_in(make_author(language="en"), CHANGE.format(question.pk))
    page.wait_for_load_state("networkidle")
    stem, beside = page.locator("textarea[name=stem__en]"), page.locator("#id_stem_en_findings")
    stem.fill("Say it.")
    expect(beside).to_contain_text("The stem does not end in a question.")
    expect(stem).to_have_accessible_description(re.compile("does not end in a question"))
    expect(page.locator("#findings")).to_contain_text("1 warning")
    expect(page.locator("#findings-said")).to_have_text("1 warning")
    page.locator("#findings a").click()
    expect(stem).to_be_focused()
    page.keyboard.press("Tab")  # to the warning below it
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Quoted")
    page.keyboard.press("Enter")
    expect(beside).to_contain_text("There is no such warning in the text as it is saved.")
    expect(stem).to_have_value("Say it.")
    page.locator("textarea[name=options-2-rationale__ja]").fill("")
    expect(page.locator("#id_options-2-rationale_ja_findings")).to_contain_text("There is no text in Japanese.")
    page.locator("textarea[name=options-2-rationale__ja]").fill("理由")
    page.locator("input[name=_continue]").last.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.wait_for_load_state("networkidle")
    beside.locator("summary").click()
    beside.get_by_label("Why it may stay as it is").fill("Quoted")
    page.locator("textarea[name=licence], input[name=licence]").evaluate(
        "field => field.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    page.wait_for_timeout(1500)  # the checker has answered again
    expect(beside.get_by_label("Why it may stay as it is")).to_have_value("Quoted")
    beside.get_by_role("button", name="Accept", exact=True).click()
    expect(beside).to_contain_text("Quoted (Person")
    expect(page.locator("#findings")).to_contain_text("1 accepted warning")


def test_findings_are_at_rows_that_have_come_and_gone(visit, exam):
    question = make_question(exam)
    page = visit().sign_in(make_author(language="en"), CHANGE.format(question.pk))
    page.wait_for_load_state("networkidle")
    for _time in range(2):
        page.get_by_role("button", name="Add another Option").click()
    page.locator("textarea[name=options-5-text__en]").fill("All of the above")
    page.locator("#options-4 .inline-deletelink").click()
    row = page.locator("#options-4")
    expect(row.locator("textarea[name=options-4-text__en]")).to_have_accessible_description(re.compile("rests on"))
    expect(row.locator("#id_options-4-text_ja_findings")).to_contain_text("There is no text in Japanese.")
    group = page.locator("#options-group_findings")
    expect(group).to_contain_text("There are 5 options")
    expect(page.locator("#options-group > fieldset")).to_have_accessible_description(re.compile("There are 5 options"))


def test_without_script_findings_and_targets_are_there_after_a_submit(visit, exam):
    question = make_question(exam, kind="matching")
    page = visit(javascript=False).sign_in(make_author(language="en"), CHANGE.format(question.pk))
    page.locator("select[name=options-0-target]").select_option("t1")
    page.locator("textarea[name=options-0-rationale__ja]").fill("")
    page.keyboard.press("Tab")
    page.locator("input[name=options-0-code]").press("Enter")  # saves, and neither publishes nor sends to review
    expect(page.locator(".messagelist .success")).to_contain_text("was changed successfully")
    expect(page.locator("#id_options-0-rationale_ja_findings")).to_contain_text("There is no text in Japanese.")
    expect(page.locator("select[name=options-0-target]")).to_have_value("t1")
    assert Question.objects.get(pk=question.pk).status == "draft"


# A page may have loaded before jQuery lets Django's script have the rows.
LOADS_EARLY = "addEventListener('DOMContentLoaded', () => dispatchEvent(new Event('load')))"


def test_targets_that_are_not_saved_are_chosen_and_kept_in_step(visit, exam):
    visitor = visit()
    visitor.context.add_init_script(LOADS_EARLY)
    visitor.expected = ["sandboxed"]  # the preview's frame, which runs no script
    page = visitor.sign_in(make_author(language="en"), "/admin/exams/question/add/")
    page.wait_for_load_state("networkidle")
    page.locator("select[name=kind]").select_option("matching")
    page.locator("select[name=domain]").select_option(label="All")
    page.locator("textarea[name=stem__en]").fill("Match each.")
    for number, words in enumerate(("Task", "Old", "Wrong", "Right")):
        page.locator(f"textarea[name=options-{number}-text__en]").fill(words)
    task = page.locator("select[name=options-0-target]")
    expect(task.locator("option")).to_have_text(["(is itself a target)", "Old", "Wrong", "Right"])
    task.select_option(label="Right")
    expect(page.locator("select[name=options-1-target] option")).to_have_text(
        ["(is itself a target)", "Wrong", "Right"]
    )
    page.locator("#options-2 .inline-deletelink").click()  # Right has another number now
    expect(task.locator("option:checked")).to_have_text("Right")
    expect(task).to_have_value("options-2-new")
    page.locator("textarea[name=options-2-text__en]").fill("Quite right")
    expect(task.locator("option:checked")).to_have_text("Quite right")
    page.wait_for_timeout(300)
    page.close()
    page = visitor.context.new_page()
    page.goto("/admin/exams/question/add/")
    page.get_by_role("button", name="Put it back").click()
    expect(task_of(page)).to_have_text("Quite right")
    page.locator("input[name=_continue]").last.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Question.objects.get().options.get(code="task").target == "quite-right"
    page.locator("#options-2 .delete input").check()
    page.locator("textarea[name=options-1-text__en]").fill("Old one")
    expect(page.locator("select[name=options-1-target] option")).to_have_text(["(is itself a target)"])
    expect(task_of(page)).to_have_text("Quite right")  # it is not dropped in silence: the checker says so
    expect(page.locator("#id_options-0-target_findings")).to_contain_text("which is no target of the question")


def task_of(page):
    return page.locator("select[name=options-0-target] option:checked")


def test_a_published_question_is_edited_compared_published_and_taken_back(visit, exam):
    question = make_question(exam, stem={"en": "Which is red?", "ja": "赤いのはどれか。"})
    page = visit().sign_in(make_author(language="en"), CHANGE.format(question.pk))
    page.locator("textarea[name=stem__en]").fill("Which is blue?")
    page.locator("input[name=_continue]").last.click()
    expect(page.locator(".steps")).to_contain_text("draft of version 2; version 1 in force")
    page.get_by_role("link", name="Differences").click()
    expect(page.locator("del")).to_have_text("red")
    expect(page.locator("ins")).to_have_text("blue")
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text("published as version 2")
    page.get_by_role("link", name="Versions").click()
    page.get_by_role("link", name="Show 1").click()
    page.get_by_role("button", name="Publish this text anew").click()
    expect(page.locator(".messagelist .success").last).to_contain_text("published as version 3")
    expect(page.locator("textarea[name=stem__en]")).to_have_value("Which is red?")


def test_a_tab_closed_in_mid_edit_loses_nothing(visit, exam):
    question, author = make_question(exam), make_author(language="en")
    visitor = visit()
    page = visitor.sign_in(author, CHANGE.format(question.pk))
    page.wait_for_load_state()
    page.get_by_role("button", name="Add another Option").click()
    page.locator("textarea[name=options-4-text__ja]").fill("五つ目")
    page.locator("textarea[name=stem__en]").fill("Half a thought")
    page.locator("input[name=options-1-is_key]").check()
    page.wait_for_timeout(300)  # no hand is quicker from the keyboard to the tab
    page.close()
    page = visitor.context.new_page()
    page.goto(CHANGE.format(question.pk))
    expect(page.locator("#kept")).to_contain_text("was not saved")
    expect(page.locator("textarea[name=stem__en]")).not_to_have_value("Half a thought")
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("textarea[name=stem__en]")).to_have_value("Half a thought")
    expect(page.locator("textarea[name=options-4-text__ja]")).to_have_value("五つ目")
    expect(page.locator("input[name=options-1-is_key]")).to_be_checked()
    page.locator("input[name=_continue]").last.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator("#kept")).to_be_hidden()
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(page.locator("#kept")).to_be_hidden()
    assert Question.objects.get(pk=question.pk).stem["en"] == "Half a thought"


def test_steps_wait_until_what_is_typed_is_saved_and_a_comment_is_not_lost_by_that(visit, exam):
    question = make_question(exam)
    page = visit().sign_in(make_author(language="en"), CHANGE.format(question.pk))
    page.wait_for_load_state("networkidle")
    stem, steps, why = page.locator("textarea[name=stem__en]"), page.locator("[name=step]"), page.locator("#steps-why")
    before = stem.input_value()
    expect(steps).to_have_text(["Comment", "Retire"])
    for words, is_held in ((before, False), ("Which one is typed?", True), (before, False), ("Which is typed?", True)):
        stem.fill(words)
        expect(why).to_have_text(
            "Save first: these would take the question as it is stored, without what you have changed."
            if is_held
            else ""
        )
        for button in steps.all():
            expect(button).to_be_enabled(enabled=not is_held or button.inner_text() == "Comment")
    say = page.get_by_label("Comment for the other authors")
    say.fill("Half said")
    page.locator("input[name=_continue]").last.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(say).to_have_value("Half said")
    page.locator("button[value=submit]").click()
    expect(page.locator(".messagelist .success")).to_contain_text("is in review now")
    expect(page.locator(".timeline")).to_contain_text("Half said")
    expect(say).to_have_value("")
    stem.fill("Which is not saved?")
    say.fill("Said beside it")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".timeline")).to_contain_text("Said beside it")
    page.get_by_role("button", name="Put it back").click()
    expect(stem).to_have_value("Which is not saved?")


def texts_of(page):
    """The English texts of the options, from top to bottom."""
    areas = page.locator("#options-group .inline-related:not(.empty-form) textarea[name*='-text__en']")
    return areas.evaluate_all("areas => areas.map((area) => area.value)")


@pytest.mark.parametrize("way", ["arrow", "keys", "mouse"])
def test_a_changed_order_holds_the_steps_is_kept_and_comes_back_as_it_was_left(visit, exam, way):
    question = make_question(exam, kind="ordering")
    answers = [f"Answer {number} of {question.code}" for number in range(4)]
    visitor = visit()
    page = visitor.sign_in(make_author(language="en"), CHANGE.format(question.pk))
    page.wait_for_load_state("networkidle")
    assert texts_of(page) == answers
    retire = page.get_by_role("button", name="Retire", exact=True)
    expect(retire).to_be_enabled()
    if way == "mouse":
        page.set_viewport_size({"width": 1280, "height": 4000})
        page.drag_and_drop("#options-0 h3", "#options-1 h3")
        moved = [answers[1], answers[0], *answers[2:]]
    else:
        arrow = page.locator("#options-0 .sort .move-end")
        arrow.click() if way == "arrow" else arrow.press("Enter")
        moved = [*answers[1:], answers[0]]
    expect(retire).to_be_disabled()
    assert texts_of(page) == moved
    page.wait_for_timeout(300)
    page.close()
    page = visitor.context.new_page()
    page.goto(CHANGE.format(question.pk))
    page.get_by_role("button", name="Put it back").click()
    assert texts_of(page) == moved
    expect(page.get_by_role("button", name="Retire", exact=True)).to_be_disabled()
    page.locator("input[name=_continue]").last.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert texts_of(page) == moved
    expect(page.get_by_role("button", name="Retire", exact=True)).to_be_enabled()
    assert [row.text["en"] for row in question.options.all()] == moved


def test_rows_stand_in_their_order_when_a_submit_was_refused_and_lose_nothing_when_one_goes(visit, exam):
    question = make_question(exam, kind="ordering")
    answers = [f"Answer {number} of {question.code}" for number in range(4)]
    page = visit().sign_in(make_author(language="en"), CHANGE.format(question.pk))
    page.wait_for_load_state("networkidle")
    for number, words in ((4, "New"), (5, "Newer")):
        page.get_by_role("button", name="Add another Option").click()
        page.locator(f"textarea[name=options-{number}-text__en]").fill(words)
    page.locator("#options-4 .sort .move-begin").click()
    page.locator("textarea[name=stem__en]").fill("<b>Order</b>")
    page.locator("input[name=_continue]").last.click()
    expect(page.locator(".errornote")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert texts_of(page) == ["New", *answers, "Newer"]
    page.locator("#options-5 .inline-deletelink").click()
    assert texts_of(page) == ["New", *answers]
    page.locator("textarea[name=stem__en]").fill("Put these in order.")
    page.locator("input[name=_continue]").last.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert [row.text["en"] for row in question.options.all()] == ["New", *answers]


def test_what_is_typed_in_a_case_outlives_its_tab(visit, exam):
    case, visitor = exam.cases.get(), visit()
    path = f"/admin/exams/case/{case.pk}/change/"
    page = visitor.sign_in(make_author(language="en"), path)
    page.wait_for_load_state("networkidle")
    page.locator("textarea[name=text__en]").fill("Half a case")
    page.wait_for_timeout(300)
    page.close()
    page = visitor.context.new_page()
    page.goto(path)
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("textarea[name=text__en]")).to_have_value("Half a case")
    page.locator("input[name=_continue]").last.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(page.locator("#kept")).to_be_hidden()
    case.refresh_from_db()
    assert case.text["en"] == "Half a case"


def test_a_kept_text_is_thrown_away_when_told_so_and_by_signing_out(visit, exam):
    question, author = make_question(exam), make_author(language="en")
    visitor = visit()
    page = visitor.sign_in(author, CHANGE.format(question.pk))
    for way in ("button", "sign out"):
        page.wait_for_load_state("networkidle")
        page.locator("textarea[name=stem__en]").fill("Half a thought")
        page.goto(CHANGE.format(question.pk))
        expect(page.locator("#kept")).to_be_visible()
        if way == "button":
            page.get_by_role("button", name="Throw it away").click()
        else:
            page.locator("#logout-form button").click()
            page = visitor.sign_in(author, CHANGE.format(question.pk), page)
        page.goto(CHANGE.format(question.pk))
        page.wait_for_load_state("networkidle")
        expect(page.locator("#kept")).to_be_hidden()


def test_two_authors_at_one_question_see_both_and_decide(visit, exam):
    question = make_question(exam)
    first = visit().sign_in(make_author(name="Aoki", language="en"), CHANGE.format(question.pk))
    second = visit().sign_in(make_author(name="Baba", language="en"), CHANGE.format(question.pk))
    for page, words in ((first, "Aoki asks: which is right?"), (second, "Baba asks: which is right?")):
        page.locator("textarea[name=stem__en]").fill(words)
    first.locator("input[name=_continue]").last.click()
    expect(first.locator(".messagelist .success")).to_be_visible()
    second.locator("input[name=_continue]").last.click()
    expect(second.locator(".conflict")).to_contain_text("Stored by Aoki")
    expect(second.locator(".conflict del")).to_have_text("Aoki")
    expect(second.locator("textarea[name=stem__en]")).to_have_value("Baba asks: which is right?")
    second.get_by_role("link", name="Take what is stored instead").click()
    expect(second.locator("textarea[name=stem__en]")).to_have_value("Aoki asks: which is right?")
    second.wait_for_load_state("networkidle")
    expect(second.locator("#kept")).to_be_hidden()


def test_script_in_every_text_runs_nowhere_on_the_desk(visit, exam):
    """S6: what is typed into any field, a comment too, is only ever words."""
    evil = "<script>document.title='evil'</script><img src=x onerror=\"document.title='evil'\"><b hx-get=/healthz>"
    question = make_question(exam)
    visitor = visit()
    asked = []
    page = visitor.sign_in(make_author(language="en"), CHANGE.format(question.pk))
    page.on("request", lambda request: asked.append(request.url))
    expect(page.locator("#say")).to_be_visible()
    for area in page.locator("textarea:visible").all():
        area.fill(evil)
    page.wait_for_timeout(1000)
    expect(page.frame_locator("#live").locator(".stem").first).to_contain_text("<script>")
    page.locator("input[name=_continue]").last.click()
    expect(page.locator(".errornote")).to_be_visible()
    page.goto(CHANGE.format(question.pk))  # steps wait for what is not saved
    page.get_by_label("Comment for the other authors").fill(evil)
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".timeline")).to_contain_text("<script>")
    Question.objects.filter(pk=question.pk).update(stem={"en": evil, "ja": evil})
    for part in ("change", "preview", "differences"):
        page.goto(f"/admin/exams/question/{question.pk}/{part}/")
        assert "evil" not in page.title()
        assert page.locator("[hx-get]").count() == 0
    assert not [url for url in asked if url.endswith(("/x", "/healthz"))]
