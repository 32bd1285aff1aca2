"""Item statistics for the lists of the author's desk. To be run every night, say; nothing is wrong if it never is."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from exams.models import Exam
from exams.services.statistics import rebuild


class Command(BaseCommand):
    """Make them anew from the attempts."""

    help = "Make the item statistics that the author's lists show anew, for all exams or those that are named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("exams", nargs="*", metavar="EXAM", help="code of an exam")

    def handle(self, *args: Any, exams: list[str], **options: Any) -> None:
        found = list(Exam.objects.filter(code__in=exams) if exams else Exam.objects.all())
        if missing := set(exams) - {exam.code for exam in found}:
            raise CommandError(f"There is no exam {', '.join(sorted(missing))}.")
        for exam in found:
            number = rebuild(exam, now=timezone.now())
            self.stdout.write(f"{exam.code}: statistics of {number} versions")
