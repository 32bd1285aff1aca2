"""Checking the questions of a bank for the pages that show it whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from exams.domain.checking import longest_option_odds
from exams.models import Exam, KeptCheck, KeptFinding, Question
from exams.queries.bank import content_of, with_content
from exams.queries.checking import judged
from exams.queries.kept_checks import behind, demands

AT_ONCE = 200  # questions; a second's work


def catch_up(exam: Exam, *, on: date, most: int = AT_ONCE) -> int:
    """Check some of the questions that are behind; how many."""
    with transaction.atomic():
        chosen = behind(exam, on=on).select_for_update(skip_locked=True, no_key=True).order_by("pk")
        found = list(chosen.values_list("pk", flat=True)[:most])
        _keep(exam, found, on=on)
    return len(found)


def keep(question: Question, *, on: date) -> None:
    """Check this question, whose row nobody else can change meanwhile."""
    with transaction.atomic():
        _keep(question.exam, [question.pk], on=on)


def _keep(exam: Exam, ids: Iterable[int], *, on: date) -> None:
    checks, findings = [], []
    wanted = demands(exam)
    for row in with_content(Question.objects.filter(pk__in=ids)):
        content = content_of(row)
        odds = {language: longest_option_odds(content, language) for language in exam.languages}
        longest = {language: [float(share) for share in shares] for language, shares in odds.items() if shares}
        checks.append(KeptCheck(question=row, checksum=row.checksum, demands=wanted, on=on, longest=longest))
        findings += [
            KeptFinding(
                question=row,
                level=one.finding.level.value,
                code=one.finding.code,
                where=one.finding.where,
                text=one.text,
                params=dict(one.finding.params),
            )
            for one in judged(row, content, on=on)
        ]
    KeptFinding.objects.filter(question__in=ids).delete()
    KeptFinding.objects.bulk_create(findings)
    KeptCheck.objects.filter(question__in=ids).delete()
    KeptCheck.objects.bulk_create(checks)
