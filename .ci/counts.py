"""A pytest plugin of `make test`: counts what ran and what was left to the other database, and lets nothing be skipped
in silence."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

DATABASES = ("postgresql", "sqlite")  # marks of tests that say nothing new on the other one


class Counts:
    """Counts of outcomes, of browser tests apart; in the controlling process only."""

    def __init__(self) -> None:
        self.total: Counter[str] = Counter()
        self.browser: Counter[str] = Counter()
        self.skips: list[str] = []
        self.left_out = 0

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        self.left_out += marked(items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.left_out = max(self.left_out, getattr(node, "workeroutput", {}).get("left_out", 0))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.outcome == "passed":
            return
        self.total[report.outcome] += 1
        if "browser" in report.keywords:
            self.browser[report.outcome] += 1
        if report.skipped and not hasattr(report, "wasxfail"):
            reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
            self.skips.append(f"{report.nodeid}: {reason}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.skips:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        path = Path(os.environ["MOGI_COUNTS"])
        path.parent.mkdir(parents=True, exist_ok=True)
        found = {"total": self.total, "browser": self.browser, "skips": self.skips, "left_out": self.left_out}
        path.write_text(json.dumps(found))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for skip in self.skips:
            terminalreporter.write_line(f"SKIPPED, which counts as a failure here: {skip}", red=True)


class LeftOut:
    """In the processes that do the work, each of which leaves out the same tests: tells the controlling one."""

    def __init__(self, told: dict[str, int]) -> None:
        self.told = told

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        self.told["left_out"] = self.told.get("left_out", 0) + marked(items)


def marked(items: Sequence[pytest.Item]) -> int:
    return sum(any(item.get_closest_marker(name) for name in DATABASES) for item in items)


def pytest_configure(config: pytest.Config) -> None:
    is_worker = hasattr(config, "workerinput")
    config.pluginmanager.register(LeftOut(config.workeroutput) if is_worker else Counts())
