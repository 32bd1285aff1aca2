"""Candidates' reports of questions: sent after the end, answered by authors, read by who sent them."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from exams.domain.problems import Problem, Problems
from exams.models import AttemptItem, Report, User
from exams.models.reports import LONGEST_REPORT


def send(item: AttemptItem, *, category: str, text: str, language: str, by: User, now: datetime) -> Report:
    """Tell the authors that something is wrong with a question of a finished attempt.

    Raises Problems: ``report_text``, ``report_too_long``, ``report_open`` (the constraint report_one_open: one of each
    person and version until it is answered).
    """
    words = _words(text, Problem("report_text", "text"))
    try:
        with transaction.atomic():
            return Report.objects.create(
                version_id=item.version_id,
                item=item,
                candidate=by,
                category=Report.Category(category).value,
                text=words,
                language=language,
                sent_at=now,
            )
    except IntegrityError:
        raise Problems([Problem("report_open")]) from None


def answer(report: Report, text: str, *, by: User, now: datetime) -> None:
    """Answer a report, which closes it. Of two at once the first counts.

    Raises Problems: ``report_answer``, ``report_too_long``, ``report_answered``.
    """
    words = _words(text, Problem("report_answer", "answer"))
    if not Report.objects.filter(pk=report.pk, answered_at=None).update(answer=words, answered_at=now, answered_by=by):
        raise Problems([Problem("report_answered")])


def mark_read(report_id: int, candidate: User, *, now: datetime) -> bool:
    """The person has read the answer to a report of their own; False where there is none such."""
    own = Report.objects.filter(pk=report_id, candidate=candidate, answered_at__isnull=False)
    if not own.exists():
        return False
    own.filter(read_at=None).update(read_at=now)
    return True


def _words(text: str, missing: Problem) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise Problems([missing])
    if len(words) > LONGEST_REPORT:
        raise Problems([Problem("report_too_long", missing.where, {"length": len(words), "limit": LONGEST_REPORT})])
    return words
