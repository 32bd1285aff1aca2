"""F3, F25: the network goes, and the exam goes on: for minutes, over a reload, over the end of the browser."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Error, expect

from exams.queries.results import reports
from exams.services import attempts
from tests.factories import make_bank, make_exam
from tests.faults.proxy import until
from tests.faults.rooms import GONE, Room

pytestmark = [pytest.mark.browser, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
TOLERANCE = 3  # seconds between the page's countdown and the truth
MINUTES = 5


def test_f03_answers_given_while_the_network_is_gone_for_minutes_are_kept_and_sent_by_themselves(
    enter_with_clock, proxy
):
    room = enter_with_clock(*GONE)
    room.wait_until_kept()
    proxy.cut()
    room.choose(1, 1)
    room.expect_state("off")
    room.watch_save()
    tries = []
    for minute in range(MINUTES):
        before = proxy.refused
        room.let_pass(60)
        tries.append(proxy.refused - before)
        if minute == 2:
            room.choose(1, 2)
            room.choose(2, 3)
        room.expect_state("off")
    assert "done" not in room.said()
    assert all(0 < number < 30 for number in tries), tries  # it goes on trying, but not each second
    assert tries[-1] <= 8, tries
    assert [room.stored(position) for position in (1, 2)] == [None, None]
    proxy.mend()
    room.let_pass(60, enough=lambda: room.stored(1) and room.stored(2))
    room.expect_state("done")
    assert [room.stored(position) for position in (1, 2, 3)] == [[2], [3], None]


def check_that_it_goes_on(room, proxy):
    """After the page came back without a network: 1 was saved and then changed, 2 and 4 were never sent."""
    expect(room.form(1).locator("input[name=answer]").nth(2)).to_be_checked()
    expect(room.page.locator("form.q:visible")).to_have_count(1)
    assert [room.shown(position) for position in (1, 2, 3, 4, 5)] == [[2], [3], [0], [1], []]
    until(lambda: room.clock_error() < TOLERANCE, "the right time on the page", seconds=TOLERANCE)
    room.expect_state("off")
    room.choose(5, 2)
    room.choose(2, 0)
    room.expect_state("off")
    assert [room.stored(position) for position in (1, 2, 3, 4, 5)] == [[0], None, [0], None, None]
    proxy.mend()
    room.expect_state("done", seconds=40)
    expected = [[2], [0], [0], [1], [2]]
    assert [room.stored(position) for position in (1, 2, 3, 4, 5)] == expected
    room.page.reload()
    expect(room.form(1).locator("input[name=answer]").nth(2)).to_be_checked()
    assert [room.shown(position) for position in (1, 2, 3, 4, 5)] == expected


def answer_and_lose_the_network(room, proxy):
    room.wait_until_kept()
    room.choose(1, 0)
    room.choose(3, 0)
    room.expect_state("done")
    proxy.cut()
    room.choose(1, 2)
    room.choose(2, 3)
    room.choose(4, 1)
    room.expect_state("off")


def test_f25_a_reload_without_a_network_opens_the_exam_with_every_answer_and_goes_on(enter, proxy):
    room = enter(*GONE)
    answer_and_lose_the_network(room, proxy)
    room.page.reload()
    check_that_it_goes_on(room, proxy)


def test_f25_after_a_reload_saved_is_not_said_while_answers_wait_that_were_never_sent(enter, proxy):
    room = enter(*GONE)
    room.watch_save_from_the_start()
    answer_and_lose_the_network(room, proxy)
    room.page.reload()
    room.expect_state("off")
    assert "done" not in room.said()


@pytest.mark.parametrize("end", ["killed", "closed"])
def test_f25_a_browser_that_was_ended_without_a_network_opens_the_exam_with_every_answer_and_goes_on(
    visit_with_profile, attempt, proxy, tmp_path, end
):
    folder = tmp_path / "profile"
    # Cookies come to the disk with a delay of half a minute, or when the browser is closed.
    first = visit_with_profile(folder)
    first.sign_in(attempt.candidate)
    expect(first.page.locator("main h1")).to_be_visible()
    first.context.close()
    second = visit_with_profile(folder)
    second.expected = list(GONE)
    room = Room(second, attempt)
    room.open()
    answer_and_lose_the_network(room, proxy)
    if end == "killed":
        second.kill(folder)
    else:
        second.context.close()
    third = visit_with_profile(folder)
    third.expected = list(GONE)
    room = Room(third, attempt)
    room.open()
    check_that_it_goes_on(room, proxy)


def test_f25_without_a_network_from_question_five_on_a_whole_exam_survives_a_reload_and_a_kill(
    visit_with_profile, candidate, proxy, tmp_path
):
    exam = make_exam("mock-2")
    make_bank(exam)
    size = exam.sizes.get(code="short")
    attempt = attempts.start(candidate, exam, size, now=timezone.now(), seed=4, language="en").attempt
    folder = tmp_path / "profile"
    first = visit_with_profile(folder)
    first.sign_in(candidate)
    expect(first.page.locator("main h1")).to_be_visible()
    first.context.close()
    visitor = visit_with_profile(folder)
    visitor.expected = list(GONE)
    room = Room(visitor, attempt)
    room.open()
    room.wait_until_kept()
    for position in range(1, 5):
        room.choose(position, room.right(position))
    room.expect_state("done")
    proxy.cut()
    for position in range(5, 10):
        room.choose(position, room.right(position))
    room.expect_state("off")
    room.page.reload()
    for position in range(10, 15):
        room.choose(position, room.right(position))
    room.expect_state("off")
    visitor.kill(folder)
    visitor = visit_with_profile(folder)
    visitor.expected = list(GONE)
    room = Room(visitor, attempt)
    room.open()
    for position in range(15, 21):
        room.choose(position, room.right(position))
    room.expect_state("off")
    assert attempt.items.filter(response__isnull=False).count() == 4
    proxy.mend()
    room.expect_state("done", seconds=40)
    room.finish()
    room.page.wait_for_url("**/receipt/")
    assert reports([attempt])[attempt.pk].points == 20


@pytest.mark.parametrize("act", ["finishing", "signing out"])
def test_f25_nothing_is_kept_after(enter, proxy, act):
    room = enter(*GONE)
    room.wait_until_kept()
    room.choose(1, 1)
    room.expect_state("done")
    kept = room.kept()
    assert (len(kept["pages"]) > 0, len(kept["rows"]) > 0) == (True, True)
    if act == "finishing":
        room.finish()
        room.page.wait_for_url("**/receipt/")
    else:
        room.page.goto("/")
        room.page.locator("[popovertarget=account]").first.click()
        room.page.get_by_role("button", name="Sign out").click()
        expect(room.page.get_by_role("link", name="Sign in").first).to_be_visible()
    until(lambda: room.kept() == {"pages": [], "rows": []}, "an empty browser")
    proxy.cut()
    with pytest.raises(Error, match="ERR_"):
        room.open()
