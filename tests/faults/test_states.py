"""No state of the room breaks a rule of accessibility: in light, dark and high contrast."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.faults.rooms import GONE

pytestmark = [pytest.mark.browser, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

LOOKS = [("light", ""), ("dark", ""), ("light", "more"), ("dark", "more")]


def check(room) -> None:
    """The rules, in all colours."""
    broken = {}
    for scheme, contrast in LOOKS:
        room.page.emulate_media(color_scheme=scheme)
        room.page.evaluate("value => { document.documentElement.dataset.contrast = value; }", contrast)
        found = Axe().run(room.page, options={"preload": False}).response["violations"]
        for rule in found:
            broken[rule["id"], scheme, contrast] = [node["html"][:120] for node in rule["nodes"]][:3]
    assert broken == {}


def test_running_and_review(enter):
    room = enter()
    room.choose(1, 1)
    room.expect_state("done")
    check(room)
    room.page.keyboard.press("r")
    check(room)


def test_offline(enter, proxy):
    room = enter(*GONE)
    proxy.cut()
    room.choose(1, 1)
    room.expect_state("off")
    check(room)


def test_conflict(enter):
    room, device = enter(), enter("409")
    room.choose(1, 0)
    room.expect_state("done")
    device.choose(1, 1)
    expect(device.notice(1).locator("[data-keep=mine]")).to_be_visible()
    check(device)


def test_signed_out(enter):
    room = enter("401")
    room.visitor.context.clear_cookies(name="mogi_session")
    room.choose(1, 1)
    expect(room.page.locator("dialog#signin")).to_be_visible()
    room.expect_state("out")
    check(room)


def test_time_over(enter, proxy):
    room = enter(*GONE)
    proxy.cut()
    room.choose(1, 1)
    room.expect_state("off")
    room.page.evaluate("document.getElementById('over').showModal()")
    check(room)
