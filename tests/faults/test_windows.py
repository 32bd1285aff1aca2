"""F8, F11, F14: two windows, two devices, a sign-in elsewhere, and the way back through history."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tests.faults.proxy import until
from tests.faults.rooms import GONE, Room

pytestmark = [pytest.mark.browser, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_f08_the_stale_device_is_told_shows_both_answers_and_blanks_none(enter, proxy):
    room, stale = enter("409", *GONE), enter("409", *GONE)
    room.choose(1, 0)
    room.expect_state("done")
    room.choose(3, 3)
    room.expect_state("done")
    # Many changes, so that a later number alone would win over what is stored.
    gone = proxy.refuse("POST", "/items/1/")
    for option in (1, 2, 1):
        stale.choose(1, option)
    gone.lift()
    expect(stale.notice(1)).to_contain_text("changed in another window")
    assert (room.stored(1), stale.shown(1)) == ([0], [1])
    stale.form(1).locator("[data-keep=stored]").click()
    stale.expect_state("done")
    assert (room.stored(1), stale.shown(1)) == ([0], [0])
    # What the stale page never showed is not sent along with what it does change.
    stale.choose(2, 2)
    stale.expect_state("done")
    assert [room.stored(position) for position in (1, 2, 3, 4)] == [[0], [2], [3], None]
    stale.form(2).locator("input[name=flag]").evaluate("input => input.click()")
    stale.expect_state("done")
    room.choose(2, 1)
    expect(room.notice(2)).to_contain_text("changed in another window")
    room.form(2).locator("[data-keep=mine]").click()
    room.expect_state("done")
    assert (room.stored(2), room.item(2).is_flagged) == ([1], True)  # the choice is about the answer


def test_f08_a_note_and_a_flag_of_another_device_stay_and_ask_for_no_choice(enter, proxy):
    room, other = enter("409", *GONE), enter("409", *GONE)
    other.form(1).locator("input[name=flag]").evaluate("input => input.click()")
    other.form(1).locator("textarea").evaluate(
        "area => { area.value = 'shards'; area.dispatchEvent(new Event('change', { bubbles: true })); }"
    )
    other.expect_state("done")
    room.choose(1, 2)
    room.expect_state("done")
    expect(room.notice(1)).to_be_hidden()
    item = room.item(1)
    assert (room.stored(1), item.is_flagged, item.note) == ([2], True, "shards")


def test_f08_of_two_windows_that_changed_the_same_without_a_network_one_saves_and_one_is_told(enter, proxy):
    room = enter("409", *GONE)
    other = room.window()
    proxy.cut()
    chosen = {room: 0, other: 1}
    for window, option in chosen.items():
        window.choose(1, option)
        window.expect_state("off")
    proxy.mend()
    until(lambda: room.stored(1), "a save", seconds=40)
    winner = room if room.stored(1) == [0] else other
    loser = other if winner is room else room
    expect(loser.notice(1).locator("[data-keep=mine]")).to_be_visible(timeout=40_000)
    winner.expect_state("done")
    assert [(window.shown(1), window.stored(1)) for window in (winner, loser)] == [
        ([chosen[winner]], [chosen[winner]]),
        ([chosen[loser]], [chosen[winner]]),
    ]
    loser.form(1).locator("[data-keep=mine]").click()
    loser.expect_state("done")
    assert loser.stored(1) == [chosen[loser]]


def test_f08_a_second_window_sees_what_the_first_did_and_neither_loses(enter):
    room = enter()
    other = room.window()
    room.choose(1, 2)
    room.expect_state("done")
    expect(other.form(1).locator("input[name=answer]").nth(2)).to_be_checked()
    other.choose(2, 3)
    other.form(1).locator("input[name=flag]").evaluate("input => input.click()")
    other.expect_state("done")
    expect(room.form(2).locator("input[name=answer]").nth(3)).to_be_checked()
    expect(room.form(1).locator("input[name=flag]")).to_be_checked()
    room.choose(1, 1)
    room.expect_state("done")
    expect(other.form(1).locator("input[name=answer]").nth(1)).to_be_checked()
    assert [room.stored(position) for position in (1, 2, 3)] == [[1], [3], None]
    assert room.item(1).is_flagged
    for window in (room, other):
        expect(window.notice(1)).to_be_hidden()
        expect(window.notice(2)).to_be_hidden()


def test_f11_a_sign_in_in_another_window_loses_nothing_and_shows_no_refusal(enter, proxy):
    room = enter()
    room.choose(1, 1)
    room.expect_state("done")
    sign_in_elsewhere(room)
    room.choose(2, 2)
    room.expect_state("done")
    assert (room.stored(1), room.stored(2)) == ([1], [2])
    assert {save.status for save in proxy.seen("POST", "/items/")} == {200}


def test_f11_after_a_sign_in_in_another_window_the_exam_can_be_finished(enter):
    room = enter("401")
    sign_in_elsewhere(room)
    room.finish(no_wait_after=True)
    room.page.wait_for_url("**/receipt/", timeout=10_000)


def test_f11_a_page_whose_cookie_is_gone_gets_a_new_token_by_itself(enter):
    room = enter("403")
    room.visitor.context.clear_cookies(name="csrftoken")
    room.choose(1, 1)
    room.expect_state("done")
    assert room.stored(1) == [1]


def test_f14_back_into_a_finished_exam_leads_to_its_result(visit_with_profile, attempt, tmp_path):
    """With the back/forward cache, which Playwright switches off."""
    visitor = visit_with_profile(tmp_path / "profile", without=("--disable-back-forward-cache",))
    visitor.expected = ["410"]
    room = Room(visitor, attempt)
    room.sign_in()
    room.choose(1, 0)
    room.expect_state("done")
    room.finish()
    room.page.wait_for_url("**/receipt/")
    room.page.go_back(wait_until="commit")
    room.page.wait_for_timeout(1000)  # the old page is gone, what comes instead may go on to another
    expect(room.page.get_by_role("heading", name="Receipt")).to_be_visible()
    expect(room.page.locator("form.q")).to_have_count(0)
    assert room.stored(1) == [0]


def test_f14_back_into_a_running_exam_shows_what_was_answered_elsewhere_since(
    visit_with_profile, enter, attempt, tmp_path
):
    visitor = visit_with_profile(tmp_path / "profile", without=("--disable-back-forward-cache",))
    room = Room(visitor, attempt)
    room.sign_in()
    room.choose(1, 0)
    room.expect_state("done")
    room.page.goto("/")
    device = enter()
    device.choose(1, 2)
    device.expect_state("done")
    room.page.go_back(wait_until="commit")
    expect(room.form(1).locator("input[name=answer]").nth(2)).to_be_checked()
    room.choose(1, 3)
    room.expect_state("done")
    assert room.stored(1) == [3]


def sign_in_elsewhere(room):
    """The session ends; in another window of the browser its owner signs in, which changes the token."""

    def token():
        return next(cookie["value"] for cookie in room.visitor.context.cookies() if cookie["name"] == "csrftoken")

    old = token()
    Session.objects.all().delete()
    page = room.visitor.context.new_page()
    room.visitor.sign_in(room.attempt.candidate, page=page)
    expect(page.locator("main h1")).to_be_visible()
    assert token() != old
