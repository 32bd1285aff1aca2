"""A Chromium for the browser tests: one that is there, else one that is installed now."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# The first is the same engine without a window, and takes half the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REMEDY = (
    "The browser tests need Chromium, and it could be neither found nor installed. On Debian: "
    "apt-get install chromium-headless-shell fonts-noto-cjk; elsewhere name one: CHROMIUM=/path/to/chrome make test"
)


def chromium() -> str:
    """The path of a browser that starts."""
    named = os.environ.get("CHROMIUM")
    if named:
        path = shutil.which(named)
        return path if path and _starts(path) else sys.exit(f"CHROMIUM={named} does not start. {REMEDY}")
    for find in (_on_path, _of_playwright, _install_with_playwright, _install_with_apt):
        path = find()
        if path and _starts(path):
            return path
    sys.exit(REMEDY)


def _on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else None


def _install_with_playwright() -> str | None:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if os.geteuid() == 0:
        command.insert(-1, "--with-deps")
    return _of_playwright() if _succeeds(command) else None


def _install_with_apt() -> str | None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _succeeds(["apt-get", "update", "-qq"])
        _succeeds(["apt-get", "install", "-y", "-qq", "--no-install-recommends", NAMES[0], "fonts-noto-cjk"])
    return _on_path()


def _starts(path: str) -> bool:
    """Whether it runs at all: one that lacks a system library fails here, with the linker's word on which."""
    return _succeeds([path, "--version"], quiet=True)


def _succeeds(command: list[str], *, quiet: bool = False) -> bool:
    output = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run(command, stdout=output, timeout=600).returncode == 0  # noqa: S603 - our own commands
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    sys.stdout.write(chromium() + "\n")
