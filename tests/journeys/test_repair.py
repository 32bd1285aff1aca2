"""A wrong key is found, repaired and told; a report is answered: by people, in a browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from exams.domain.rescoring import Policy
from exams.models import Report
from exams.services import attempts, bank, cohorts, reports, rescoring, saving
from exams.services.saving import Change
from tests.factories import make_author, make_bank, make_exam, make_instructor, make_user
from tests.journeys.test_pages import ADMIN_BASELINE, check, violations
from tests.journeys.test_widths import sticking_out

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def class_room(transactional_db):
    """An assignment that a candidate has sat: fourteen right, and an answer to the first question that its old key
    says is wrong; a version with the right key is published."""
    exam = make_exam("mock-1")
    make_bank(exam)
    teacher = make_instructor(name="Morikawa", language="en")
    cohort = cohorts.make_cohort("ML engineers, autumn", by=teacher)
    candidate = make_user(name="Sato Misaki", language="en")
    now = timezone.now() - timedelta(hours=2)
    cohorts.join(candidate, cohorts.invite(cohort, by=teacher, now=now), now=now)
    size = exam.sizes.get(code="short")
    assignment = cohorts.assign(cohort, exam, size, title="First mock exam", is_fixed=True, by=teacher)
    attempt = attempts.start(candidate, exam, size, now=now, seed=1, language="en", assignment=assignment).attempt
    for item in attempt.items.all()[:15]:
        option = "o1" if item.position == 1 else item.answer_key["right"][0]
        words = [str(item.option_order.index(option))]
        change = Change(answer=words, flagged=False, struck=[], base=0, rev=1, writer="page")
        saving.save(attempt.public_id, candidate, item.position, change, received_at=now + timedelta(minutes=1))
    attempts.finish(attempt, now=now + timedelta(minutes=50))
    question = attempt.items.get(position=1).version.question
    question.options.update(is_key=False)
    question.options.filter(code="o1").update(is_key=True)
    bank.publish(question, by=None, now=now)
    return assignment, attempt, question


def test_a_wrong_key_is_repaired_and_the_candidate_told(visit, class_room):
    assignment, attempt, question = class_room
    path = f"/cohorts/{assignment.cohort.public_id}/assignments/{assignment.public_id}/"
    room = visit().sign_in(assignment.created_by, path)
    room.get_by_role("link", name="Repair a key").click()
    room.get_by_role("link", name=re.compile(f"Repair.*{question.code}:")).click()
    room.locator("label:has(input[value=new_key])").click()
    room.get_by_role("textbox", name="Reason").fill("The guide says that answer 1 is right.")
    room.get_by_role("button", name="See what would change").click()
    expect(room.locator("table tbody tr", has_text="Sato Misaki")).to_contain_text("15 of 20")
    room.get_by_role("button", name="Correct the results").click()
    expect(room.get_by_text("Done. 1 result has changed")).to_be_visible()

    page = visit().sign_in(attempt.candidate)
    expect(page.locator("aside .badge", has_text="corrected")).to_be_visible()
    page.get_by_role("link", name="Open the result").click()
    told = page.locator("#corrections")
    expect(told).to_contain_text("14 of 20 before, 15 of 20 after")
    expect(told).to_contain_text("Not passed before, passed after.")
    expect(told).to_contain_text("The guide says that answer 1 is right.")
    expect(page.locator("#score-h .badge")).to_have_text("Passed")

    room.get_by_role("link", name=re.compile("Take it back")).click()
    room.get_by_role("textbox", name="Reason").fill("It was right after all.")
    room.get_by_role("button", name="Take it back").click()
    expect(room.locator(".badge", has_text="taken back")).to_be_visible()
    page.reload()
    expect(told).to_contain_text("It was right after all.")
    expect(page.locator("#score-h .badge")).to_have_text("Not passed")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_report_is_answered(visit, class_room, javascript):
    _assignment, attempt, _question = class_room
    page = visit(javascript=javascript).sign_in(attempt.candidate, f"/attempts/{attempt.public_id}/result/")
    page.locator("#q1 summary").click()
    page.locator("#q1").get_by_role("link", name="Something is wrong with this question").click()
    page.get_by_label("What is wrong?").select_option("key")
    page.get_by_label("Tell us more").fill("Answer 1 is right.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("Your report was sent.")).to_be_visible()

    desk = visit().sign_in(make_author(language="en"), "/admin/exams/report/?state=open")
    desk.get_by_role("link", name="Answer 1 is right.").click()
    desk.get_by_role("link", name="Answer", exact=True).click()
    desk.get_by_role("textbox", name="Answer").fill("You are right. We have corrected it.")
    desk.get_by_role("button", name="Send the answer").click()
    expect(desk.get_by_text("on its way to who sent the report")).to_be_visible()

    page.goto("/")
    expect(page.get_by_text("You are right. We have corrected it.")).to_be_visible()
    page.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_text("You are right. We have corrected it.")).to_have_count(0)
    assert Report.objects.get().read_at is not None


def pages_of_repair(assignment, attempt, question):
    """(person, addresses) of every page, with something on each."""
    author, now = make_author(), timezone.now()
    item = attempt.items.get(position=1)
    done = [
        rescoring.rescore(
            item.version, Policy.FULL_CREDIT, assignment=where, reason="The guide says so.", by=author, now=now
        )
        for where in (assignment, None)
    ]
    sent = reports.send(item, category="key", text="Answer 1 is right.", language="en", by=attempt.candidate, now=now)
    reports.answer(sent, "We have corrected it.", by=author, now=now)
    reports.send(item, category="other", text="And the stem is odd.", language="en", by=attempt.candidate, now=now)
    repair = f"/cohorts/{assignment.cohort.public_id}/assignments/{assignment.public_id}/repair/"
    desk = f"/admin/exams/question/{question.pk}/repair/"
    room = f"/attempts/{attempt.public_id}/"
    return [
        (assignment.created_by, [repair, f"{repair}{item.version_id}/", f"{repair}undo/{done[0].pk}/"]),
        (attempt.candidate, ["/", "/exams/mock-1/", f"{room}result/", f"{room}items/2/report/"]),
        (author, [desk, f"{desk}1/", f"{desk}undo/{done[1].pk}/"]),
    ], (
        author,
        ["/admin/exams/report/", f"/admin/exams/report/{sent.pk}/change/", f"/admin/exams/report/{sent.pk}/answer/"],
    )


@pytest.mark.sqlite
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_is_accessible_and_fits_on_the_smallest_phone(visit, class_room, language):
    ours, (author, of_the_desk) = pages_of_repair(*class_room)
    for person, paths in ours:
        type(person).objects.filter(pk=person.pk).update(language=language)
        page = visit(language=language).sign_in(person)
        check(page, paths)
        if person == class_room[0].created_by:
            page.goto(paths[1])
            page.locator("[name=policy][value=new_key]").check()
            page.locator("[name=reason]").fill("So.")
            page.locator("form:has([name=policy][value=new_key]) button").click()
            expect(page.locator("#preview")).to_be_visible()
            assert violations(page) == {}
        if person == class_room[1].candidate:
            page.goto(paths[2])
            page.locator("#q1 summary").click()
            assert violations(page) == {}
        assert sticking_out(visit(language=language, width=320, height=640).sign_in(person), paths) == {}
    type(author).objects.filter(pk=author.pk).update(language=language)
    page = visit(language=language).sign_in(author)
    check(page, of_the_desk, ADMIN_BASELINE)
