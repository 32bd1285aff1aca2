"""A real Chromium against a real server. Every page must be free of console errors and policy violations."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.factories import PASSWORD

expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        pytest.fail("No browser: install chromium, or name one in $CHROMIUM.")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the thread in which the tests use the ORM
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visitor:
    """One person's browser. ``expected`` holds parts of console messages that a test provokes on purpose."""

    def __init__(self, chromium: Browser, base: str, *, language: str, javascript: bool, **more: Any) -> None:
        self.context: BrowserContext = chromium.new_context(
            base_url=base,
            locale={"ja": "ja-JP", "en": "en-US"}[language],
            java_script_enabled=javascript,
            reduced_motion="reduce",  # a colour that is still changing has no contrast to judge
            **more,
        )
        self.page: Page = self.context.new_page()
        self.expected: list[str] = []
        self.complaints: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def sign_in(self, user, target: str = "/") -> Page:
        self.page.goto(f"/accounts/login/?next={target}")
        self.page.locator("input[name=login]").fill(user.email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("main form button[type=submit]").first.click()
        return self.page


@pytest.fixture
def visit(chromium, live_server):
    """Make a visitor: ``visit(language="ja", javascript=False)``, or ``visit(touch=True, width=320, height=640)``."""
    visitors: list[Visitor] = []

    def make(
        *, language: str = "en", javascript: bool = True, touch: bool = False, width: int = 1280, height: int = 720
    ) -> Visitor:
        screen = {"has_touch": touch, "viewport": {"width": width, "height": height}}
        visitors.append(Visitor(chromium, live_server.url, language=language, javascript=javascript, **screen))
        return visitors[-1]

    yield make
    complaints = []
    for visitor in visitors:
        visitor.context.close()
        complaints += [
            text for text in visitor.complaints if not any(expected in text for expected in visitor.expected)
        ]
    assert complaints == []
