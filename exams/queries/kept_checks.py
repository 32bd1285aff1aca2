"""What the last checks of a bank's questions found, as it was kept: whole banks at a glance, without reading a text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from exams.domain.checking import CHECKER, Bot, Finding, Level, bot_of
from exams.models import Exam, KeptCheck, KeptFinding, Question, Waiver

MOST_FOUND = 100  # that a page lists


@dataclass(frozen=True, slots=True)
class Found:
    """A finding that nobody has accepted, and the question it is about."""

    question: Question
    finding: Finding

    @property
    def is_error(self) -> bool:
        """Whether it keeps the question from being published."""
        return self.finding.level is Level.ERROR


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a bank of ``questions``, all but ``behind`` of them as they are today.

    ``found`` are the first findings that are neither mended nor accepted, errors before warnings.
    """

    questions: int
    behind: int
    errors: int
    open: int
    accepted: int
    found: Sequence[Found]
    bots: Sequence[Bot]

    @property
    def checked(self) -> int:
        """How many questions have been checked as they are today."""
        return self.questions - self.behind

    @property
    def more(self) -> int:
        """How many findings there are besides those in ``found``."""
        return self.errors + self.open - len(self.found)


def today() -> date:
    """The day that ages are reckoned from: the site's, so that it is the same for all who look."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def demands(exam: Exam) -> str:
    """What a check of the exam's questions goes by, as 16 hexadecimal digits: when it changes they are to be checked
    again. One query, for the exam's pictures."""
    pictures = sorted(exam.media.order_by().values_list("path", flat=True))
    about = [CHECKER, exam.languages, exam.rules, exam.services, pictures]
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:16]


def behind(exam: Exam, wanted: str, *, on: date) -> QuerySet[Question]:
    """Questions that have changed since they were checked, or were checked on another day or for other demands than
    those ``wanted`` now."""
    checks = KeptCheck.objects.filter(on=on, demands=wanted, checksum=OuterRef("checksum"))
    return _of(exam).filter(~Exists(checks.filter(question=OuterRef("pk"))))


def kept(exam: Exam, *, on: date) -> Kept:
    """What is kept of an exam's bank. Six queries."""
    wanted = demands(exam)
    findings = KeptFinding.objects.filter(question__in=_of(exam), question__kept_check__demands=wanted)
    counts = findings.order_by().aggregate(
        errors=Count("pk", filter=Q(level=Level.ERROR)),
        open=Count("pk", filter=_OPEN),
        accepted=Count("pk", filter=Q(level=Level.WARNING) & ~_OPEN),
    )
    rows = findings.filter(Q(level=Level.ERROR) | _OPEN).order_by("level", "question__code", "pk")
    rows = rows.select_related("question").only("level", "code", "where", "params", "question__code")
    odds = list(KeptCheck.objects.filter(question__in=_of(exam)).exclude(longest={}).values_list("longest", flat=True))
    return Kept(
        questions=_of(exam).count(),
        behind=behind(exam, wanted, on=on).count(),
        found=[
            Found(row.question, Finding(row.code, row.where, row.params, Level(row.level))) for row in rows[:MOST_FOUND]
        ],
        bots=[bot_of(language, [row[language] for row in odds if language in row]) for language in exam.languages],
        **counts,
    )


def with_errors(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Questions that could not be published as they were checked last, unless they are retired."""
    return _with(questions, Q(level=Level.ERROR))


def with_warnings(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Questions with a warning that nobody has accepted, as they were checked last, unless they are retired."""
    return _with(questions, _OPEN)


def _with(questions: QuerySet[Question], which: Q) -> QuerySet[Question]:
    found = KeptFinding.objects.filter(which).order_by().values("question")
    return questions.exclude(status=Question.Status.RETIRED).filter(pk__in=found)


def _of(exam: Exam) -> QuerySet[Question]:
    return exam.questions.exclude(status=Question.Status.RETIRED).order_by()


_SAME = {name: OuterRef(name) for name in ("question", "code", "where", "text")}
_OPEN = Q(~Exists(Waiver.objects.filter(**_SAME)), level=Level.WARNING)  # of findings: not accepted for just this text
