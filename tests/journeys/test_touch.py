"""Under a finger whatever can be pressed at the author's desk measures 44 px in each direction, and is in reach."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.factories import make_author, make_bank, make_exam, make_question

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
# What can be pressed, with its label, and is smaller than that.
TOO_SMALL = """() => [...document.querySelectorAll(
  "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]"
)].filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest(".sr, .enter")).filter(one => {
  const boxes = [one, ...(one.labels ?? [])].map(box => box.getBoundingClientRect());
  const size = side => Math.round(Math.max(...boxes.map(box => box[side])));
  return size("width") > 1 && (size("width") < 44 || size("height") < 44);
}).map(one => one.outerHTML.slice(0, 90))"""


@pytest.fixture
def exam(transactional_db):
    exam = make_exam("mock-1")
    make_bank(exam)
    return exam


@pytest.mark.parametrize("language", ["ja", "en"])
def test_everything_that_a_finger_presses_is_large_enough(visit, exam, language):
    question = exam.questions.first()
    page = visit(language=language, width=390, height=844).sign_in(make_author(language=language), "/admin/")
    base = "/admin/exams/question/"
    paths = ["/admin/", base, f"{base}add/", f"{base}{question.pk}/change/", f"{base}{question.pk}/versions/"]
    found = {}
    for path in paths:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.eval_on_selector_all("details", "folds => folds.forEach(fold => { fold.open = true })")
        if small := page.evaluate(TOO_SMALL):
            found[path] = small
    assert found == {}


def test_what_is_too_small_would_be_found(visit, exam):
    page = visit(width=390, height=844).sign_in(make_author(), "/admin/")
    page.wait_for_selector("#content")
    page.eval_on_selector("#content", "content => content.insertAdjacentHTML('beforeend', '<a href=\"/\">here</a>')")
    assert len(page.evaluate(TOO_SMALL)) == 1


def test_on_a_phone_the_preview_is_opened_from_wherever_one_writes(visit, exam):
    question = make_question(exam)
    page = visit(width=390, height=844).sign_in(make_author(), f"/admin/exams/question/{question.pk}/change/")
    fold = page.locator("details.live")
    expect(fold).not_to_have_attribute("open", "")
    page.locator("textarea[name=stem__en]").scroll_into_view_if_needed()
    expect(fold.locator("summary")).to_be_in_viewport()
    fold.locator("summary").click()
    expect(page.frame_locator("#live").locator("#question .stem").first).to_be_in_viewport()


def test_on_a_phone_the_filters_stand_folded_above_the_list(visit, exam):
    page = visit(width=390, height=844).sign_in(make_author(), "/admin/exams/question/")
    fold = page.locator("details.filters")
    expect(fold).not_to_have_attribute("open", "")
    assert fold.bounding_box()["y"] < page.locator("#result_list").bounding_box()["y"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_list_fits_a_laptop_with_its_filters_open(visit, exam, language):
    page = visit(language=language, width=1280, height=900).sign_in(make_author(language=language))
    page.goto("/admin/exams/question/")
    expect(page.locator("details.filters")).to_have_attribute("open", "")
    table, box = page.locator("#result_list").bounding_box(), page.locator("#changelist .results").bounding_box()
    assert table["width"] <= box["width"]
    heads = page.locator("#result_list th").all_inner_texts()
    assert {"p", "r_rest"} <= {head.strip() for head in heads}


def test_options_are_sorted_before_they_are_saved_for_the_first_time(visit, exam):
    page = visit(width=1280, height=900).sign_in(make_author(), "/admin/exams/question/add/")
    page.wait_for_load_state("networkidle")
    for number in range(4):
        page.locator(f"textarea[name=options-{number}-text__en]").fill(f"Option {number}")
    page.locator("#options-group .add-row a").click()
    page.locator("textarea[name=options-4-text__en]").fill("Option 4")
    page.locator("#options-4 .sort .move-begin").click()
    page.locator("#options-1 .sort .move-end").press("Enter")
    expect(page.locator("#options-1 .sort .move-end")).to_be_focused()
    rows = page.locator("#options-group .inline-related:not(.empty-form) textarea[name$='-text__en']")
    said = [f"Option {number}" for number in (4, 0, 2, 3, 1)]
    assert [row.input_value() for row in rows.all()] == said
    page.locator("textarea[name=stem__en]").fill("Which?")
    page.locator("select[name=domain]").select_option(index=1)
    page.locator("input[name=_continue]").last.click()
    page.wait_for_url("**/change/")
    question = exam.questions.latest("pk")
    assert [option.text["en"] for option in question.options.all()] == said
