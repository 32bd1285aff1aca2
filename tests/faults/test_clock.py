"""F12, F13, F22: clocks that are wrong, jump, or stand still, and time that is given in mid attempt."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from exams.domain.attempts import CLOSING
from exams.models import Attempt
from tests.faults.proxy import until
from tests.faults.rooms import GONE

pytestmark = [pytest.mark.browser, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
TOLERANCE = 3  # seconds between the page's countdown and the truth


def give(attempt, **more):
    """Extra time."""
    deadline = Attempt.objects.get(pk=attempt.pk).deadline_at + timedelta(**more)
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=deadline)


def over(attempt, ago=CLOSING):
    """Time is up, and has been for so long."""
    end = timezone.now() - ago
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=end, started_at=end - timedelta(hours=1))


def freeze(page):
    """As a browser does with a tab that nobody looks at: nothing runs in it any more."""
    see(page, "hidden", "visibilitychange", "freeze")
    page.clock.pause_at(timezone.now() + timedelta(seconds=1))


def thaw(page):
    """Somebody looks at it again."""
    page.clock.resume()
    see(page, "visible", "resume", "visibilitychange")


def see(page, state, *events):
    """Tell the page that it is seen or not. Playwright keeps all pages visible, so the browser itself never would."""
    page.evaluate(
        """([state, events]) => {
            Object.defineProperty(document, "visibilityState", { configurable: true, value: state });
            Object.defineProperty(document, "hidden", { configurable: true, value: state === "hidden" });
            for (const name of events) document.dispatchEvent(new Event(name, { bubbles: true }));
        }""",
        [state, events],
    )


def looks(proxy):
    """The page's looks at the server's clock that were answered."""
    return [one for one in proxy.seen("GET", "/time/") if one.heard]


@pytest.fixture
def running(attempt):
    """Half an hour has gone."""
    half = timedelta(minutes=30)
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at=attempt.started_at - half, deadline_at=attempt.deadline_at - half
    )
    return attempt


def test_f12_a_clock_that_is_hours_wrong_and_jumps_neither_moves_the_countdown_nor_the_record(enter_with_clock, proxy):
    room = enter_with_clock(ahead=timedelta(hours=7))
    until(lambda: looks(proxy), "the first look at the server's clock")
    assert room.clock_error() < TOLERANCE
    for hours in (-9, 30):
        room.page.clock.set_system_time(timezone.now() + timedelta(hours=hours))
        room.page.wait_for_timeout(2500)  # the countdown goes on
        assert room.clock_error() < TOLERANCE
        room.choose(1, 1 if hours < 0 else 2)
        room.expect_state("done")
    item = room.item(1)
    assert room.stored(1) == [2]
    assert abs(timezone.now() - item.saved_at) < timedelta(seconds=30)
    assert item.seconds_spent < 60


def test_f13_an_attempt_whose_tab_was_frozen_over_the_deadline_was_finished_without_it(
    enter_with_clock, enter, attempt, proxy
):
    room, device = enter_with_clock(), enter()
    room.choose(1, room.right(1))
    room.expect_state("done")
    freeze(room.page)
    over(attempt)
    asked = len(looks(proxy))
    device.page.goto(f"{device.path}result/")
    expect(device.page.locator("dl.pairs dd").first).to_have_text("1 of 5")
    assert len(looks(proxy)) == asked
    thaw(room.page)
    room.page.wait_for_url("**/receipt/", timeout=10_000)
    room.page.goto(f"{room.path}result/")
    expect(room.page.locator("dl.pairs dd").first).to_have_text("1 of 5")


def test_f13_a_laptop_that_slept_over_the_deadline_finds_the_exam_finished(enter_with_clock, attempt):
    """In sleep the page's countdown stands still on most systems; only the calendar tells how long it was."""
    room = enter_with_clock()
    room.choose(1, 1)
    room.expect_state("done")
    over(attempt)
    room.page.clock.set_system_time(timezone.now() + timedelta(hours=2))
    room.page.wait_for_url("**/receipt/", timeout=10_000)


def test_f13_an_answer_that_could_not_be_sent_before_the_sleep_is_kept_as_late(enter_with_clock, attempt, proxy):
    room = enter_with_clock("410", *GONE)
    proxy.cut()
    room.choose(1, 1)
    room.expect_state("off")
    freeze(room.page)
    over(attempt)
    proxy.mend()
    thaw(room.page)
    room.page.wait_for_url("**/receipt/", timeout=20_000)
    room.page.goto(f"{room.path}result/")
    expect(room.page.get_by_text("1 answer arrived after the time was up")).to_be_visible()
    item = room.item(1)
    assert (item.response, item.late_response) == (None, [item.option_order[1]])


def test_f22_extra_time_arrives_with_the_reply_to_a_save(enter, running):
    room = enter()
    give(running, minutes=10)
    assert room.clock_error() > 500
    room.choose(1, 1)
    room.expect_state("done")
    until(lambda: room.clock_error() < TOLERANCE, "the new time on the page")


def test_f22_extra_time_arrives_by_itself_within_minutes(enter_with_clock, running, proxy):
    room = enter_with_clock()
    until(lambda: looks(proxy), "the first look at the server's clock")
    give(running, minutes=10)
    for _ in range(180):  # six minutes of the page's, in steps that leave each request its time
        room.page.clock.run_for(2000)
        until(lambda: all(one.heard for one in proxy.log), "the replies")
        if len(looks(proxy)) > 1:
            break
    until(lambda: room.clock_error() < TOLERANCE, "the new time on the page")


def test_f22_the_end_that_is_shown_moves_with_the_extra_time(enter, running):
    room = enter()
    running.refresh_from_db()
    old = timezone.localtime(running.deadline_at).strftime("%-H:%M")
    expect(room.page.locator(".clock")).to_contain_text(old)
    give(running, minutes=10)
    room.choose(1, 1)
    room.expect_state("done")
    expect(room.page.locator(".clock")).not_to_contain_text(old)


def test_f22_extra_time_beyond_the_whole_of_the_exam_is_shown(enter, attempt):
    room = enter()
    give(attempt, minutes=10)
    room.choose(1, 1)
    room.expect_state("done")
    until(lambda: room.clock_error() < TOLERANCE, "the new time on the page")


def test_f22_extra_time_given_in_the_last_seconds_keeps_the_room_open(enter, running, proxy):
    room = enter()
    over(running, ago=timedelta(seconds=-8))
    asked = len(looks(proxy))
    room.page.reload()
    until(lambda: len(looks(proxy)) > asked, "a look at the server's clock")
    give(running, minutes=10)
    until(lambda: room.clock_error() < TOLERANCE, "the new time on the page", seconds=20)
    expect(room.page.locator("#over")).to_be_hidden()
    room.choose(1, 1)
    room.expect_state("done")
    assert room.stored(1) == [1]
