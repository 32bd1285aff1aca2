"""The list of questions: in what state its languages are, and figures of use beside each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from exams.domain.statistics import FEWEST_PEOPLE, Warn
from exams.models import AttemptItem, ItemStatistic, Question
from exams.queries.statistics import Overview, bank_overview


@dataclass(frozen=True, slots=True)
class Figures:
    """What the list tells of a question besides its own columns. ``used`` is how many attempts were given it;
    ``statistics`` are those that were kept last, None where it had been in no exam then."""

    used: int = 0
    statistics: Overview | None = None


def figures(questions: Sequence[Question]) -> dict[int, Figures]:
    """Figures of some questions by id: of one page of the list, in two queries."""
    rows = AttemptItem.objects.filter(version__question__in=[question.pk for question in questions])
    counted = rows.order_by().values("version__question").annotate(used=Count("pk"))
    kept = bank_overview(questions)
    return {row["version__question"]: Figures(row["used"], kept.get(row["version__question"])) for row in counted}


def flagged(questions: QuerySet[Question], *, only: Warn | None = None) -> QuerySet[Question]:
    """Questions whose statistics, as they were kept last, say something to look at (or ``only`` this, where it is the
    worst that they say), and rest on enough people to be told."""
    kept = ItemStatistic.objects.filter(people__gte=FEWEST_PEOPLE).exclude(flags=[])
    if only is not None:
        kept = kept.filter(flags__0=only.value)
    return questions.filter(current_version__in=kept.values("version"))


def lacking(questions: QuerySet[Question], language: str) -> QuerySet[Question]:
    """Questions whose stem is not there in ``language``."""
    return questions.filter(~Q(stem__has_key=language) | Q(**{f"stem__{language}": ""}))


def behind(questions: QuerySet[Question], language: str, other: str) -> QuerySet[Question]:
    """Questions whose ``other`` language was revised after ``language`` was."""
    mine, theirs = (Cast(KT(f"revised_at__{code}"), TextField()) for code in (language, other))
    return questions.alias(mine=mine).filter(mine__lt=theirs)
