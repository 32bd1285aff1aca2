"""Item analysis in a browser: clean by axe in both languages and schemes, within the smallest phone, by keyboard."""

from __future__ import annotations

from random import Random

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import make_author, make_instructor
from tests.journeys.test_pages import check
from tests.journeys.test_widths import sticking_out
from tests.sitting import make_form, make_people, sit_form, versions_of

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]


def analysed(teacher):
    """40 people and four questions; the key of the first is wrong: the strong choose o2."""
    random, people = Random(1), make_people(40)
    assignment = make_form(4, members=people, by=teacher)
    rows = []
    for number in range(len(people)):
        is_strong = number % 2
        others = [
            "o0" if random.random() < (0.9 if is_strong else 0.2) else random.choice(["o1", "o2"]) for _ in range(3)
        ]
        rows.append(["o2" if is_strong else random.choice(["o0", "o0", "o1"]), *others])
    sit_form(assignment, people, rows, now=timezone.now())
    return assignment


def paths(assignment):
    arguments = [assignment.cohort.public_id, assignment.public_id]
    return [
        reverse("item_analysis", args=arguments),
        *(reverse("item_of_assignment", args=[*arguments, version.pk]) for version in versions_of(assignment)[:2]),
    ]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_item_analysis_breaks_no_rule_and_stays_within_a_phone(visit, language):
    teacher = make_instructor(language=language)
    assignment = analysed(teacher)
    few = make_form(2, members=make_people(3, "few"), by=teacher)
    sit_form(few, make_people(1, "other"), [["o0", "o1"]], now=timezone.now())
    page = visit(language=language, width=320, height=640).sign_in(teacher)
    wanted = [*paths(assignment), *paths(few)]
    assert sticking_out(page, wanted) == {}
    page.set_viewport_size({"width": 1280, "height": 900})
    check(page, wanted)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_statistics_at_the_desk_break_no_rule(visit, language):
    assignment = analysed(make_instructor())
    path = reverse("admin:exams_question_statistics", args=[versions_of(assignment)[0].question_id])
    page = visit(language=language, width=320, height=640).sign_in(make_author(language=language))
    assert sticking_out(page, [path]) == {}
    check(page, [path])


def test_a_suspect_key_is_found_from_the_results_page_by_keyboard(visit):
    teacher = make_instructor(language="en")
    assignment = analysed(teacher)
    page = visit(language="en").sign_in(teacher)
    page.goto(reverse("assignment", args=[assignment.cohort.public_id, assignment.public_id]))
    page.get_by_role("link", name="Item analysis").focus()
    page.keyboard.press("Enter")
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("The key may be wrong: strong candidates choose C.")
    first.get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="Share choosing each option")).to_be_visible()
    expect(page.locator("tr", has_text="Suspect key")).to_contain_text("C")
