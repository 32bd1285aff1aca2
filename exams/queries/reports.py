"""Reading reports: a candidate's own with their answers, and the authors' queue, which names nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from exams.models import Attempt, Report, User
from exams.queries.results import hidden_from


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report of one's own. ``is_hidden``: its answer waits, since one is sitting an exam with the question."""

    report: Report
    is_hidden: bool

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer that may be read."""
        return self.report.answered_at is not None and not self.is_hidden

    @property
    def is_new(self) -> bool:
        """Whether the answer was not marked as read."""
        return self.is_answered and self.report.read_at is None


def of_attempt(attempt: Attempt, now: datetime) -> dict[int, list[OwnReport]]:
    """The candidate's reports of an attempt's questions, by position, newest first, wherever they were sent from. Two
    queries at most."""
    found: dict[int, list[OwnReport]] = {}
    given = Report.objects.filter(candidate=attempt.candidate, version__items__attempt=attempt)
    for row in _own(given.annotate(position=F("version__items__position")), attempt.candidate, now):
        found.setdefault(row.report.position, []).append(row)  # type: ignore[attr-defined]  # annotated
    return found


def own(candidate: User, now: datetime) -> list[OwnReport]:
    """All that the person has sent, newest first."""
    return _own(Report.objects.filter(candidate=candidate), candidate, now)


def answered(candidate: User, now: datetime) -> list[OwnReport]:
    """Answers that the person has not marked as read, newest first. One query where there are none, else two."""
    rows = Report.objects.filter(candidate=candidate, answered_at__isnull=False, read_at=None)
    return [row for row in _own(rows, candidate, now) if row.is_new]


def _own(rows: QuerySet[Report], candidate: User, now: datetime) -> list[OwnReport]:
    found = list(rows.select_related("version", "item__attempt__exam").order_by("-pk"))
    if not found:
        return []
    hidden = hidden_from(candidate, now)
    return [OwnReport(report, report.version.question_id in hidden) for report in found]
