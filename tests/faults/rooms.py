"""The exam room in a browser, as the tests of faults use it, and what the server has stored meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from exams.models import Attempt, AttemptItem
from tests.faults.proxy import until
from tests.visitors import Visitor

FORM = "application/x-www-form-urlencoded"


# What Chromium's console says of a network that is gone.
GONE = (
    *("ERR_CONNECTION_RESET", "ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_SOCKET_NOT_CONNECTED", "ERR_FAILED"),
    *("Failed to fetch", "fetching the script"),
)
IN_FLIGHT = """
window.inFlight = 0;
const really = window.fetch;
window.fetch = (...request) => {
    window.inFlight += 1;
    return really(...request).finally(() => { window.inFlight -= 1; });
};
"""


class Room:
    """One page in the room of ``attempt``. Positions count from 1, options from 0 in the order that was drawn."""

    def __init__(self, visitor: Visitor, attempt: Attempt, page: Page | None = None) -> None:
        self.visitor = visitor
        self.attempt = attempt
        self.page = page or visitor.page
        self.path = f"/attempts/{attempt.public_id}/"

    def sign_in(self) -> None:
        self.visitor.sign_in(self.attempt.candidate, self.path)
        expect(self.form(1)).to_be_visible()
        if self.visitor.has_script:
            self.wait_until_awake()

    def wait_until_awake(self) -> None:
        """Until the script says something of saving."""
        expect(self.page.locator("#save[class*='save--']")).to_be_visible()

    def set_clock(self, ahead: timedelta = timedelta(0)) -> None:
        """Give the browser a clock that the test moves, for pages that are opened from now on."""
        self.page.clock.install(time=timezone.now() + ahead)
        self.visitor.context.add_init_script(IN_FLIGHT)

    def let_pass(self, seconds: int, enough: Callable[[], object] = lambda: False) -> None:
        """The page's time passes in no time, in steps that leave each request all it needs; until ``enough``."""
        for _ in range(0, seconds, 2):
            if enough():
                return
            self.page.clock.run_for(2000)
            until(lambda: self.page.evaluate("window.inFlight") == 0, "the replies")

    def open(self) -> None:
        self.page.goto(self.path)

    def wait_until_kept(self) -> None:
        """Until the browser has a copy of the room that needs no network."""
        expect(self.page.locator("html")).to_have_attribute("data-kept", "yes")

    def window(self) -> Room:
        """Another window of the same browser, in the same room."""
        other = Room(self.visitor, self.attempt, self.visitor.context.new_page())
        other.open()
        other.wait_until_awake()
        return other

    # ── what is seen

    @property
    def save(self) -> Locator:
        return self.page.locator("#save")

    def form(self, position: int) -> Locator:
        return self.page.locator(f"form.q[data-position='{position}']")

    def notice(self, position: int) -> Locator:
        return self.form(position).locator("[data-notice]")

    def expect_state(self, state: str, seconds: float = 10) -> None:
        """What the page says of saving: done, busy, wait, off or out."""
        expect(self.page.locator(f"#save.save--{state}")).to_be_visible(timeout=seconds * 1000)

    def shown(self, position: int) -> list[int]:
        """The options that the page shows as chosen."""
        chosen = self.form(position).locator("input[name=answer]:checked")
        return [int(value) for value in chosen.evaluate_all("inputs => inputs.map(input => input.value)")]

    def clock_error(self) -> float:
        """By how many seconds the page's countdown is wrong."""
        hours, minutes, seconds = self.page.locator("#clock").inner_text().split(":")
        right = (Attempt.objects.get(pk=self.attempt.pk).deadline_at - timezone.now()).total_seconds()
        return abs(int(hours) * 3600 + int(minutes) * 60 + int(seconds) - right)

    # ── what the candidate does

    def choose(self, position: int, option: int) -> None:
        self.page.evaluate(f"document.querySelector(\"[data-cell='{position}']\").click()")
        self.form(position).locator(f"label:has(input[name=answer][value='{option}'])").click()

    def finish(self, **options: Any) -> None:
        self.page.keyboard.press("r")
        self.page.get_by_role("button", name="Finish the exam").click()
        self.page.get_by_role("button", name="Finish and see the result").click(**options)

    def watch_save(self) -> None:
        """Remember from now on what the page says of saving."""
        self.page.evaluate(
            """() => {
                const save = document.getElementById("save");
                window.said = [save.className];
                const note = () => { if (window.said.at(-1) !== save.className) window.said.push(save.className); };
                new MutationObserver(note).observe(save, { attributes: true });
            }"""
        )

    def watch_save_from_the_start(self) -> None:
        """The same for pages that are opened from now on."""
        self.visitor.context.add_init_script(
            """
            window.said = [];
            new MutationObserver(() => {
                const save = document.getElementById("save")?.className ?? "";
                if (save.includes("save--") && window.said.at(-1) !== save) window.said.push(save);
            }).observe(document, { subtree: true, childList: true, attributes: true });
            """
        )

    def said(self) -> list[str]:
        """What the page has said of saving one after the other: done, busy, wait, off, out."""
        return [name.split("save--")[1] for name in self.page.evaluate("window.said")]

    # ── what the browser has kept

    def kept(self) -> dict[str, list[str]]:
        """Addresses of the attempt in the browser's caches, and the rows of its database."""
        return self.page.evaluate(
            """async (path) => {
                const pages = [];
                for (const name of await caches.keys()) {
                    for (const request of await (await caches.open(name)).keys()) {
                        if (request.url.includes(path)) pages.push(request.url);
                    }
                }
                const promised = (request) => new Promise((done, failed) => {
                    request.onsuccess = () => done(request.result);
                    request.onerror = () => failed(request.error);
                });
                const rows = [];
                // Opening a database that is not there would make an empty one.
                if ((await indexedDB.databases()).some((one) => one.name === "mogi")) {
                    const database = await promised(indexedDB.open("mogi"));
                    for (const store of database.objectStoreNames) {
                        rows.push(...await promised(database.transaction(store).objectStore(store).getAll()));
                    }
                    database.close();
                }
                return { pages, rows: rows.map((row) => JSON.stringify(row)) };
            }""",
            self.path,
        )

    # ── what the server has

    def item(self, position: int) -> AttemptItem:
        return AttemptItem.objects.get(attempt=self.attempt, position=position)

    def stored(self, position: int) -> list[int] | None:
        """The options that are stored as chosen, None where nothing ever was."""
        item = self.item(position)
        return None if item.response is None else [item.option_order.index(option) for option in item.response]

    def right(self, position: int) -> int:
        item = self.item(position)
        return item.option_order.index(item.answer_key["right"][0])


class Presser:
    """Posts what a page of the visitor's would post, without the page, so that many can be sent at once."""

    def __init__(self, visitor: Visitor, address: str) -> None:
        self.host = urlsplit(address).netloc
        cookies = {cookie["name"]: cookie["value"] for cookie in visitor.context.cookies()}
        self.headers = {
            "Content-Type": FORM,
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": cookies.get("csrftoken", ""),
            "Accept": "text/html",
        }

    def post(self, path: str, fields: dict[str, Any] | None = None, accept: str = "text/html") -> tuple[int, str, str]:
        """Status, where it leads, body."""
        http = HTTPConnection(self.host, timeout=20)
        try:
            http.request("POST", path, urlencode(fields or {}, doseq=True), {**self.headers, "Accept": accept})
            reply = http.getresponse()
            return reply.status, reply.headers.get("Location", ""), reply.read().decode()
        finally:
            http.close()
