"""Keeping item statistics for lists."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from exams.models import Exam, ItemStatistic
from exams.queries import statistics


def rebuild(exam: Exam, *, now: datetime) -> int:
    """Make the statistics of all versions of an exam anew; returns of how many. What is read meanwhile is the old."""
    used = statistics.times_used(exam)
    found = {row.version.pk: row for row in statistics.of_exam(exam, now)}
    rows = [_row(version, number, found.get(version), now) for version, number in used.items()]
    with transaction.atomic():
        ItemStatistic.objects.filter(version__question__exam=exam).delete()
        ItemStatistic.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _row(version: int, used: int, found: statistics.VersionStatistics | None, now: datetime) -> ItemStatistic:
    row = ItemStatistic(version_id=version, used=used, attempts=0, people=0, computed_at=now)
    if found and found.item:
        figures = found.item.statistics
        row.attempts, row.people = figures.n, found.people
        if not figures.refusal:
            row.p, (row.p_low, row.p_high) = figures.p, figures.p_interval
            row.flags = list(dict.fromkeys(flag.warn.value for flag in figures.flags))
            if figures.r_rest:
                row.r_rest, (row.r_low, row.r_high) = figures.r_rest.value, figures.r_rest.interval or (None, None)
    return row
