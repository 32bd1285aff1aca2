"""A real Chromium against a real server. Every page must be free of console errors and policy violations.

A plugin of the tests, so that journeys and faults share one browser.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

# What htmx says of a request that the browser gave up because its page was left. Of an error that a server answers, the
# browser itself complains.
LEFT = ("htmx:afterRequest,", "htmx:sendError,", "htmx:sendAbort,")
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
LOCALES = {"ja": "ja-JP", "en": "en-US"}

expect.set_options(timeout=10_000)


class Visitor:
    """One person's browser. ``expected`` holds parts of console messages that a test provokes on purpose."""

    def __init__(self, context: BrowserContext, address: str, *, has_script: bool = True) -> None:
        self.context = context
        self.address = address
        self.has_script = has_script
        self.expected: list[str] = []
        self.complaints: list[str] = []
        context.on("console", self._note)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page: Page = context.pages[0] if context.pages else context.new_page()

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.page.url if message.page else 'worker'}: {message.text}")

    @property
    def unexpected(self) -> list[str]:
        """What the console complained of without being asked to."""
        known = (*self.expected, *LEFT)
        return [text for text in self.complaints if not any(expected in text for expected in known)]

    def sign_in(self, user: Any, target: str = "/", page: Page | None = None) -> Page:
        """Go to ``target`` as this person. Who comes with an empty browser has signed in before: the form is filled in
        by those who change places, and in tests of the form itself."""
        page = page or self.page
        if not self.context.cookies():
            self.context.add_cookies([session_of(user, self.address)])
            page.goto(target, wait_until="commit")  # as after the form: some tests hold up what the page needs
            return page
        from tests.factories import PASSWORD  # not before Django is ready

        page.goto(f"/accounts/login/?next={target}")
        page.locator("input[name=login]").fill(user.email)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        return page

    def kill(self, folder: Path) -> None:
        """kill -9 the browser that keeps its profile in ``folder``, with all its processes."""
        listed = subprocess.run(
            ["ps", "-A", "-ww", "-o", "pgid=", "-o", "args="], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split(maxsplit=1) for line in listed.splitlines()]
        groups = {int(group) for group, command in rows if f"--user-data-dir={folder}" in command}
        assert len(groups) == 1, groups
        assert groups != {os.getpgrp()}
        with self.context.expect_event("close"):
            os.killpg(groups.pop(), signal.SIGKILL)


def session_of(user: Any, address: str) -> Any:
    """The cookie of a session in which this person has signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    until = time.time() + settings.SESSION_COOKIE_AGE
    return {"name": cookie.key, "value": cookie.value, "url": address, "expires": until, "httpOnly": True}


def browsing(
    language: str = "en", javascript: bool = True, touch: bool = False, width: int = 1280, height: int = 720
) -> dict[str, Any]:
    """How a visitor's browser is set up."""
    return {
        "has_touch": touch,
        "viewport": {"width": width, "height": height},
        "locale": LOCALES[language],
        "java_script_enabled": javascript,
        "reduced_motion": "reduce",  # a colour that is still changing has no contrast to judge
    }


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the thread in which the tests use the ORM
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def launching() -> dict[str, Any]:
    """Which browser, and how it is started."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not path:
        pytest.fail("No browser: install chromium, or name one in $CHROMIUM.")
    return {"executable_path": path, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, launching: dict[str, Any]) -> Iterator[Browser]:
    browser = playwright.chromium.launch(**launching)
    yield browser
    browser.close()


@pytest.fixture
def address(live_server: Any) -> str:
    """Where the browser finds the site."""
    return str(live_server.url)


@pytest.fixture
def visitors() -> Iterator[list[Visitor]]:
    """Whoever came; in the end their browsers are closed and must have had nothing to complain of."""
    visitors: list[Visitor] = []
    yield visitors
    for visitor in visitors:
        visitor.context.close()
    assert [text for visitor in visitors for text in visitor.unexpected] == []


@pytest.fixture
def visit(chromium: Browser, address: str, visitors: list[Visitor]) -> Callable[..., Visitor]:
    """Make a visitor: ``visit(language="ja", javascript=False)``, or ``visit(touch=True, width=320, height=640)``."""

    def make(**options: Any) -> Visitor:
        context = chromium.new_context(base_url=address, **browsing(**options))
        visitors.append(Visitor(context, address, has_script=options.get("javascript", True)))
        return visitors[-1]

    return make


@pytest.fixture
def visit_with_profile(
    playwright: Playwright, launching: dict[str, Any], address: str, visitors: list[Visitor]
) -> Callable[..., Visitor]:
    """Make a visitor with a browser of their own that keeps what it knows in ``folder``: ``without`` names defaults
    of Playwright that it is started without."""

    def make(folder: Path, *, without: tuple[str, ...] = (), **options: Any) -> Visitor:
        context = playwright.chromium.launch_persistent_context(
            folder, base_url=address, ignore_default_args=list(without), **launching, **browsing(**options)
        )
        visitors.append(Visitor(context, address))
        return visitors[-1]

    return make
