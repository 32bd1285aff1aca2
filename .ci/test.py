"""The tests: on SQLite, then on a PostgreSQL of their own, in a real browser; then what of the code they ran."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import browser
import postgres

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "test-results"
DATABASES = {"SQLite": "PostgreSQL", "PostgreSQL": "SQLite"}  # and the other one
PROCESSES = (os.cpu_count() or 1) + 1  # one waits for its browser at any time
PURE = "exams/domain/*,exams/formats/*,exams/rendering/*,exams/documents/*"


def main() -> int:
    """Run everything, even after a failure; 0 if all is well."""
    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the database is stopped then, too
    os.chdir(ROOT)
    for old in RESULTS.glob("*"):
        old.unlink()
    chromium = browser.chromium()
    failed = []
    with tempfile.TemporaryDirectory(prefix="mogi-test-") as folder:
        # What of the code runs is seen here, as counting it makes everything slower: the other run may only add to it.
        if not tests("SQLite", f"sqlite:///{folder}/mogi.sqlite3", chromium, folder, "--cov", "--cov-report="):
            failed.append("tests on SQLite")
        with postgres.server() as address:
            if not tests("PostgreSQL", address, chromium, folder):
                failed.append("tests on PostgreSQL")
    failed += coverage()
    say("")
    for name, other in DATABASES.items():
        say(f"  {name:<11} {counts(name, 'total')}, of these in a browser: {counts(name, 'browser')}")
        say(f"{'':<13} {left_out(name)} say nothing new here and ran on {other} only")
    say(f"  {time.monotonic() - began:.0f} s")
    say("FAILED: " + ", ".join(failed) if failed else "All is well.")
    return bool(failed)


def tests(name: str, database: str, chromium: str, folder: str, *options: str) -> bool:
    """The suite on one database."""
    say(f"Tests on {name}")
    environment = {
        **os.environ,
        "CHROMIUM": chromium,
        "COVERAGE_FILE": str(RESULTS / "coverage"),
        "MOGI_COUNTS": str(RESULTS / f"{name}.json"),
        "MOGI_DATA_DIR": folder,
        "MOGI_DATABASE_URL": database,
        "MOGI_LOCAL": "1",
        "PYTHONPATH": str(ROOT / ".ci"),
    }
    command = [
        *(sys.executable, "-m", "pytest", "-p", "counts", "--numprocesses", str(PROCESSES), "--dist", "worksteal"),
        *("-m", f"not {DATABASES[name].lower()}"),
        *("--quiet", "-p", "no:cacheprovider", *options, *sys.argv[1:]),
    ]
    return subprocess.run(command, env=environment, check=False).returncode == 0  # noqa: S603


def coverage() -> list[str]:
    """What the floors of coverage say: pure layers whole, the rest nearly so; lines and branches."""
    environment = {**os.environ, "COVERAGE_FILE": str(RESULTS / "coverage")}

    def run(*arguments: str) -> bool:
        command = [sys.executable, "-m", "coverage", *arguments]
        return subprocess.run(command, env=environment, check=False).returncode == 0  # noqa: S603

    failed = []
    say("Coverage of the pure layers (100 %)")
    if not run("report", f"--include={PURE}", "--fail-under=100", "--show-missing"):
        failed.append("coverage of domain, formats, rendering, documents under 100 %")
    say("Coverage of the rest (95 %)")
    if not run("report", f"--omit={PURE},*/migrations/*", "--fail-under=95", "--show-missing"):
        failed.append("coverage of the rest under 95 %")
    return failed


def counts(name: str, part: str) -> str:
    """Such as "310 passed, 1 failed"."""
    path = RESULTS / f"{name}.json"
    outcomes = json.loads(path.read_text())[part] if path.exists() else {}
    return ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items(), reverse=True)) or "none"


def left_out(name: str) -> int:
    """How many tests are marked as belonging to the other database."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text())["left_out"] if path.exists() else 0


def say(line: str) -> None:
    """Print, at once, between the output of the commands."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
