"""The exam room's kinds and tools, by keyboard, by touch and without script."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from exams.models import AttemptItem
from exams.queries.results import reports
from exams.services import attempts
from tests.factories import make_exam_of_all_kinds, make_user

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]

AFTER = re.compile(r"/attempts/[0-9a-f-]+/[a-z]+/")


@pytest.fixture
def candidate(transactional_db):
    return make_user(language="en")


@pytest.fixture
def attempt(candidate):
    exam = make_exam_of_all_kinds()
    size = exam.sizes.get(code="short")
    return attempts.start(candidate, exam, size, now=timezone.now(), seed=3, language="en").attempt


@pytest.fixture
def path(attempt):
    return f"/attempts/{attempt.public_id}/"


@pytest.fixture
def page(visit, candidate, path) -> Page:
    page = visit().sign_in(candidate, path)
    expect(page.locator("html[data-ready]")).to_be_attached()
    return page


def of_kind(attempt, kind) -> AttemptItem:
    return attempt.items.filter(version__kind=kind, version__case_code="").get()


def right_words(item) -> list[tuple[int, int]]:
    """(row, cell) from 0 of the right answer; for a choice (option, 0)."""
    right, order = item.answer_key["right"], item.option_order
    if item.version.kind == "ordering":
        return sorted((order.index(step), place) for place, step in enumerate(right))
    if item.version.kind == "matching":
        prompts = [option for option in order if option in right]
        targets = [option for option in order if option not in right]
        return sorted((prompts.index(prompt), targets.index(target)) for prompt, target in right.items())
    return sorted((order.index(option), 0) for option in right)


def answer_by_keys(page, item) -> None:
    """With the focus where a move to the question has put it: on its heading."""
    for row, cell in right_words(item):
        page.keyboard.press(str((row if item.version.kind in ("single", "multiple") else cell) + 1))


def points(attempt) -> int:
    return reports([attempt])[attempt.pk].points


def test_a_whole_exam_by_keyboard_alone(page, attempt):
    for item in attempt.items.all():
        expect(page.locator(f"#h-{item.position}")).to_be_visible()
        answer_by_keys(page, item)
        if item.position == 2:
            page.keyboard.press("m")
            page.keyboard.press("Shift+Digit4")
        page.locator(f"#h-{item.position}").focus()
        page.keyboard.press("n")
    expect(page.locator("#review-h")).to_be_focused()
    expect(page.locator("#save.save--done")).to_be_visible()
    expect(page.locator("#review [data-count=answered]")).to_have_text("6")
    flagged = attempt.items.get(position=2)
    assert (flagged.is_flagged, flagged.struck) == (True, [3])
    page.get_by_role("button", name="Finish the exam").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Finish and see the result").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(AFTER)
    assert points(attempt) == 6


def test_a_whole_exam_without_script(visit, candidate, attempt, path):
    page = visit(javascript=False).sign_in(candidate, path)
    for item in attempt.items.all():
        question = page.locator(f"#q-{item.position}")
        for row, cell in right_words(item):
            if item.version.kind in ("single", "multiple"):
                question.locator("label.option__label").nth(row).click()
            else:
                question.locator(".mrow").nth(row).locator("label.cell").nth(cell).click()
        question.locator(".rfoot .btn--go").click()
    expect(page.locator("#review-h")).to_be_visible()
    page.get_by_role("button", name="Finish the exam").click()
    page.get_by_role("button", name="Finish and see the result").click()
    page.wait_for_url(AFTER)
    assert points(attempt) == 6


def test_a_whole_exam_by_touch_at_320_pixels(visit, candidate, attempt, path):
    visitor = visit(touch=True, width=320, height=640)
    page = visitor.sign_in(candidate, path)
    expect(page.locator("html[data-ready]")).to_be_attached()
    for item in attempt.items.all():
        question = page.locator(f"#q-{item.position}")
        for row, cell in right_words(item):
            if item.version.kind in ("single", "multiple"):
                question.locator("label.option__label").nth(row).tap()
            else:
                question.locator(".mrow").nth(row).locator("label.cell").nth(cell).tap()
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        question.locator(".rfoot .btn--go").tap()
    expect(page.locator("#save.save--done")).to_be_visible()
    page.get_by_role("button", name="Finish the exam").tap()
    page.get_by_role("button", name="Finish and see the result").tap()
    page.wait_for_url(AFTER)
    assert points(attempt) == 6


def test_a_place_of_an_ordering_is_exchanged_not_given_twice(page, attempt):
    item = of_kind(attempt, "ordering")
    page.goto(f"{page.url.split('?')[0]}?item={item.position}")
    rows = page.locator(f"#q-{item.position} .mrow")
    for row in range(4):
        rows.nth(row).locator("label.cell").nth(row).click()
    rows.nth(0).locator("label.cell").nth(2).click()
    expect(page.locator("#save.save--done")).to_be_visible()
    item.refresh_from_db()
    assert [item.response[step] for step in item.option_order] == [3, 2, 1, 4]
    rows.nth(3).locator("label.cell").nth(3).click()
    expect(rows.nth(3).locator("input").nth(3)).to_be_checked()


def test_the_questions_of_a_case_show_its_text_and_which_they_are(page, attempt):
    first, second = attempt.items.exclude(version__case_code="").values_list("position", flat=True)
    assert second == first + 1
    for position in (first, second):
        page.goto(f"{page.url.split('?')[0]}?item={position}")
        case = page.locator(f"#q-{position} .case")
        expect(case).to_contain_text("A parcel carrier has little time.")
        expect(case).to_contain_text(f"for questions {first} to {second}")


def test_a_note_is_kept_on_the_server_and_shown_in_the_result(page, attempt, path):
    page.keyboard.press("t")
    page.keyboard.type("Compare <b>costs</b>")
    page.keyboard.press("Escape")
    expect(page.locator("#save.save--done")).to_be_visible()
    assert attempt.items.get(position=1).note == "Compare <b>costs</b>"
    page.reload()
    expect(page.locator("#q-1 textarea[name=note]")).to_have_value("Compare <b>costs</b>")
    page.goto("about:blank")  # the room would lead on by itself
    attempts.finish(attempt, now=timezone.now())
    page.goto(f"{path}result/")
    page.locator(".qlist summary").first.click()
    expect(page.locator("#q1")).to_contain_text("Compare <b>costs</b>")


def test_a_highlight_stays_in_this_browser_and_goes_when_it_is_pressed_again(page):
    page.locator("#s-1 .stem[lang=en] p").select_text()
    page.keyboard.press("h")
    size = "[...CSS.highlights.get('mogi')].map(range => range.toString())"
    marked = page.evaluate(size)
    assert len(marked) == 1
    assert "Which is right?" in marked[0]
    page.reload()
    expect(page.locator("html[data-ready]")).to_be_attached()
    assert page.evaluate(size) == marked
    page.locator("#s-1 .stem[lang=en] p").select_text()
    page.keyboard.press("h")
    assert page.evaluate(size) == []
    page.keyboard.press("h")
    expect(page.locator("#news")).to_contain_text("Select a part of the text first.")


def test_one_question_can_be_read_in_the_other_language_alone(page):
    page.keyboard.press("l")
    expect(page.locator("#s-1 .stem[lang=ja]")).to_be_visible()
    expect(page.locator("#s-1 .stem[lang=en]")).to_be_hidden()
    page.keyboard.press("n")
    expect(page.locator("#s-2 .stem[lang=en]")).to_be_visible()
    page.keyboard.press("p")
    expect(page.locator("#s-1 .stem[lang=ja]")).to_be_visible()
    page.locator("label:has(#ql-ja)").click()
    page.keyboard.press("n")
    expect(page.locator("#s-2 .stem[lang=ja]")).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("12*3=", "36"), ("1/3=", "0.333333333333"), ("5-8=", "−3"), ("0.1+0.2=", "0.3"), ("1/0=", "E"), ("2+3*4=", "20")],
)
def test_the_calculator_has_four_functions_and_keys(page, typed, shown):
    page.keyboard.press("c")
    for key in typed:
        page.keyboard.press(key)
    expect(page.locator("#calculator output")).to_have_text(shown)
    page.keyboard.press("Escape")
    expect(page.locator("#calculator")).to_be_hidden()


def test_an_exam_without_a_calculator_offers_none(visit, candidate, attempt, path):
    attempt.exam.has_calculator = False
    attempt.exam.save()
    page = visit().sign_in(candidate, path)
    expect(page.locator("html[data-ready]")).to_be_attached()
    expect(page.locator("#calculator")).to_have_count(0)
    page.keyboard.press("c")


def test_the_review_leads_through_the_flagged_or_unanswered_questions_only(page):
    for position in (2, 5):
        page.locator(f"#map [data-cell='{position}']").evaluate("cell => cell.click()")
        page.keyboard.press("m")
    page.keyboard.press("r")
    page.get_by_role("button", name="Go through the flagged").click()
    expect(page.locator("#h-2")).to_be_visible()
    expect(page.locator("#news")).to_contain_text("2 left")
    page.locator("#q-2 .btn--go").click()
    expect(page.locator("#h-5")).to_be_visible()
    page.locator("#q-5 .btn--go").click()
    expect(page.locator("#review-h")).to_be_visible()
    page.locator("#review label:has(input[value=flagged])").click()
    expect(page.locator("#review .cellmap li:visible")).to_have_count(2)


def test_keys_can_be_switched_off_and_stay_off(page):
    page.keyboard.press("?")
    page.locator("label:has(#use-keys)").click()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#h-1")).to_be_visible()
    page.reload()
    expect(page.locator("html[data-ready]")).to_be_attached()
    page.keyboard.press("n")
    expect(page.locator("#h-1")).to_be_visible()


def test_an_exam_finished_on_another_device_says_so_and_shows_the_receipt(visit, candidate, attempt, path):
    visitor = visit()
    visitor.expected = ["410"]
    page = visitor.sign_in(candidate, path)
    expect(page.locator("html[data-ready]")).to_be_attached()
    attempts.finish(attempt, now=timezone.now())
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/receipt/", hold)  # which comes so soon that one may miss what is said before
    page.keyboard.press("1")
    expect(page.locator("#over")).to_contain_text("This exam is finished")
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    page.wait_for_url("**/receipt/")
    expect(page.locator("dl.pairs")).to_contain_text("0 of 6")


def test_the_result_says_what_each_row_was_given_and_should_have_been(page, attempt, path):
    ordering, matching = of_kind(attempt, "ordering"), of_kind(attempt, "matching")
    for item in (ordering, matching):
        page.goto(f"{path}?item={item.position}")
        expect(page.locator("html[data-ready]")).to_be_attached()
        (row, cell), *_rest = right_words(item)
        page.locator(f"#q-{item.position} .mrow").nth(row).locator("label.cell").nth(cell).click()
        expect(page.locator("#save.save--done")).to_be_visible()
    attempts.finish(attempt, now=timezone.now())
    page.goto(f"{path}result/")
    for item in (ordering, matching):
        page.locator(f"#q{item.position} summary").click()
        row, cell = right_words(item)[0]
        label = str(cell + 1) if item is ordering else "ABCD"[cell]
        verdict = page.locator(f"#q{item.position} .verdict").nth(row)
        expect(verdict).to_contain_text(f"Key: {label}")
        expect(verdict).to_contain_text(f"Your answer: {label}")
        expect(page.locator(f"#q{item.position} .verdict--mine-wrong")).to_have_count(len(right_words(item)) - 1)
        expect(page.locator(f"#q{item.position} .verdict--mine-wrong").first).to_contain_text("No answer")
    assert points(attempt) == 0
