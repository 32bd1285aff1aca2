"""What the exam room costs a browser: the weight of its scripts, the time to the next question on a processor slowed
four times, and how much the page jumps. For a form of 65 questions in two languages, of the bank in fixtures/mls-c01.

``python -m tests.load.page URL``, with a site that `make run` serves; prints what docs/performance.md shows.
"""

from __future__ import annotations

import gzip
import os
import statistics
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOM = Path(__file__).resolve().parents[2] / "exams" / "static" / "exams" / "room"
LATER = {"after", "calculator", "signin", "worker"}  # other pages', or fetched only when they are needed
STEPS, SLOWER = 60, 4
WATCH = """() => {
    window.jumped = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.jumped += entry.value; })
        .observe({ type: "layout-shift", buffered: true });
}"""
NEXT = """() => new Promise((done) => {
    const since = performance.now();
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "n", code: "KeyN", bubbles: true }));
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - since)));  // after the frame was painted
})"""


def main(url: str) -> None:
    """Sit a full form as the demo candidate and print the figures."""
    scripts = [path for path in ROOM.glob("*.js") if path.stem not in LATER]
    weight = sum(len(gzip.compress(path.read_bytes(), 9)) for path in scripts)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"])
        page = browser.new_page(base_url=url)
        page.goto("/accounts/login/?next=/exams/mls-c01/before/?size=full")
        page.locator("input[name=login]").fill("candidate@mogi.example")
        page.locator("input[name=password]").fill("try-mogi-here")
        page.locator("main form button[type=submit]").first.click()
        page.locator("main form[action$='/start/'] button").click()
        page.wait_for_selector("html[data-ready]")
        page.evaluate(WATCH)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        times = sorted(page.evaluate(NEXT) for _ in range(STEPS))
        jumped = page.evaluate("window.jumped")
        browser.close()
    sys.stdout.write(
        f"scripts {weight:,} bytes gzipped; next question, {SLOWER} times slower: median "
        f"{statistics.median(times):.0f} ms, 95 % under {times[int(0.95 * STEPS)]:.0f} ms; layout shift {jumped:.3f}\n"
    )


if __name__ == "__main__":
    main(sys.argv[1])
