"""``dump_pack EXAM --to DIR``: write an exam and its questions back as a content pack."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import translation

from exams.domain.problems import Problems
from exams.formats.packs import code_in
from exams.forms.problems import sentence
from exams.models import Exam
from exams.services import exchange


class Command(BaseCommand):
    """Working copies, so that edits made in the admin come back into the pack."""

    help = "Write an exam with its questions as a content pack (docs/packs.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which exam, and where to."""
        parser.add_argument("exam", help="the exam's code")
        parser.add_argument("--to", type=Path, required=True, help="a folder: a new one, or a pack to write over")

    def handle(self, *args: Any, exam: str, to: Path, **options: Any) -> None:
        """Write every file; a folder that holds something else is left alone."""
        found = Exam.objects.filter(code=exam).first()
        if found is None:
            known = ", ".join(Exam.objects.values_list("code", flat=True)) or "none"
            raise CommandError(f"There is no exam “{exam}”. There are: {known}.")
        if not _may_write(to, exam):
            raise CommandError(f"{to} is neither empty nor a content pack of {exam}. Choose another folder.")
        try:
            files = exchange.dump_pack(found)
        except Problems as refused:
            with translation.override("en"):  # as all else that a terminal shows here
                raise CommandError("\n".join(sentence(problem) for problem in refused.problems)) from None
        for old in to.glob("questions/*.yaml"):  # the same questions may have been in other files
            if f"questions/{old.name}" not in files:
                old.unlink()
        for path, data in files.items():
            target = to / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        self.stdout.write(f"{len(files)} files written to {to}.")


def _may_write(to: Path, exam: str) -> bool:
    """Whether the folder is new, empty, or a pack of this exam."""
    if not to.exists():
        return True
    if not to.is_dir():
        return False
    if (to / "exam.yaml").is_file():
        return code_in((to / "exam.yaml").read_bytes()) == exam
    return not any(to.iterdir())
