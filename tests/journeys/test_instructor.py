"""An instructor and a candidate, from the link to the results."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from exams.services import attempts, cohorts
from tests.factories import NOW, make_bank, make_exam, make_instructor, make_members, make_sittings, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_cohort_from_its_link_to_its_results(visit, transactional_db):
    exam = make_exam("mock-1")
    make_bank(exam)
    room = visit().sign_in(make_instructor(name="Morikawa", language="en"), "/cohorts/")
    room.locator("input[name=name]").fill("ML engineers, autumn")
    room.get_by_role("button", name="Make the cohort").click()
    room.get_by_role("button", name="Make a link").click()
    link = room.locator("input[readonly]").input_value()
    room.locator("input[name=title]").fill("First mock exam")
    room.locator("select[name=size]").select_option(index=1)
    room.get_by_role("button", name="Set the exam").click()
    expect(room.get_by_text("Members see it on their home page")).to_be_visible()

    candidate = make_user(name="Sato Misaki", language="en")
    page = visit().sign_in(candidate, link.split("://")[1].partition("/")[2].join(["/", ""]))
    expect(page.get_by_text("What the instructors of this cohort will see")).to_be_visible()
    page.get_by_role("button", name="Join", exact=True).click()
    page.get_by_role("link", name=re.compile("Details.*First mock exam")).click()
    page.get_by_role("button", name=re.compile("Get ready.*First mock exam")).click()
    page.get_by_role("button", name="Start the exam").click()
    page.wait_for_url("**/attempts/**")
    page.locator("#q-1 label.option__label").first.click()
    expect(page.locator("#save.save--done")).to_be_visible()
    page.keyboard.press("r")
    page.get_by_role("button", name="Finish the exam").click()
    page.get_by_role("button", name="Finish and see the result").click()
    page.get_by_role("link", name="To the result").click()
    score = page.locator("#score-h .sr").inner_text().split()[0]

    room.get_by_role("link", name=re.compile("Results.*First mock exam")).click()
    row = room.locator("table.heat tbody tr", has_text="Sato Misaki")
    expect(row).to_contain_text(score)
    expect(row).to_contain_text("Not passed")
    expect(room.get_by_text("Not enough data: a spread")).to_be_visible()


def test_a_spread_of_scores_is_drawn_for_five(visit, transactional_db):
    exam = make_exam("mock-1")
    make_bank(exam)
    teacher = make_instructor(language="en")
    cohort = cohorts.make_cohort("Autumn", by=teacher)
    size = exam.sizes.get(code="short")
    assignment = cohorts.assign(cohort, exam, size, title="First", is_fixed=True, by=teacher)
    for number in range(5):
        person = make_user()
        cohorts.join(person, cohorts.invite(cohort, by=teacher, now=NOW), now=NOW)
        started = attempts.start(person, exam, size, now=NOW, seed=number, language="en", assignment=assignment)
        started.attempt.items.filter(position__lte=4 * number).update(is_correct=True)
        attempts.finish(started.attempt, now=NOW)
    path = f"/cohorts/{cohort.public_id}/assignments/{assignment.public_id}/"
    page = visit().sign_in(teacher, path)
    expect(page.locator("svg.chart circle")).to_have_count(5)
    expect(page.locator("svg.chart circle.pt")).to_have_count(1)


def test_members_are_sorted_and_filtered_in_place_and_without_script_too(visit, transactional_db):
    exam = make_exam("mock-1")
    make_bank(exam)
    teacher = make_instructor(language="en")
    cohort = cohorts.make_cohort("Autumn", by=teacher)
    assignment = cohorts.assign(cohort, exam, exam.sizes.get(code="short"), title="First", is_fixed=True, by=teacher)
    make_sittings(assignment, make_members(cohort, 12))
    path = f"/cohorts/{cohort.public_id}/assignments/{assignment.public_id}/"
    for javascript in (True, False):
        page = visit(javascript=javascript).sign_in(teacher, path)
        rows = page.locator("table.heat tbody tr th")
        page.get_by_role("link", name="Latest").click()
        expect(page.locator("th[aria-sort=descending]")).to_contain_text("Latest")
        expect(rows.first).to_have_text("Member 11")
        page.locator("select[name=by]").select_option("task")
        if not javascript:
            page.get_by_role("button", name="Apply").click()
        expect(page.get_by_role("heading", name="Members and tasks")).to_be_visible()
        expect(rows.first).to_have_text("Member 11")
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile("Excel.*Members")).click()
        assert download.value.suggested_filename == "First Members.xlsx"
