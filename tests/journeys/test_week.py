"""An instructor's whole week, in browsers: from an empty room to a repaired key and the files that are taken away."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO
from random import Random
from zipfile import ZipFile

import pytest
from django.core import mail
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect

from exams.models import Assignment, Membership
from tests.factories import make_exam, make_instructor, make_question, make_size, make_user
from tests.sitting import make_people, sit_form

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUESTIONS = 5
OTHERS = 40  # enough for item analysis to say something


@pytest.fixture
def exam(transactional_db):
    """Five questions on one form; the published key is their first answer."""
    exam = make_exam("mock-1", weights={"all": 100}, sizes=False)
    make_size(exam, "short", questions=QUESTIONS, scored=QUESTIONS, minutes=30, cut=3)
    for _ in range(QUESTIONS):
        make_question(exam)
    return exam


def make_the_cohort(room):
    """The path of its link."""
    room.locator("input[name=name]").fill("ML engineers, autumn")
    room.get_by_role("button", name="Make the cohort").click()
    room.get_by_role("button", name="Make a link").click()
    return path_of(room.locator("input[readonly]").input_value())


def path_of(link):
    return "/" + link.split("://")[1].partition("/")[2]


def set_the_exam(room):
    """Once, the same questions for everybody, nothing of the result before the close."""
    room.locator("input[name=title]").fill("First mock exam")
    room.locator("input[name=is_fixed]").check()
    room.locator("input[name=closes_at]").fill(minutes_from_now(180))
    room.locator("input[name=most_attempts]").fill("1")
    room.locator("select[name=score_release]").select_option("closed")
    room.locator("select[name=key_release]").select_option("last_deadline")
    room.get_by_role("button", name="Set the exam").click()
    expect(room.get_by_text("Members see it on their home page")).to_be_visible()


def minutes_from_now(minutes):
    return (timezone.localtime() + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")


def start(page):
    page.goto("/")
    page.get_by_role("link", name=re.compile("Details.*First mock exam")).click()
    page.get_by_role("button", name=re.compile("Get ready.*First mock exam")).click()
    page.get_by_role("button", name="Start the exam").click()
    page.wait_for_url("**/attempts/**")


def answer(page, answers):
    """Choose the option of that number in each question from the first on, and see each saved."""
    for position, number in enumerate(answers, start=1):
        if position > 1:
            page.keyboard.press("n")
        page.locator(f"#q-{position} label.option__label", has_text=f"Answer {number} of").click()
        expect(page.locator("#save.save--done")).to_be_visible()


def finish(page):
    page.keyboard.press("r")
    page.get_by_role("button", name="Finish the exam").click()
    page.get_by_role("button", name="Finish and see the result").click()
    expect(page.get_by_role("link", name="To the result")).to_be_visible()


def let_the_others_sit_it(assignment):
    """The strong have all but the first question right, and there agree on another answer than the key."""
    random, people = Random(1), make_people(OTHERS)
    Membership.objects.bulk_create(
        Membership(cohort=assignment.cohort, candidate=person, accepted_at=timezone.now()) for person in people
    )
    rows = []
    for number in range(OTHERS):
        is_strong = number % 2
        rest = [
            "o0" if random.random() < (0.9 if is_strong else 0.2) else random.choice(["o1", "o2"])
            for _ in range(QUESTIONS - 1)
        ]
        rows.append(["o2" if is_strong else random.choice(["o0", "o0", "o1"]), *rest])
    sit_form(assignment, people, rows, now=timezone.now())


def downloaded(room, name):
    """Content and name of what a link gives."""
    with room.expect_download() as download:
        room.get_by_role("link", name=re.compile(name)).click()
    return download.value.path().read_bytes(), download.value.suggested_filename


def test_a_week_from_an_empty_room_to_a_repaired_key_and_the_files(visit, exam, settings):
    settings.SENDS_MAIL = True
    room = visit().sign_in(make_instructor(name="Morikawa", language="en"), "/cohorts/")

    # Monday: a cohort, whose members come by its link or by mail, and an exam for it
    link = make_the_cohort(room)
    cohort = room.url
    people = [make_user(name, language="en") for name in ("Sato Misaki", "Ito Ren", "Nakajima Yu")]
    room.get_by_role("link", name="Invite singly").click()
    room.locator("textarea[name=addresses]").fill(people[2].email)
    room.get_by_role("button", name="Look at the list first").click()
    room.get_by_role("button", name="Invite them").click()
    expect(room.get_by_text("1 person is invited by mail.")).to_be_visible()
    mailed = path_of(re.search(r"http\S+/join/\S+", mail.outbox[0].body).group())
    room.goto(cohort)
    set_the_exam(room)
    pages = [visit().sign_in(person, link) for person in people[:2]] + [visit().sign_in(people[2], mailed)]
    for page in pages:
        expect(page.get_by_text("What the instructors of this cohort will see")).to_be_visible()
        page.get_by_role("button", name="Join", exact=True).click()
        expect(page.get_by_text("due", exact=True)).to_be_visible()

    # Tuesday: one has more time; three sit it, and the board follows them by itself
    room.get_by_role("link", name=re.compile("Live.*First mock exam")).click()
    board = [room.locator("#board tbody tr", has_text=person.display_name) for person in people]
    board[2].get_by_role("link", name=re.compile("More time")).click()
    room.locator("input[name=percent]").fill("50")
    room.locator("[name=reason]").fill("Agreed with the office.")
    room.get_by_role("button", name="Grant it").click()
    expect(board[2]).to_contain_text("has more time")
    for page, answers in zip(pages, ([2, 0, 0, 0, 0], [0, 1], [1]), strict=True):
        start(page)
        answer(page, answers)
    for row, answered, left in zip(board, (5, 2, 1), ("0:2", "0:2", "0:4"), strict=True):
        expect(row).to_contain_text(f"{answered} of {QUESTIONS}", timeout=25_000)
        expect(row.locator("[data-label='Time left']")).to_have_text(re.compile(f"^{left}"))
    finish(pages[0])
    expect(board[0]).to_contain_text("Finished", timeout=25_000)
    finish(pages[1])
    finish(pages[2])
    pages[0].get_by_role("link", name="To the result").click()
    expect(pages[0].get_by_role("heading", name="The result is not out yet")).to_be_visible()
    let_the_others_sit_it(Assignment.objects.get())

    # Wednesday: it is closed, and its results are read
    Assignment.objects.update(closes_at=timezone.now() - timedelta(minutes=2))  # as time would
    room.get_by_role("link", name="Results", exact=True).click()
    expect(room.locator("dl.facts").first).to_contain_text(f"{OTHERS + 3}of {OTHERS + 3} members")
    expect(room.locator("section[aria-labelledby=spread-h] svg.chart circle")).to_have_count(OTHERS + 3)
    rows = [room.locator("table.heat tbody tr", has_text=person.display_name) for person in people]
    for row, verdict in zip(rows, ("Passed", "Not passed", "Not passed"), strict=True):
        expect(row).to_contain_text(verdict)
    before = rows[0].locator("strong").inner_text()

    # Thursday: the figures point to a key, which is repaired
    room.get_by_role("link", name="Item analysis").click()
    first = room.locator("main tbody tr").first
    expect(first).to_contain_text("The key may be wrong: strong candidates choose C.")
    first.get_by_role("link").click()
    expect(room.locator("tr", has_text="Suspect key")).to_contain_text("Answer 2 of")
    room.get_by_role("link", name="Repair the key").click()
    room.locator("label:has(input[value=full_credit])").click()
    room.get_by_role("textbox", name="Reason").fill("Answers A and C are both defensible.")
    room.get_by_role("button", name="See what would change").click()
    preview = room.locator("#preview")
    expect(preview).to_contain_text(f"of {OTHERS + 3}")
    expect(preview.locator("tbody tr", has_text="Sato Misaki")).to_contain_text("5 of 5")
    changed = int(preview.locator("dl.facts dd").first.inner_text().split()[0])
    assert 0 < changed < OTHERS + 3
    room.get_by_role("button", name="Correct the results").click()
    expect(room.get_by_text(f"Done. {changed} results have changed")).to_be_visible()
    pages[0].reload()
    expect(pages[0].locator("#corrections")).to_contain_text("4 of 5 before, 5 of 5 after")
    expect(pages[0].locator("#corrections")).to_contain_text("Answers A and C are both defensible.")

    # Friday: the files are taken away
    room.get_by_role("link", name="To take away").click()
    after = rows[0].locator("strong").inner_text()
    assert int(before) < int(after) == 1000
    content, name = downloaded(room, "Excel.*Members")
    sheet = load_workbook(BytesIO(content)).active
    assert name == "First mock exam Members.xlsx"
    assert sheet.max_row == 1 + OTHERS + 3
    scores = {row[0]: row[5] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert scores["Sato Misaki"] == int(after)
    content, name = downloaded(room, "CSV.*Answers")
    lines = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))
    assert (name, len(lines)) == ("First mock exam Answers.csv", 1 + (OTHERS + 3) * QUESTIONS)
    content, name = downloaded(room, "PDF.*Report of the cohort")
    assert (name, content[:5], b"%%EOF" in content[-16:]) == ("First mock exam.pdf", b"%PDF-", True)
    content, _name = downloaded(room, "ZIP.*Score reports")
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert len([one for one in archive.namelist() if one.endswith(".pdf")]) == OTHERS + 3
