"""An author's work in the desk, and what candidates then get."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from exams.models import Attempt, Question
from exams.services import attempts
from tests.factories import make_author, make_bank, make_exam, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ALGORITHM = {
    "domain": "Modeling",
    "stem": {
        "en": "A help centre wants to find tickets that ask the *SAME* thing. Which SageMaker algorithm fits?",
        "ja": "ヘルプセンターで*同じ*内容の問い合わせを見つけたい。適したSageMakerのアルゴリズムはどれか。",
    },
    "options": ["Object2Vec", "BlazingText", "K-means", "DeepAR"],
}
ROLE = {
    "domain": "Operations",
    "stem": {
        "en": "Which buckets may a notebook with the default execution role read?",
        "ja": "デフォルトの実行ロールを持つノートブックが読み取れるバケットはどれか。",
    },
    "options": [
        "Those with sagemaker in the name",
        "None of the account",
        "Those that are public",
        "All of the account",
    ],
}


@pytest.fixture
def exam(transactional_db):
    exam = make_exam("mock-1")
    make_bank(exam)
    return exam


def add_by_hand(page, question):
    """Fill the form as a person does, and publish."""
    page.goto("/admin/exams/question/add/")
    page.locator("select[name=domain]").select_option(label=question["domain"])
    for language, words in question["stem"].items():
        page.locator(f"textarea[name=stem__{language}]").fill(words)
    for number, name in enumerate(question["options"]):
        for language, because in (("en", "Because of"), ("ja", "理由：")):
            page.locator(f"textarea[name=options-{number}-text__{language}]").fill(name)
            page.locator(f"textarea[name=options-{number}-rationale__{language}]").fill(f"{because} {name}")
    page.locator("input[name=options-0-is_key]").check()
    for language, words in (("en", "Developer guide"), ("ja", "開発者ガイド")):
        page.locator(f"textarea[name=references-0-title__{language}]").fill(words)
    page.locator("input[name=references-0-url]").fill("https://docs.aws.amazon.com/sagemaker/latest/dg/algos.html")
    page.locator("input[name=_publish]").click()
    expect(page.locator(".messagelist .success")).to_contain_text("published as version 1")


def finish_one(candidate, exam):
    size = exam.sizes.get(code="short")
    then = timezone.now() - timedelta(hours=2)
    attempt = attempts.start(candidate, exam, size, now=then, seed=1, language="en").attempt
    attempts.finish(attempt, now=then + timedelta(minutes=5))


def test_what_an_author_adds_and_publishes_a_candidate_who_has_seen_the_rest_is_examined_on(visit, exam):
    candidate = make_user(language="en")
    finish_one(candidate, exam)
    desk = visit().sign_in(make_author(language="en"), "/admin/")
    expect(desk.locator("#content h1")).to_be_visible()
    for question in (ALGORITHM, ROLE):
        add_by_hand(desk, question)
    desk.get_by_role("link", name="With keys").click()
    expect(desk.locator(".verdict--key")).to_have_count(2)

    page = visit().sign_in(candidate, f"/exams/{exam.code}/")
    page.locator("label.pick:has(input[value=short])").click()
    page.get_by_role("button", name="Get ready").click()
    page.get_by_role("button", name="Start the exam").click()
    page.wait_for_url("**/attempts/**")
    attempt = Attempt.objects.get(candidate=candidate, finished_at=None)
    for words in ("find tickets that ask the SAME thing", "Which buckets may a notebook"):
        position = attempt.items.get(version__content__stem__en__icontains=words.split(" ask ")[0]).position
        page.goto(f"/attempts/{attempt.public_id}/?item={position}")
        expect(page.locator(f"#q-{position} .stem[lang=en]")).to_contain_text(words)
        item = attempt.items.get(position=position)
        page.locator(f"#q-{position} label.option__label").nth(
            item.option_order.index(item.answer_key["right"][0])
        ).click()
        expect(page.locator("#save.save--done")).to_be_visible()
    page.keyboard.press("r")
    page.get_by_role("button", name="Finish the exam").click()
    page.get_by_role("button", name="Finish and see the result").click()
    page.get_by_role("link", name="To the result").click()
    expect(page.locator(".mark--right")).to_have_count(2)


def test_a_question_that_breaks_a_rule_is_refused_in_words_and_the_work_is_kept(visit, exam):
    desk = visit().sign_in(make_author(language="en"), "/admin/exams/question/add/")
    desk.locator("select[name=domain]").select_option(label="Modeling")
    desk.locator("textarea[name=stem__en]").fill("Half a question?")
    desk.locator("input[name=_publish]").click()
    expect(desk.locator(".messagelist .error").first).to_contain_text("was not published")
    expect(desk.locator(".messagelist")).to_contain_text("There are 0 options")
    expect(desk.locator("textarea[name=stem__en]")).to_have_value("Half a question?")


def test_options_can_be_added_and_moved(visit, exam):
    question = exam.questions.first()
    desk = visit().sign_in(make_author(language="en"), f"/admin/exams/question/{question.pk}/change/")
    desk.wait_for_load_state()  # the buttons work once their script has run
    desk.locator("#options-0").get_by_role("button", name="Move to last position").click()
    desk.get_by_role("button", name="Add another Option").click()
    desk.locator("textarea[name=options-4-text__en]").fill("A fifth")
    desk.locator("input[name=_continue]").last.click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    codes = list(question.options.values_list("code", flat=True))
    assert codes == ["o1", "o2", "o3", "o0", "a-fifth"]


def test_an_edit_published_in_mid_attempt_reaches_new_attempts_only(visit, exam):
    first, second = make_user(language="en"), make_user(language="en")
    size = exam.sizes.get(code="short")
    running = attempts.start(first, exam, size, now=timezone.now(), seed=1, language="en").attempt
    item = running.items.select_related("version__question").first()
    question: Question = item.version.question
    desk = visit().sign_in(make_author(language="en"), f"/admin/exams/question/{question.pk}/change/")
    desk.locator("textarea[name=stem__en]").fill("The new wording: which is right?")
    desk.locator("input[name=_publish]").click()
    expect(desk.locator(".messagelist .success")).to_contain_text("published as version 2")

    page = visit().sign_in(first, f"/attempts/{running.public_id}/")
    expect(page.locator("#q-1 .stem[lang=en]")).to_contain_text(question.stem["en"])
    later = attempts.start(second, exam, size, now=timezone.now(), seed=1, language="en").attempt
    position = later.items.get(version__question=question).position
    page = visit().sign_in(second, f"/attempts/{later.public_id}/?item={position}")
    expect(page.locator(f"#q-{position} .stem[lang=en]")).to_contain_text("The new wording")
