"""``stamp_attempts``: write down the end of attempts that ran out. Nothing is wrong if it never runs."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from exams.services import attempts


class Command(BaseCommand):
    """For reports made in SQL, which see the column and not the rule."""

    help = "Write down that attempts which ran out ended at their deadlines."

    def handle(self, *args: Any, **options: Any) -> None:
        """Stamp, and say how many."""
        self.stdout.write(f"{attempts.stamp_expired(timezone.now())} attempts stamped.")
