"""F1, F2, F4, F23: saves that overlap, change their order, lose their answer, or make no sense."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.faults.proxy import until
from tests.faults.rooms import GONE, Room

pytestmark = [pytest.mark.browser, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_f01_an_answer_changed_while_its_save_is_in_flight_is_stored_and_not_called_saved_before(enter, proxy):
    room = enter()
    first = proxy.hold_reply("POST", "/items/1/", times=1)
    room.choose(1, 0)
    first.wait()
    second = proxy.hold("POST", "/items/1/", times=1)
    room.watch_save()
    room.choose(1, 2)
    first.release()
    second.wait()
    assert room.stored(1) == [0]
    assert "done" not in room.said()
    second.release()
    room.expect_state("done")
    assert room.stored(1) == [2]


def test_f01_an_answer_given_before_the_script_has_come_is_sent_once_it_has(visit, attempt, proxy):
    room = Room(visit(), attempt)
    slow = proxy.hold("GET", "/exams/room/")
    room.visitor.sign_in(attempt.candidate, room.path)
    slow.wait()
    room.form(1).locator("label:has(input[name=answer][value='2'])").click()
    slow.release()
    room.wait_until_awake()
    until(lambda: room.stored(1) == [2], "the answer that the page shows")
    room.expect_state("done")


def test_f02_a_save_that_comes_after_a_newer_one_of_its_page_changes_nothing(enter, proxy):
    room = enter(*GONE)
    # Twice: Chromium itself sends a request again if the connection it was sent on had been in use before.
    old = proxy.straggle("POST", "/items/1/", times=2)
    room.choose(1, 0)
    old.wait()
    room.choose(1, 1)
    room.choose(1, 2)
    room.expect_state("done")
    assert room.stored(1) == [2]
    old.release()
    until(lambda: all(one.status for one in old.hits), "the old save's answer")
    assert (room.stored(1), {one.status for one in old.hits}) == ([2], {200})
    room.page.reload()
    assert room.shown(1) == [2]


def test_f02_a_save_that_comes_after_one_of_another_page_changes_nothing(enter, proxy):
    room, device = enter("409", *GONE), enter()
    # Many changes, so that a later number alone would win over what is stored.
    gone = proxy.refuse("POST", "/items/1/")
    for option in (0, 1, 2):
        room.choose(1, option)
    gone.lift()
    old = proxy.hold("POST", "/items/1/", times=1)
    old.wait()
    room.page.goto("about:blank")
    device.choose(1, 3)
    device.expect_state("done")
    old.release()
    until(lambda: old.hits[0].status, "the old page's answer")
    assert (old.hits[0].status, int(old.hits[0].form["rev"][0]) > device.item(1).revision) == (409, True)
    assert device.stored(1) == [3]


def test_f02_replies_that_come_in_another_order_are_each_taken_for_their_own_question(enter, proxy):
    room = enter(*GONE)
    hangs = proxy.hang("POST", "/items/1/", times=1)
    replies = proxy.hold_reply("POST", "/items/[23]/", times=2)
    room.choose(1, 3)
    hangs.wait()
    for number, (position, option) in enumerate(((2, 2), (3, 1)), start=1):
        room.choose(position, option)
        replies.wait(number)
    room.watch_save()
    replies.release(replies.hits[1])
    until(lambda: replies.hits[1].heard, "the second reply")
    replies.release(replies.hits[0])
    room.page.wait_for_timeout(1000)
    assert ("done" in room.said(), room.stored(1)) == (False, None)
    hangs.release()
    room.expect_state("done")
    assert [room.stored(position) for position in (1, 2, 3)] == [[3], [2], [1]]
    assert [room.shown(position) for position in (1, 2, 3)] == [[3], [2], [1]]


def test_f04_when_the_reply_is_lost_the_retry_is_a_repeat_and_gets_the_same_answer(enter, proxy):
    room = enter(*GONE)
    room.watch_save()
    retry = proxy.hold("POST", "/items/1/")
    lost = proxy.lose_reply("POST", "/items/1/", times=2)
    room.choose(1, 1)
    lost.wait()
    retry.wait()
    assert room.stored(1) == [1]
    assert "done" not in room.said()[1:]
    retry.release()
    room.expect_state("done")
    saves = proxy.seen("POST", "/items/1/")
    assert len(saves) >= 2
    sent = [{name: save.form.get(name) for name in ("base", "rev", "writer", "answer")} for save in saves]
    answers = [{**save.json, "left": None} for save in saves]
    assert [save.status for save in saves] == [200] * len(saves)
    assert (sent, answers) == ([sent[0]] * len(saves), [answers[0]] * len(saves))
    assert (room.stored(1), room.item(1).revision) == ([1], 1)
    expect(room.notice(1)).to_be_hidden()


def test_f23_a_malformed_value_after_a_valid_one_leaves_the_valid_one_kept_and_shown(enter):
    room = enter("422")
    room.choose(1, 1)
    room.expect_state("done")
    option = room.form(1).locator("input[name=answer]").nth(2)
    for value in ("9", "-1", "x", "0:1", ""):
        option.evaluate("(input, value) => { input.value = value; }", value)
        with room.page.expect_response("**/items/1/") as reply:
            option.evaluate("input => { input.checked = false; input.click(); }")
        assert reply.value.status == 422
        expect(room.notice(1)).to_be_visible()
        room.expect_state("wait")
        assert (room.stored(1), room.item(1).revision) == ([1], 1)
    room.page.reload()
    until(lambda: room.shown(1) == [1], "the valid answer on the page")
    room.expect_state("done")
    assert (room.stored(1), room.item(1).revision) == ([1], 1)
