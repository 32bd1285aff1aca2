"""A candidate's evening, from the home page to the result."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from exams.domain.attempts import CLOSING
from exams.models import Attempt
from exams.services import bank
from tests.factories import make_bank, make_exam, make_question, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": {
        "ready": "Get ready",
        "start": "Start the exam",
        "finish": "Finish the exam",
        "sure": "Finish and see the result",
        "result": "To the result",
    },
    "ja": {
        "ready": "準備に進む",
        "start": "試験を開始する",
        "finish": "試験を終了する",
        "sure": "終了して結果を見る",
        "result": "結果へ",
    },
}


@pytest.fixture
def exam(transactional_db):
    exam = make_exam("mock-1")
    make_bank(exam)
    return exam


def positions_of_key(item) -> list[int]:
    return [item.option_order.index(option) for option in item.answer_key["right"]]


def start(visitor, candidate, exam, words):
    page = visitor.sign_in(candidate, f"/exams/{exam.code}/")
    page.locator("label.pick:has(input[value=short])").click()
    page.get_by_role("button", name=words["ready"]).click()
    page.get_by_role("button", name=words["start"]).click()
    page.wait_for_url("**/attempts/**")
    return page, Attempt.objects.get(candidate=candidate)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_full_exam_from_sign_in_to_the_result(visit, exam, language):
    words = WORDS[language]
    candidate = make_user(language=language)
    page, attempt = start(visit(language=language), candidate, exam, words)
    for item in attempt.items.all():
        question = page.locator(f"#q-{item.position}")
        expect(question).to_be_visible()
        expect(question.locator(f".stem[lang={language}]").first).to_be_visible()
        right = positions_of_key(item)[0]
        choice = right if item.position <= 15 else (right + 1) % 4
        question.locator("label.option__label").nth(choice).click()
        if item.position == 2:
            page.keyboard.press("m")
        question.locator(".rfoot .btn--go").click()
    expect(page.locator("#save.save--done")).to_be_visible()
    expect(page.locator("#review [data-count=answered]")).to_have_text("20")
    expect(page.locator("#review .qcell--flag")).to_have_count(1)
    page.get_by_role("button", name=words["finish"]).click()
    page.get_by_role("button", name=words["sure"]).click()
    page.wait_for_url("**/receipt/")
    expect(page.locator("dl.pairs code")).to_have_text(re.compile("^([0-9a-f]{4} ){3}[0-9a-f]{4}$"))
    page.get_by_role("link", name=words["result"]).click()
    expect(page.locator("#score-h .badge--right")).to_be_visible()
    expect(page.locator("#score-h")).to_contain_text("750")
    expect(page.locator("[aria-labelledby=domains-h] tbody tr")).to_have_count(4)
    page.locator("select[name=show]").select_option("wrong")
    expect(page.locator(".qlist > li")).to_have_count(5)
    page.locator(".qlist summary").first.click()
    expect(page.locator(".verdict--key").first).to_be_visible()
    expect(page.locator(".verdict__why").first).to_be_visible()


def test_a_full_exam_without_script(visit, exam):
    candidate = make_user(language="en")
    page, attempt = start(visit(javascript=False), candidate, exam, WORDS["en"])
    for item in attempt.items.all():
        question = page.locator(f"#q-{item.position}")
        question.locator("label.option__label").nth(positions_of_key(item)[0]).click()
        question.locator(".rfoot .btn--go").click()
    expect(page.locator("#review-h")).to_be_visible()
    page.get_by_role("button", name="Finish the exam").click()
    page.get_by_role("button", name="Finish and see the result").click()
    expect(page.locator("dl.pairs")).to_contain_text("20 of 20")
    page.get_by_role("link", name="To the result").click()
    expect(page.locator("#score-h")).to_contain_text("1000")
    attempt.refresh_from_db()
    assert attempt.finished_at is not None
    page.locator("select[name=show]").select_option("wrong")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".qlist > li")).to_have_count(0)


def open_before(visitor, candidate, exam):
    page = visitor.sign_in(candidate, f"/exams/{exam.code}/before/?size=short")
    expect(page.get_by_role("button", name="Start the exam")).to_be_visible()
    return page


def test_the_try_out_is_answered_in_place_as_often_as_one_likes_and_starts_nothing(visit, exam):
    page = open_before(visit(), make_user(language="en"), exam)
    page.evaluate("window.stays = true")
    word = page.locator("#try-word")
    for option, verdict in (("It costs a point.", "Incorrect"), ("It counts as wrong.", "Correct")):
        page.locator("#try label.option__label", has_text=option).click()
        page.get_by_role("button", name="Check my answer").click()
        expect(word.locator("strong")).to_have_text(verdict)
    expect(word.locator(".banner")).to_have_count(1)
    page.locator("#try .strike").first.click()
    expect(page.locator("#try .strike input").first).to_be_checked()
    assert page.evaluate("window.stays")
    assert page.url.endswith("?size=short")
    assert not Attempt.objects.exists()


def test_the_try_out_works_with_keys_alone(visit, exam):
    page = open_before(visit(), make_user(language="en"), exam)
    page.locator("#try input[name=answer]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#try-word strong")).to_have_text("Correct")
    expect(page.locator("#try input[name=answer]").nth(1)).to_be_focused()


def test_the_try_out_works_without_script_and_leads_on_to_the_start(visit, exam):
    candidate = make_user(language="en")
    page = open_before(visit(javascript=False), candidate, exam)
    page.locator("#try label.option__label", has_text="It costs a point.").click()
    page.get_by_role("button", name="Check my answer").click()
    expect(page.locator("#try-word strong")).to_have_text("Incorrect")
    expect(page.locator("#try input[name=answer]").nth(2)).to_be_checked()
    page.get_by_role("button", name="Start the exam").click()
    page.wait_for_url("**/attempts/**")
    assert Attempt.objects.get().size_code == "short"


def test_when_time_runs_out_the_exam_ends_by_itself_and_what_was_saved_counts(visit, exam):
    candidate = make_user(language="en")
    page, attempt = start(visit(), candidate, exam, WORDS["en"])
    item = attempt.items.first()
    page.locator("#q-1 label.option__label").nth(positions_of_key(item)[0]).click()
    expect(page.locator("#save.save--done")).to_be_visible()
    end = timezone.now() + timedelta(seconds=3)
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=end, started_at=end - timedelta(hours=1))
    page.reload()
    expect(page.locator("#over")).to_be_visible()
    page.wait_for_url("**/receipt/")
    expect(page.get_by_role("heading", name="Time is up")).to_be_visible()
    assert "Reason" not in page.content()
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=end - CLOSING)  # the test need not wait for all of it
    page.get_by_role("link", name="Load it again").click()
    expect(page.locator("dl.pairs")).to_contain_text("when time was up")
    expect(page.locator("dl.pairs")).to_contain_text("1 of 20")
    page.get_by_role("link", name="To the result").click()
    expect(page.locator("#score-h .badge--wrong")).to_be_visible()
    expect(page.locator("dl.pairs dd").first).to_have_text("1 of 20")


def test_choosing_too_many_is_said_at_once_and_not_saved(visit, exam):
    candidate = make_user(language="en")
    multiple = make_question(exam, domain="data", kind="multiple")
    others = exam.questions.filter(domain=multiple.domain).exclude(pk=multiple.pk)
    bank.retire(others.first())  # so that the other one must be on the form
    page, attempt = start(visit(), candidate, exam, WORDS["en"])
    position = attempt.items.get(version__question=multiple).position
    page.goto(page.url.split("?")[0] + f"?item={position}")
    question = page.locator(f"#q-{position}")
    for option in range(3):
        question.locator("label.option__label").nth(option).click()
    expect(question.locator("[data-choose-n]")).to_have_text("3 chosen, the question asks for 2. Clear 1.")
    expect(page.locator("#save")).to_contain_text("1 not saved yet")
    question.locator("label.option__label").nth(0).click()
    expect(page.locator("#save.save--done")).to_be_visible()
    assert len(attempt.items.get(position=position).response) == 2


def test_a_second_window_sees_what_the_first_one_saved(visit, exam):
    candidate = make_user(language="en")
    visitor = visit()
    page, attempt = start(visitor, candidate, exam, WORDS["en"])
    other = visitor.context.new_page()
    other.goto(page.url)
    page.locator("#q-1 label.option__label").nth(0).click()
    expect(other.locator("#q-1 input[name=answer]").nth(0)).to_be_checked()
    other.locator("#q-1 label.option__label").nth(1).click()
    expect(other.locator("#save.save--done")).to_be_visible()
    expect(page.locator("#q-1 input[name=answer]").nth(1)).to_be_checked()
    assert attempt.items.get(position=1).response == [attempt.items.get(position=1).option_order[1]]


def test_two_devices_are_told_of_each_other_and_the_candidate_decides(visit, exam):
    candidate = make_user(language="en")
    page, attempt = start(visit(), candidate, exam, WORDS["en"])
    second = visit()
    second.expected = ["409"]
    other = second.sign_in(candidate, f"/attempts/{attempt.public_id}/")
    expect(other.locator("html[data-ready]")).to_be_attached()
    page.locator("#q-1 label.option__label").nth(0).click()
    expect(page.locator("#save.save--done")).to_be_visible()
    other.locator("#q-1 label.option__label").nth(1).click()
    expect(other.locator("#q-1 [data-notice]")).to_contain_text("changed in another window")
    expect(other.locator("#q-1 [data-theirs]")).to_have_text("The other answer: A")
    assert attempt.items.get(position=1).response == [attempt.items.get(position=1).option_order[0]]
    other.get_by_role("button", name="Keep my answer").click()
    expect(other.locator("#save.save--done")).to_be_visible()
    assert attempt.items.get(position=1).response == [attempt.items.get(position=1).option_order[1]]


def test_without_a_connection_nothing_is_called_saved_and_the_answer_is_sent_later(visit, exam):
    candidate = make_user(language="en")
    visitor = visit()
    visitor.expected = ["ERR_FAILED", "ERR_INTERNET_DISCONNECTED"]
    page, attempt = start(visitor, candidate, exam, WORDS["en"])
    page.route("**/items/**", lambda route: route.abort())
    page.locator("#q-1 label.option__label").nth(2).click()
    expect(page.locator("#save")).to_contain_text("No connection since")
    expect(page.locator("#save")).to_contain_text("1 kept on this device")
    assert attempt.items.get(position=1).response is None
    page.unroute("**/items/**")
    expect(page.locator("#save.save--done")).to_be_visible()
    assert attempt.items.get(position=1).response is not None


def test_a_foreign_page_that_answers_200_is_no_acknowledgement(visit, exam):
    candidate = make_user(language="en")
    page, attempt = start(visit(), candidate, exam, WORDS["en"])
    page.route("**/items/**", lambda route: route.fulfill(status=200, body="<h1>Welcome to the hotel</h1>"))
    page.locator("#q-1 label.option__label").nth(2).click()
    expect(page.locator("#save")).to_contain_text("1 kept on this device")
    page.unroute("**/items/**")
    expect(page.locator("#save.save--done")).to_be_visible()
    assert attempt.items.get(position=1).response is not None
