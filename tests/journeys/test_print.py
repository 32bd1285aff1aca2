"""What a report looks like on paper."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from exams.services import attempts
from tests.factories import make_bank, make_exam, make_user

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]


def test_a_report_prints_without_what_can_only_be_pressed_but_says_what_it_leaves_out(visit, transactional_db):
    exam, candidate = make_exam("mock-1"), make_user(language="en")
    make_bank(exam)
    then = timezone.now() - timedelta(hours=2)
    size = exam.sizes.get(code="short")
    attempt = attempts.start(candidate, exam, size, now=then, seed=1, language="en").attempt
    attempt.items.filter(position__lte=8).update(is_correct=True, response=["o0"])
    attempts.finish(attempt, now=then + timedelta(minutes=20))
    page = visit().sign_in(candidate)
    page.goto(f"/attempts/{attempt.public_id}/result/?show=wrong")
    expect(page.locator("main select:visible")).to_have_count(2)
    page.emulate_media(media="print")
    expect(page.locator("main :is(select, button, input):visible")).to_have_count(0)
    expect(page.locator(".filters .label:visible")).to_have_count(0)
    expect(page.get_by_text("12 of 20 questions")).to_be_visible()
    expect(page.locator("#score-h")).to_be_visible()
