"""``dump_pack EXAM --to DIR``: write an exam and its questions back as a content pack."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

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
        if to.exists() and not (to.is_dir() and ((to / "exam.yaml").exists() or not any(to.iterdir()))):
            raise CommandError(f"{to} is neither empty nor a content pack. Choose another folder.")
        files = exchange.dump_pack(found)
        for old in to.glob("questions/*.yaml"):
            if f"questions/{old.name}" not in files:
                old.unlink()
        for path, data in files.items():
            target = to / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        self.stdout.write(f"{len(files)} files written to {to}.")
