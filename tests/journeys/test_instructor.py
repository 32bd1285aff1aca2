"""An instructor's room, page by page; a whole week of it is in test_week."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from exams.services import attempts, cohorts
from tests.factories import (
    NOW,
    make_assignment,
    make_bank,
    make_cohort,
    make_exam,
    make_instructor,
    make_members,
    make_sittings,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_exam_is_set_for_somebody_invited_singly_watched_and_eased(visit, transactional_db, settings):
    settings.SENDS_MAIL = False
    exam = make_exam("mock-1")
    make_bank(exam)
    teacher, candidate = make_instructor(language="en"), make_user(name="Sato Misaki", language="en")
    visitor = visit()
    visitor.expected = ["422"]
    room = visitor.sign_in(teacher, "/cohorts/")
    room.locator("input[name=name]").fill("Autumn")
    room.get_by_role("button", name="Make the cohort").click()
    cohort = room.url
    room.get_by_role("link", name="Invite singly").click()
    room.locator("textarea[name=addresses]").fill(f"{candidate.email}\n{candidate.email}\nnobody")
    room.get_by_role("button", name="Look at the list first").click()
    expect(room.get_by_text("stands above already")).to_be_visible()
    expect(room.get_by_text("is no e-mail address")).to_be_visible()
    room.get_by_role("button", name="Invite them").click()
    link = invitations_of(room, candidate)

    room.goto(cohort)
    room.locator("input[name=title]").fill("First mock exam")
    room.locator("select[name=size]").select_option(index=1)
    closes_at = timezone.localtime() + timedelta(minutes=30)
    room.locator("input[name=closes_at]").fill(closes_at.strftime("%Y-%m-%dT%H:%M"))
    room.locator("select[name=key_release]").select_option("last_deadline")
    room.get_by_role("button", name="Set the exam").click()
    room.get_by_role("link", name=re.compile("Live.*First mock exam")).click()
    expect(room.get_by_text("Nobody has joined this cohort yet.")).to_be_visible()

    page = visit().sign_in(candidate, link)
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.get_by_text("due", exact=True)).to_be_visible()
    page.get_by_role("link", name=re.compile("Details.*First mock exam")).click()
    page.get_by_role("button", name=re.compile("Get ready.*First mock exam")).click()
    expect(page.get_by_text("when the exam closes, before the whole time is over")).to_be_visible()
    page.get_by_role("button", name="Start the exam").click()
    page.wait_for_url("**/attempts/**")
    page.locator("#q-1 label.option__label").first.click()
    expect(page.locator("#save.save--done")).to_be_visible()

    row = room.locator("#board tr", has_text="Sato Misaki")
    expect(row).to_contain_text("1 of 20", timeout=25_000)  # by itself
    row.get_by_role("link", name=re.compile("Attempt")).click()
    room.locator("[name=extend-minutes]").fill("40")
    room.locator("[name=extend-reason]").fill("A fire alarm.")
    room.get_by_role("button", name="Give extra time").click()
    expect(room.get_by_text("this adds no time")).to_be_visible()
    room.locator("[name=extend-may_pass_close]").check()
    room.get_by_role("button", name="Give extra time").click()
    expect(room.get_by_text("Sato Misaki has more time.")).to_be_visible()
    page.reload()
    assert int(page.locator("body").get_attribute("data-left").split(".")[0]) > 60 * 60

    page.keyboard.press("r")
    page.get_by_role("button", name="Finish the exam").click()
    page.get_by_role("button", name="Finish and see the result").click()
    page.get_by_role("link", name="To the result").click()
    expect(page.get_by_text("Keys and rationales are shown once everybody's time is up")).to_be_visible()
    expect(page.locator(".verdict--key")).to_have_count(0)


def invitations_of(room, candidate):
    """The path of the link that is shown for this person."""
    link = room.get_by_label(candidate.email).input_value()
    return "/" + link.split("://")[1].partition("/")[2]


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


@pytest.mark.parametrize("javascript", [True, False])
def test_what_ends_something_is_asked_about_first(visit, transactional_db, javascript):
    exam = make_exam("mock-1")
    make_bank(exam)
    teacher, people = make_instructor(language="en"), [make_user(name, language="en") for name in ("Aoki", "Baba")]
    cohort = make_cohort(*people, teacher=teacher, now=timezone.now())
    assignment = make_assignment(cohort, exam, title="Twice")

    def end(page, name, sentence, done):
        page.get_by_role("button", name=name).click()
        question = page.get_by_role("dialog")
        expect(question).to_contain_text(sentence)
        question.get_by_role("button", name="Not now").click()
        expect(question).to_be_hidden()
        page.get_by_role("button", name=name).click()
        question.locator("form button").last.click()
        expect(page.get_by_text(done)).to_be_visible()

    path = f"/cohorts/{cohort.public_id}/"
    room = visit(javascript=javascript).sign_in(teacher, f"{path}assignments/{assignment.public_id}/edit/")
    end(room, "Remove the assignment", "This can't be taken back.", "“Twice” is removed.")
    end(room, re.compile("Remove.*Aoki"), "Who is removed can come back by a link", "Aoki is no longer a member.")
    page = visit(javascript=javascript).sign_in(people[1])
    end(page, re.compile(f"Leave.*{cohort.name}"), "To come back you need a new link", f"You have left {cohort.name}.")
    end(room, "Archive the cohort", "you can bring it back", "The cohort is archived.")
