"""``rebuild_html``: render versions again that an older renderer made."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from exams.queries.bank import outdated_versions
from exams.services import bank


class Command(BaseCommand):
    """After an upgrade whose notes ask for it; the content of versions stays as it is."""

    help = "Render published versions again whose HTML was made by an older renderer."

    def handle(self, *args: Any, **options: Any) -> None:
        """Render, and say how many."""
        number = 0
        for version in outdated_versions().iterator(chunk_size=100):
            bank.rebuild_html(version)
            number += 1
        self.stdout.write(f"{number} versions rendered again.")
