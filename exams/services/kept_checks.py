"""Checking the questions of a bank for the pages that show it whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from exams.domain.checking import longest_option_odds
from exams.models import Exam, KeptCheck, KeptFinding, Question
from exams.queries.bank import content_of, with_content
from exams.queries.checking import judged, near_of
from exams.queries.kept_checks import behind, demands

AT_ONCE = 200  # questions; a second's work


def catch_up(exam: Exam, *, on: date, most: int = AT_ONCE) -> int:
    """Check some of the questions that are behind; how many. Those that somebody is saving are left for later."""
    chosen = behind(exam, demands(exam), on=on).order_by("pk").values_list("pk", flat=True)
    return _keep(exam, list(chosen[:most]), on=on)


def keep(question: Question, *, on: date) -> None:
    """Check this question, just saved."""
    _keep(question.exam, [question.pk], on=on)


def _keep(exam: Exam, ids: Sequence[int], *, on: date) -> int:
    """Judging takes long and holds nobody up. A question that is edited meanwhile stays behind, by its checksum."""
    checks: dict[int, KeptCheck] = {}
    findings: list[KeptFinding] = []
    wanted, near = demands(exam), near_of(ids)
    for row in with_content(Question.objects.filter(pk__in=ids)):
        content = content_of(row)
        odds = {language: longest_option_odds(content, language) for language in exam.languages}
        longest = {language: [float(share) for share in shares] for language, shares in odds.items() if shares}
        checks[row.pk] = KeptCheck(question=row, checksum=row.checksum, demands=wanted, on=on, longest=longest)
        findings += [
            KeptFinding(
                question=row,
                level=one.finding.level.value,
                code=one.finding.code,
                where=one.finding.where,
                text=one.text,
                params=dict(one.finding.params),
            )
            for one in judged(row, content, on=on, near=near.get(row.pk, ()))
        ]
    with transaction.atomic():
        free = Question.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=checks).order_by("pk")
        stored = set(free.values_list("pk", flat=True))
        KeptFinding.objects.filter(question__in=stored).delete()
        KeptCheck.objects.filter(question__in=stored).delete()
        KeptCheck.objects.bulk_create(check for pk, check in checks.items() if pk in stored)
        KeptFinding.objects.bulk_create(finding for finding in findings if finding.question_id in stored)
    return len(stored)
