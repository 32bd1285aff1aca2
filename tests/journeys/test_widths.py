"""Nothing sticks out of the smallest phone, and the author's desk uses the room it has."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from exams.services import attempts, cohorts
from tests.factories import (
    make_assignment,
    make_author,
    make_bank,
    make_cohort,
    make_exam,
    make_instructor,
    make_question,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
# What is wider than the page, or cut off by something that does not scroll.
STICKS_OUT = """() => [...document.querySelectorAll("body *")].filter(element => {
  const right = element.getBoundingClientRect().right;
  if (!element.checkVisibility() || element.closest(".sr, .skip, svg, math, [popover]")) return false;
  for (let around = element.parentElement; around; around = around.parentElement) {
    const overflow = getComputedStyle(around).overflowX;
    if (around.getBoundingClientRect().width < 2) return false;  // for screen readers only
    if (overflow === "auto" || overflow === "scroll") return false;
    if (overflow !== "visible" && right > around.getBoundingClientRect().right + 1) return true;
  }
  return right > document.documentElement.clientWidth + 1;
}).map(element => element.outerHTML.slice(0, 90))"""
LONG = "how-a-carrier-that-delivers-parcels-finds-those-that-are-late"


@pytest.fixture
def exam(transactional_db):
    exam = make_exam("mock-1", is_current=False)
    make_bank(exam)
    make_question(exam, domain="data", code=LONG)
    return exam


def sticking_out(page, paths) -> dict[str, list[str]]:
    found = {}
    for path in paths:
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        if elements := page.evaluate(STICKS_OUT)[:3] or ["the page"] * wide:
            found[path] = elements
    return found


def test_what_sticks_out_would_be_found(visit, exam):
    page = visit(width=320, height=640).page
    page.goto("/scoring/")
    wider = "main => main.insertAdjacentHTML('beforeend', '<table hidden><tr><td>W</td></tr></table>')"
    page.eval_on_selector("main", wider)
    page.eval_on_selector("main table", "table => { table.hidden = false; table.style.width = '400px' }")
    assert page.evaluate(STICKS_OUT)
    page.eval_on_selector("main", "main => { main.style.overflow = 'clip' }")
    assert page.evaluate(STICKS_OUT)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_of_a_candidate_on_the_smallest_phone(visit, exam, language):
    candidate, teacher = make_user(language=language), make_instructor()
    cohort = cohorts.make_cohort("Autumn", by=teacher)
    token = cohorts.invite(cohort, by=teacher, now=timezone.now())
    cohorts.join(candidate, token, now=timezone.now())
    size = exam.sizes.get(code="short")
    cohorts.assign(cohort, exam, size, title="First", is_fixed=False, by=teacher)
    then = timezone.now() - timedelta(hours=2)
    done = attempts.start(candidate, exam, size, now=then, seed=1, language=language).attempt
    attempts.finish(done, now=then + timedelta(minutes=20))
    running = attempts.start(candidate, exam, size, now=timezone.now(), seed=2, language=language).attempt
    room = f"/attempts/{running.public_id}/"
    page = visit(language=language, width=320, height=640).sign_in(candidate)
    paths = [
        "/",
        "/exams/mock-1/",
        "/scoring/",
        room,
        f"{room}?review",
        "/accounts/email/",
        "/account/",
        "/account/delete/",
        f"/join/{token}/",
    ]
    assert sticking_out(page, [*paths, f"/attempts/{done.public_id}/result/"]) == {}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_of_an_instructor_on_the_smallest_phone(visit, exam, language):
    teacher, person = make_instructor(language=language), make_user()
    cohort = cohorts.make_cohort("Autumn", by=teacher)
    size = exam.sizes.get(code="short")
    assignment = cohorts.assign(cohort, exam, size, title="First", is_fixed=True, by=teacher)
    now = timezone.now() - timedelta(hours=1)
    cohorts.join(person, cohorts.invite(cohort, by=teacher, now=now), now=now)
    started = attempts.start(person, exam, size, now=now, seed=1, language="en", assignment=assignment)
    attempts.finish(started.attempt, now=now + timedelta(minutes=5))
    page = visit(language=language, width=320, height=640).sign_in(teacher, "/cohorts/")
    base = f"/cohorts/{cohort.public_id}/"
    own = [f"members/{person.public_id}/", f"attempts/{started.attempt.public_id}/", "progress/"]
    paths = ["", f"assignments/{assignment.public_id}/", f"assignments/{assignment.public_id}/?by=task", *own]
    assert sticking_out(page, ["/cohorts/", *(f"{base}{path}" for path in paths)]) == {}


def test_who_a_row_is_about_stays_in_view_and_a_shadow_says_that_the_table_goes_on(visit, exam):
    name = "Maximiliana-Alexandrina von Hohenstaufen-Wittelsbach de la Cerda y A"
    teacher, person = make_instructor(language="en"), make_user(name)
    cohort = make_cohort(person, teacher=teacher, now=timezone.now())
    path = f"/cohorts/{cohort.public_id}/assignments/{make_assignment(cohort, exam).public_id}/"
    shadow = """around => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(
      () => resolve(getComputedStyle(around, "::after").opacity))))"""
    page = visit(width=390, height=844).sign_in(teacher, path)
    around, head = page.locator(".scroll"), page.locator("table.heat tbody th").first
    expect(head).to_have_text(name)
    left = around.bounding_box()["x"]
    assert around.evaluate(shadow) == "1"
    for place in (0, 150, 5000):
        around.evaluate("(around, place) => { around.scrollLeft = place }", place)
        assert head.bounding_box()["x"] == pytest.approx(left, abs=3)
    assert head.bounding_box()["width"] <= 140
    assert around.evaluate(shadow) == "0"
    page.set_viewport_size({"width": 1600, "height": 844})
    assert around.evaluate("around => around.scrollWidth - around.clientWidth") == 0
    assert around.evaluate(shadow) == "0"


def test_what_was_done_is_said_at_a_distance_from_what_stands_below(visit, exam):
    teacher = make_instructor(language="en")
    cohort = make_cohort(teacher=teacher, now=timezone.now())
    page = visit(width=390, height=844).sign_in(teacher, f"/cohorts/{cohort.public_id}/")
    page.get_by_role("button", name="Rename").click()
    said = page.locator("main > [role=status]").bounding_box()
    assert page.locator("main > .crumbs a").first.bounding_box()["y"] - said["y"] - said["height"] >= 10


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_of_an_author_on_the_smallest_phone(visit, exam, language):
    question = exam.questions.get(code=LONG)
    page = visit(language=language, width=320, height=640).sign_in(make_author(language=language), "/admin/")
    own = [f"{question.pk}/{part}/" for part in ("preview", "versions", "versions/1", "change")]
    paths = ["/admin/", *(f"/admin/exams/question/{path}" for path in ("", "add/", *own))]
    assert sticking_out(page, paths) == {}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_head_of_an_option_covers_nothing_on_a_phone(visit, exam, language):
    question = exam.questions.get(code=LONG)
    page = visit(language=language, width=390, height=844).sign_in(make_author(language=language), "/admin/")
    page.goto(f"/admin/exams/question/{question.pk}/change/")
    arrow = page.locator("#options-0 .sort .move-end").bounding_box()
    label = page.locator("#options-0 .field-text label").first.bounding_box()
    assert arrow["y"] + arrow["height"] <= label["y"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_list_of_questions_gives_its_room_to_the_stem(visit, exam, language):
    page = visit(language=language, width=1280).sign_in(make_author(language=language), "/admin/exams/question/")
    width = {
        name: page.locator(f"#result_list .column-{name}").bounding_box()["width"] for name in ("code", "stem_start")
    }
    assert width["stem_start"] >= 270
    assert width["code"] <= 260
