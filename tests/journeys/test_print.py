"""What a report and the results of a cohort look like on paper."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from exams.services import attempts
from tests.factories import (
    make_assignment,
    make_bank,
    make_cohort,
    make_exam,
    make_instructor,
    make_members,
    make_sittings,
    make_user,
)

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


# The printable width of A4 lengthwise, 273 mm, in pixels of CSS; and what of a table lies outside it or is cut off.
PRINTABLE = 1031
OUTSIDE = """() => [...document.querySelectorAll("table.heat :is(th, td)")].filter(cell => {
  for (let box = cell; box !== document.documentElement; box = box.parentElement)
    if (getComputedStyle(box).overflowX !== "visible" && box.scrollWidth > box.clientWidth) return true;
  return cell.getBoundingClientRect().right > document.documentElement.clientWidth;
}).map(cell => cell.innerText)"""


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_results_of_a_cohort_print_with_every_column(visit, transactional_db, language):
    exam = make_exam("mock-1", weights={f"implementation-{number}": 10 for number in range(10)})
    make_bank(exam, {domain.code: 2 for domain in exam.domains.all()})
    teacher = make_instructor(language=language)
    person = make_user("Maximiliana-Alexandrina von Hohenstaufen-Wittelsbach de la Cerda y A", language="en")
    cohort = make_cohort(person, teacher=teacher, now=timezone.now() - timedelta(hours=3))
    assignment = make_assignment(cohort, exam)
    make_sittings(assignment, [person, *make_members(cohort, 7)], now=timezone.now() - timedelta(hours=2))
    page = visit(language=language, width=PRINTABLE).sign_in(teacher, "/cohorts/")
    for address in (f"assignments/{assignment.public_id}/", "progress/"):
        page.emulate_media(media="screen")
        page.goto(f"/cohorts/{cohort.public_id}/{address}")
        page.emulate_media(media="print")
        assert page.locator("table.heat tbody tr").count() >= 8
        assert page.evaluate(OUTSIDE) == []
        expect(page.locator("#take-h")).to_be_hidden()
        papers = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(format="A4", prefer_css_page_size=True))
        assert papers
        assert all(float(wide) > float(high) for wide, high in papers)
