"""``load_pack PATH``: bring the question bank up to date with a content pack."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone, translation

from exams.domain.problems import Problems
from exams.forms.problems import sentence
from exams.services import exchange

LARGEST = 50_000_000  # bytes of a whole pack
MOST = 5_000  # files of a whole pack


class Command(BaseCommand):
    """All or nothing; what is wrong is said line by line."""

    help = "Load a content pack (docs/packs.md), or bring it up to date. Loading it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder, and what to do about differences."""
        parser.add_argument("path", type=Path, help="the pack's folder")
        parser.add_argument(
            "--force", action="store_true", help="take the pack's text of questions edited in the admin"
        )
        parser.add_argument(
            "--retire-missing", action="store_true", help="retire questions that are no longer in the pack"
        )

    def handle(self, *args: Any, path: Path, force: bool, retire_missing: bool, **options: Any) -> None:
        """Load, and say what was done."""
        try:
            report = exchange.load_pack(
                read_folder(path), by=None, now=timezone.now(), force=force, retire_missing=retire_missing
            )
        except Problems as refused:
            with translation.override("en"):  # as all else that a terminal shows here
                lines = [f"{problem.where}: {sentence(problem)}" for problem in refused.problems]
            raise CommandError("\n".join(["Nothing was loaded:", *lines])) from None
        self.stdout.write(
            f"{report.exam.code}: {len(report.added)} added, {len(report.changed)} changed, "
            f"{len(report.unchanged)} unchanged, {len(report.published)} published"
            f"{'; exam created' if report.is_new else '; exam changed' if report.is_changed else ''}."
        )
        for codes, words in (
            (report.edited, "edited or retired here since, left alone (--force takes the pack's)"),
            (report.missing, "no longer in the pack, left alone (--retire-missing retires it)"),
            (report.retired, "no longer in the pack, retired"),
        ):
            for code in codes:
                self.stdout.write(f"  {code}: {words}")


def read_folder(path: Path) -> dict[str, bytes]:
    """The files of a pack by their path in it; what begins with a dot is left out.

    Raises CommandError for what is no folder, leads outside, is no plain file, or is too large; reads nothing of such.
    """
    if not path.is_dir():
        raise CommandError(f"{path} is not a folder. Give the folder that holds exam.yaml.")
    found, size = [], 0
    for file in sorted(path.rglob("*")):
        if any(part.startswith(".") for part in file.relative_to(path).parts):
            continue
        if file.is_symlink():
            raise CommandError(f"{file} is a link, which may lead outside the pack. Put the file itself there.")
        if file.is_dir():
            continue
        if not file.is_file():
            raise CommandError(f"{file} is no plain file. Remove it.")
        found.append(file)
        size += file.stat().st_size
        if size > LARGEST or len(found) > MOST:
            raise CommandError(
                f"The pack is larger than {LARGEST} bytes or {MOST} files. Split it, or make its pictures smaller."
            )
    try:
        return {file.relative_to(path).as_posix(): file.read_bytes() for file in found}
    except OSError as error:
        raise CommandError(f"{error.filename} can't be read ({error.strerror}). Check who may read it.") from error
