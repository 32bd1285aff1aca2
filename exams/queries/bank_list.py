"""The list of questions: in what state its languages are, and figures of use beside each row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from exams.models import AttemptItem, Question


@dataclass(frozen=True, slots=True)
class Figures:
    """What the list tells of a question besides its own columns. ``used`` is how many attempts were given it."""

    used: int = 0


def figures(questions: Iterable[Question]) -> dict[int, Figures]:
    """Figures of some questions by id: of one page of the list, in one query."""
    rows = AttemptItem.objects.filter(version__question__in=[question.pk for question in questions])
    counted = rows.order_by().values("version__question").annotate(used=Count("pk"))
    return {row["version__question"]: Figures(used=row["used"]) for row in counted}


def lacking(questions: QuerySet[Question], language: str) -> QuerySet[Question]:
    """Questions whose stem is not there in ``language``."""
    return questions.filter(~Q(stem__has_key=language) | Q(**{f"stem__{language}": ""}))


def behind(questions: QuerySet[Question], language: str, other: str) -> QuerySet[Question]:
    """Questions whose ``other`` language was revised after ``language`` was."""
    mine, theirs = (Cast(KT(f"revised_at__{code}"), TextField()) for code in (language, other))
    return questions.alias(mine=mine).filter(mine__lt=theirs)
