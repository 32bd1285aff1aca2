"""F10, F26: a login that ends in mid attempt, a captive portal, another person at the same browser."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Error, expect

from tests.factories import PASSWORD, make_user
from tests.faults.proxy import until
from tests.faults.rooms import GONE, Room

pytestmark = [pytest.mark.browser, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
REFUSED = "the server responded with a status of 4"


def sign_in_again(room, password=PASSWORD):
    dialog = room.page.locator("dialog#signin:modal")
    expect(dialog).to_be_visible()
    shown = dialog.evaluate("box => box.innerText + [...box.querySelectorAll('input')].map((input) => input.value)")
    assert room.attempt.candidate.email in shown
    dialog.locator("input[name=password]").fill(password)
    dialog.locator("button:not([type=button])").click()
    return dialog


def test_f10_when_the_login_has_expired_one_signs_in_again_in_place_and_pending_answers_are_sent(enter, proxy):
    room = enter(REFUSED, *GONE)
    room.choose(1, 0)
    room.expect_state("done")
    proxy.cut()
    for position in (1, 2, 3):
        room.choose(position, 2)
    room.expect_state("off")
    room.page.evaluate("window.isTheSamePage = true")
    Session.objects.all().delete()
    proxy.mend()
    expect(room.page.locator("dialog#signin:modal")).to_be_visible(timeout=40_000)
    room.expect_state("out")
    dialog = sign_in_again(room, "a wrong password")
    expect(dialog.locator("[role=alert]")).to_be_visible()
    room.expect_state("out")
    assert [room.stored(position) for position in (1, 2, 3)] == [[0], None, None]
    sign_in_again(room)
    expect(dialog).to_be_hidden()
    room.expect_state("done")
    assert [room.stored(position) for position in (1, 2, 3)] == [[2], [2], [2]]
    assert room.page.evaluate("window.isTheSamePage")
    room.choose(4, 1)
    room.expect_state("done")
    assert room.stored(4) == [1]


def test_f10_answers_that_were_pending_when_the_page_was_left_are_sent_after_the_next_sign_in(enter, proxy):
    room = enter(REFUSED, *GONE)
    room.wait_until_kept()
    proxy.cut()
    room.choose(1, 2)
    room.expect_state("off")
    Session.objects.all().delete()
    room.page.goto("about:blank")
    proxy.mend()
    room.sign_in()
    until(lambda: room.stored(1) == [2], "the answer that was pending", seconds=40)
    room.expect_state("done")
    assert room.shown(1) == [2]


@pytest.mark.parametrize("fault", ["captive", "redirect", "fail"])
def test_f10_what_answers_in_the_servers_place_acknowledges_nothing(enter, proxy, fault):
    room = enter("Failed to load resource", "Failed to fetch", "blocked by CORS")
    room.wait_until_kept()
    foreign = {"captive": proxy.captive, "redirect": proxy.redirect, "fail": proxy.fail}[fault]()
    room.watch_save()
    room.choose(1, 2)
    until(lambda: len([one for one in foreign.hits if one.method == "POST"]) > 1, "a second try")
    assert "done" not in room.said()[1:]
    assert room.stored(1) is None
    expect(room.page.locator("#save")).to_have_class("save save--off")
    expect(room.form(1)).to_be_visible()
    proxy.clear()
    room.expect_state("done", seconds=40)
    assert room.stored(1) == [2]


@pytest.mark.parametrize("fault", ["captive", "redirect", "fail"])
def test_f10_what_answers_in_the_servers_place_does_not_take_the_place_of_the_kept_exam(enter, proxy, fault):
    room = enter("Failed to load resource", "Failed to fetch", "blocked by CORS", *GONE)
    room.wait_until_kept()
    room.choose(1, 1)
    room.expect_state("done")
    {"captive": proxy.captive, "redirect": proxy.redirect, "fail": proxy.fail}[fault]()
    room.open()
    proxy.clear()
    proxy.cut()
    room.open()
    expect(room.form(1).locator("input[name=answer]").nth(1)).to_be_checked()


def test_f10_signing_out_elsewhere_asks_while_an_answer_has_not_been_sent(enter, proxy):
    room = enter(*GONE, "Failed to load resource")
    room.wait_until_kept()
    proxy.refuse("POST", "/items/")
    room.choose(1, 2)
    room.expect_state("off")
    page = room.visitor.context.new_page()
    page.goto("/")
    page.locator("[popovertarget=account]").first.click()
    page.locator("form[data-guard] button").click()
    expect(page.locator("#unsent")).to_be_visible()
    proxy.clear()
    room.expect_state("done", seconds=40)
    page.goto("/")
    page.locator("[popovertarget=account]").first.click()
    page.locator("form[data-guard] button").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def leave_behind(room, proxy):
    """Somebody is called away from a shared computer with an answer that could not be sent, and does not sign out."""
    room.wait_until_kept()
    assert room.page.evaluate(
        "document.cookie.split('; ').includes(`mogi_person=${document.documentElement.dataset.person}`)"
    )
    room.page.locator("[data-keeps=clock]").evaluate("input => input.click()")
    room.choose(1, 0)
    room.expect_state("done")
    proxy.cut()
    room.choose(1, 3)
    room.choose(2, 3)
    room.expect_state("off")
    kept = room.kept()
    assert (len(kept["pages"]) > 0, len(kept["rows"]) > 0) == (True, True)


def check_that_nothing_is_left(room, proxy, page, since):
    room = Room(room.visitor, room.attempt, page)
    page.goto("/")
    assert room.kept() == {"pages": [], "rows": []}
    assert page.evaluate("localStorage.getItem('mogi-clock')") is None
    assert [one.path for one in proxy.log[since:] if one.method == "POST" and "/items/" in one.path] == []
    assert [room.stored(position) for position in (1, 2)] == [[0], None]
    room.open()
    expect(page.locator("form.q")).to_have_count(0)
    expect(page.get_by_text("404")).to_be_visible()
    proxy.cut()
    with pytest.raises(Error, match="ERR_"):
        room.open()


@pytest.mark.parametrize("target", ["/", "the room"])
def test_f26_who_signs_in_after_another_sees_and_sends_nothing_of_theirs_and_it_is_removed(enter, proxy, target):
    room = enter(REFUSED, *GONE)
    leave_behind(room, proxy)
    room.page.goto("about:blank")
    Session.objects.all().delete()
    proxy.mend()
    since = len(proxy.log)
    page = room.visitor.sign_in(make_user(language="en"), room.path if target == "the room" else target)
    expect(page.locator("main h1")).to_be_visible()
    expect(page.locator("form.q")).to_have_count(0)
    check_that_nothing_is_left(room, proxy, page, since)


def test_f26_a_room_that_is_still_open_when_another_signs_in_sends_nothing_in_their_name(enter, proxy):
    room = enter(REFUSED, *GONE)
    leave_behind(room, proxy)
    Session.objects.all().delete()
    blocked = proxy.refuse("POST", "/items/")
    proxy.mend()
    page = room.visitor.context.new_page()
    room.visitor.sign_in(make_user(language="en"), page=page)
    expect(page.locator("main h1")).to_be_visible()
    since = len(proxy.log)
    blocked.lift()
    with suppress(Error):  # the page may be leaving already
        room.page.evaluate("dispatchEvent(new Event('online'))")  # so that it tries at once
    room.page.wait_for_timeout(2000)
    expect(room.page.locator("#save.save--done")).to_have_count(0)
    check_that_nothing_is_left(room, proxy, page, since)
