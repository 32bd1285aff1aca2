"""The pages of the desk met on the way: clean by axe in both languages and schemes and on the smallest phone."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from exams.services import kept_checks, workflow
from tests.factories import make_author, make_bank, make_exam, make_question
from tests.journeys.test_pages import ADMIN_BASELINE, OF_COLOUR, check, violations

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
CHANGE = "/admin/exams/question/{}/change/"


def broken(page, *, width: int = 320) -> dict[str, object]:
    """What is wrong with the page as it is now: rules broken in light and in dark, and whether it is too wide."""
    found = {}
    for scheme, options in (("light", {}), ("dark", {"runOnly": OF_COLOUR})):
        page.emulate_media(color_scheme=scheme)
        rules = violations(page, **options)
        found |= {f"{rule} ({scheme})": nodes for rule, nodes in rules.items() if rule not in ADMIN_BASELINE}
    size = page.viewport_size
    page.set_viewport_size({"width": width, "height": 640})
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
        found["wide"] = wide
    page.set_viewport_size(size)
    return found


@pytest.fixture
def exam(transactional_db):
    return make_exam("mock-1")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_findings_beside_their_fields_and_a_refusal(visit, exam, language):
    question = make_question(exam, kind="matching")
    page = visit(language=language).sign_in(make_author(language=language), CHANGE.format(question.pk))
    page.wait_for_load_state("networkidle")
    page.locator("textarea[name=stem__en]").fill("Match in this fully ＷＩＤＥ and narrow A.")
    page.locator("textarea[name=options-0-rationale__ja]").fill("")
    page.locator("select[name=options-1-target]").select_option("")
    expect(page.locator("#id_options-0-rationale_ja_findings .finding--error")).to_be_visible()
    warning = page.locator(".finding--warning").first
    warning.locator("summary").click()
    warning.locator("button").click()
    expect(page.locator(".beside [role=alert]").first).to_be_visible()
    assert broken(page) == {}
    page.locator("textarea[name=stem__en]").fill("<b>Match</b>")
    page.locator("input[name=_continue]").last.click()
    expect(page.locator(".errornote").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert broken(page) == {}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_of_a_conflict_and_of_a_refused_comment(visit, exam, language):
    question, author = make_question(exam), make_author(language=language)
    workflow.comment(question, "Is this so?", by=author, now=timezone.now())
    page = visit(language=language).sign_in(author, CHANGE.format(question.pk))
    page.wait_for_load_state("networkidle")
    page.locator("textarea[name=stem__en]").fill("Mine: which is right?")
    question.stem = {**question.stem, "en": "Theirs: which is right?"}
    question.save()
    page.locator("input[name=_continue]").last.click()
    expect(page.locator(".conflict del").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert broken(page) == {}
    page.goto(CHANGE.format(question.pk))
    page.locator("button[name=step][value=comment]").click()
    expect(page.locator("#say-error")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert broken(page) == {}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_is_asked_for_many_questions_and_the_pages_around_them(visit, exam, language):
    make_bank(exam)
    question = exam.questions.first()
    page = visit(language=language).sign_in(make_author(language=language), "/admin/")
    for action in ("tag_selected", "move_selected"):
        page.goto("/admin/exams/question/")
        page.locator("#result_list input[name=_selected_action]").first.check()
        page.locator("select[name=action]").select_option(action)
        page.locator("#changelist-form button[name=index]").click()
        expect(page.locator(".bulk")).to_be_visible()
        assert broken(page) == {}, action
        page.locator(".bulk input[type=submit]").click()  # nothing is chosen
        page.wait_for_load_state()
        assert broken(page) == {}, action
    page.goto("/admin/exams/question/?q=nothing+of+the+kind&status__exact=published")
    assert broken(page) == {}
    make_exam("mock-2")
    own = [f"exam/{exam.pk}/bank/", "question/add/"]
    check(page, [f"/admin/exams/{path}" for path in own], ADMIN_BASELINE)
    for path in (*own, "report/", f"question/{question.pk}/statistics/", f"question/{question.pk}/versions/1/"):
        page.goto(f"/admin/exams/{path}")
        assert broken(page) == {}, path


def test_the_page_of_a_bank_goes_on_until_every_question_is_checked(visit, exam, monkeypatch):
    make_bank(exam)
    monkeypatch.setattr(kept_checks.catch_up, "__kwdefaults__", {"most": 6})
    page = visit().sign_in(make_author(language="en"), f"/admin/exams/exam/{exam.pk}/bank/")
    expect(page.locator("#bank-findings")).to_contain_text("20 questions, as they are today")
    assert broken(page) == {}
