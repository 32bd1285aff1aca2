"""F5, F6, F7, F9: starts and finishes pressed too often, answers that race the end or come after it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from exams.domain.attempts import CLOSING, GRACE
from exams.models import Attempt
from exams.queries.results import reports
from tests.faults.proxy import until
from tests.faults.rooms import Presser, Room

pytestmark = [pytest.mark.browser, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
TIMES = 20
SECOND = timedelta(seconds=1)


def end_at(attempt, end):
    """Move the deadline, as if time had passed."""
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=end, started_at=end - timedelta(hours=1))


def press_at_once(proxy, path, presser, click, times=TIMES, fields=None):
    """``click`` in the browser and the rest beside it; the server gets them all in one moment."""
    held = proxy.hold("POST", path)
    with ThreadPoolExecutor(times) as pool:
        click()
        held.wait()
        replies = [pool.submit(presser.post, path, fields) for _ in range(times - 1)]
        held.wait(times)
        held.release()
        return [reply.result()[:2] for reply in replies]


def test_f05_finish_pressed_twenty_times_at_once_ends_it_once_with_one_result(enter, proxy, attempt):
    room = enter()
    for position in (1, 2, 3):
        room.choose(position, room.right(position))
    room.expect_state("done")
    presser = Presser(room.visitor, proxy.url)
    finish = f"{room.path}finish/"

    def click_twice():
        room.page.keyboard.press("r")
        room.page.get_by_role("button", name="Finish the exam").click()
        room.page.get_by_role("button", name="Finish and see the result").dblclick(no_wait_after=True)

    replies = press_at_once(proxy, finish, presser, click_twice)
    assert set(replies) == {(302, f"{room.path}receipt/")}
    room.page.wait_for_url("**/receipt/")
    result = room.page.locator("main").inner_text()
    attempt.refresh_from_db()
    ended_at, report = attempt.finished_at, reports([attempt])[attempt.pk]
    assert (ended_at is None, report.points) == (False, 3)
    assert presser.post(finish)[:2] == replies[0]
    room.page.reload()
    attempt.refresh_from_db()
    assert (attempt.finished_at, room.page.locator("main").inner_text()) == (ended_at, result)


def test_f06_start_pressed_twenty_times_at_once_makes_one_attempt_with_one_deadline(visit, proxy, exam, candidate):
    visitor = visit()
    page = visitor.sign_in(candidate, f"/exams/{exam.code}/")
    page.locator("label.pick:has(input[value=short])").click()
    page.get_by_role("button", name="Get ready").click()
    start = page.get_by_role("button", name="Start the exam")
    replies = press_at_once(
        proxy,
        f"/exams/{exam.code}/start/",
        Presser(visitor, proxy.url),
        lambda: start.dblclick(no_wait_after=True),
        fields={"size": "short"},
    )
    attempt = Attempt.objects.get()
    room = f"/attempts/{attempt.public_id}/"
    assert {status for status, _where in replies} == {302}
    assert {where for _status, where in replies} <= {room, f"/exams/{exam.code}/"}
    assert attempt.items.count() == 5
    page.wait_for_load_state()
    Room(visitor, attempt).open()
    expect(page.locator("form.q").first).to_be_visible()
    assert Attempt.objects.get().deadline_at == attempt.deadline_at


def test_f07_answers_that_race_the_finish_count_if_they_were_acknowledged_and_are_refused_otherwise(
    enter, proxy, attempt
):
    room = enter("410")
    saves = proxy.hold("POST", "/items/")
    for number, position in enumerate((1, 2, 3, 4), start=1):
        room.choose(position, room.right(position))
        saves.wait(number)
    presser = Presser(room.visitor, proxy.url)
    finish = proxy.hold("POST", "/finish/")
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(presser.post, f"{room.path}finish/")
        finish.wait()
        saves.release(saves.hits[0])
        until(lambda: saves.hits[0].status, "the save before the finish")
        saves.release(*saves.hits[1:3])
        finish.release()
        assert ended.result()[0] == 302
        until(lambda: all(save.status for save in saves.hits[:3]), "the saves beside the finish")
        saves.release()
        until(lambda: saves.hits[3].status, "the save after the finish")
    status = {position: saves.hits[position - 1].status for position in (1, 2, 3, 4)}
    assert (status[1], status[4], set(status.values())) == (200, 410, {200, 410})
    counted = [position for position in status if room.stored(position) is not None]
    assert counted == [position for position in status if status[position] == 200]
    attempt.refresh_from_db()
    assert reports([attempt])[attempt.pk].points == len(counted)
    expect(room.notice(4)).to_contain_text("finished")


def test_f07_an_answer_received_within_the_grace_is_acknowledged_and_counted(enter, proxy, attempt):
    room = enter()
    slow = proxy.hold("POST", "/items/1/", times=1)
    room.choose(1, room.right(1))
    slow.wait()
    end_at(attempt, timezone.now() - 2 * SECOND)
    slow.release()
    until(lambda: slow.hits[0].heard, "the reply")
    assert (slow.hits[0].status, room.stored(1)) == (200, [room.right(1)])
    end_at(attempt, timezone.now() - CLOSING)
    attempt.refresh_from_db()
    assert reports([attempt])[attempt.pk].points == 1


def test_f07_an_answer_received_after_the_grace_is_kept_as_late_and_not_counted(enter, proxy, attempt):
    room = enter("410")
    slow = proxy.hold("POST", "/items/1/", times=1)
    room.choose(1, room.right(1))
    slow.wait()
    end_at(attempt, timezone.now() - GRACE - SECOND)
    slow.release()
    expect(room.notice(1)).to_contain_text("does not count")
    item = room.item(1)
    assert (slow.hits[0].status, item.response, item.is_correct) == (410, None, False)
    assert item.late_response == [item.option_order[room.right(1)]]
    end_at(attempt, timezone.now() - CLOSING)
    room.page.wait_for_url("**/receipt/")
    room.page.goto(f"{room.path}result/")
    expect(room.page.get_by_text("1 answer arrived after the time was up")).to_be_visible()
    attempt.refresh_from_db()
    assert reports([attempt])[attempt.pk].points == 0


def test_f09_after_finishing_elsewhere_an_edit_is_refused_and_the_page_leads_to_the_result(enter, attempt):
    room, device = enter(), enter("410")
    room.choose(1, 0)
    room.expect_state("done")
    room.finish()
    room.page.wait_for_url("**/receipt/")
    items = attempt.items.values_list("response", "revision", "late_response")
    before = list(items)
    device.choose(2, 3)
    expect(device.notice(2)).to_contain_text("finished")
    device.page.wait_for_url("**/receipt/")
    assert list(items.all()) == before


def test_f09_after_finishing_in_one_window_the_other_one_is_led_to_the_result(enter):
    room = enter()
    other = room.window()
    room.finish()
    other.page.wait_for_url("**/receipt/", timeout=10_000)


def test_f09_after_finishing_elsewhere_a_browser_without_script_is_refused_too(enter, attempt):
    room = enter(javascript=False)
    room.page.locator("form.q label:has(input[name=answer][value='2'])").first.click()
    Attempt.objects.filter(pk=attempt.pk).update(finished_at=timezone.now())
    room.page.locator("form.q .rfoot .btn--go").first.click()
    room.page.wait_for_url("**/receipt/")
    expect(room.page.get_by_text("This exam is finished")).to_be_visible()
    assert (room.stored(1), room.item(1).late_response) == (None, None)
