"""``rebuild_html``: bring up to date what is kept beside the content of versions."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from exams.models import Exam
from exams.queries.bank import outdated_versions
from exams.services import bank, checking


class Command(BaseCommand):
    """After an upgrade whose notes ask for it; the content of versions stays as it is."""

    help = "Render versions again that an older renderer made, and compare those that were never compared with others."

    def handle(self, *args: Any, **options: Any) -> None:
        """Render, and say how many."""
        number = 0
        for version in outdated_versions().iterator(chunk_size=100):
            bank.rebuild_html(version)
            number += 1
        self.stdout.write(f"{number} versions rendered again.")
        compared = sum(checking.catch_up(exam) for exam in Exam.objects.all())
        self.stdout.write(f"{compared} versions compared with the others.")
