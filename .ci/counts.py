"""A pytest plugin of `make test`: counts what ran, and lets nothing be skipped in silence."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

ALLOWED = "Only on "  # a test that has a meaning on one database only says so


class Counts:
    """Counts of outcomes, of browser tests apart; in the controlling process only."""

    def __init__(self) -> None:
        self.total: Counter[str] = Counter()
        self.browser: Counter[str] = Counter()
        self.skips: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.outcome == "passed":
            return
        self.total[report.outcome] += 1
        if "browser" in report.keywords:
            self.browser[report.outcome] += 1
        if report.skipped and not hasattr(report, "wasxfail"):
            reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
            if ALLOWED not in reason:
                self.skips.append(f"{report.nodeid}: {reason}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.skips:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        path = Path(os.environ["MOGI_COUNTS"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"total": self.total, "browser": self.browser, "skips": self.skips}))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for skip in self.skips:
            terminalreporter.write_line(f"SKIPPED, which counts as a failure here: {skip}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Counts())
