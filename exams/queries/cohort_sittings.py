"""The attempts that instructors may see: made in an assignment of the cohort by people who are members now, never void
ones, and nothing of an attempt before it has ended. Everything else of a cohort's results is made of these."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from exams.domain.assignments import ScoreRelease
from exams.domain.attempts import CLOSING, State, ended_at
from exams.domain.attempts import state as state_at
from exams.domain.cohort_results import Tally, is_at_risk, total_report
from exams.domain.scoring import Parameters, ScoreReport
from exams.models import Attempt, AttemptItem, Cohort, User
from exams.queries import results

PAGE = 50  # members on a page of a table


class Person(NamedTuple):
    """A member, and no more of them than an instructor may know."""

    pk: int
    public_id: uuid.UUID
    display_name: str


@dataclass(frozen=True, slots=True)
class Column:
    """A domain or a task over a column of the heat map. ``id`` names it in addresses."""

    id: str
    pk: int
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A domain or task of somebody's latest result: percent right of so many, and ``heat`` from -3 (far under the cut)
    to 3 (far over)."""

    percent: int
    of: int
    heat: int


@dataclass(frozen=True, slots=True)
class Sitting:
    """A finished attempt in an assignment. ``tallies`` are those of its scored questions by id of domain and task."""

    public_id: uuid.UUID
    assignment_id: int
    started_at: datetime
    ended_at: datetime
    report: ScoreReport
    domains: Mapping[int, Tally]
    tasks: Mapping[int, Tally]

    @property
    def chance(self) -> str:
        """The probability that the true share reaches the cut, in words; "" where nothing is known."""
        return "" if self.report.probability is None else results.chance(self.report.probability)

    @property
    def is_at_risk(self) -> bool:
        """Less likely than not to reach the cut."""
        return is_at_risk(self.report)

    def tally(self, column: Column) -> Tally:
        """Correct and of how many in a domain or task."""
        return (self.tasks if column.id.startswith("t") else self.domains).get(column.pk, (0, 0))


def present(cohort: Cohort) -> list[Person]:
    """Members now, by name. One query."""
    rows = cohort.memberships.filter(left_at=None).order_by("candidate__display_name", "pk")
    return [Person(*row) for row in rows.values_list("candidate_id", "candidate__public_id", "candidate__display_name")]


def seen_attempts(cohort: Cohort) -> QuerySet[Attempt]:
    """All that the instructors of a cohort may see: attempts made in its assignments by people who are members now."""
    return Attempt.objects.filter(
        assignment__cohort=cohort,
        candidate__memberships__cohort=cohort,
        candidate__memberships__left_at=None,
        mode=Attempt.Mode.EXAM,
        is_void=False,
    )


def waiting_for(reader: User, now: datetime) -> Q:
    """Attempts of the reader's own whose score is not shown to its candidate yet: who teaches a cohort and is a member
    of it learns it no sooner than the others. The same as ``domain.assignments.shows_score``, for the database."""
    return Q(
        candidate=reader.pk,
        assignment__score_release=ScoreRelease.CLOSED,
        assignment__closes_at__gt=now - CLOSING,
    )


class AttemptRow(NamedTuple):
    pk: int
    public_id: uuid.UUID
    candidate_id: int
    assignment_id: int
    parameters: dict[str, Any]
    started_at: datetime
    deadline_at: datetime
    finished_at: datetime | None
    waits: bool  # for the moment at which its score may be shown to the reader, whose own it is


def attempt_rows(cohort: Cohort, reader: User, now: datetime, **which: object) -> list[AttemptRow]:
    waits = ExpressionWrapper(waiting_for(reader, now), BooleanField())
    rows = seen_attempts(cohort).filter(**which).annotate(waits=waits).order_by("started_at", "pk")
    return [AttemptRow(*row) for row in rows.values_list(*AttemptRow._fields)]


def state_of_row(row: AttemptRow | Attempt, now: datetime) -> State:
    return state_at(now, deadline_at=row.deadline_at, finished_at=row.finished_at)


def ended(prefix: str, now: datetime) -> Q:
    return Q(**{f"{prefix}finished_at__isnull": False}) | Q(**{f"{prefix}deadline_at__lte": now - CLOSING})


def tallies_of(now: datetime, *, by: Sequence[str] = (), **which: object) -> Iterable[tuple[Any, ...]]:
    """(attempt, *by, correct, total, answered) of the scored questions of ended attempts: the one pass over answers."""
    return (
        AttemptItem.objects.filter(ended("attempt__", now), is_scored=True, attempt__is_void=False, **which)
        .order_by()
        .values_list("attempt_id", *by)
        .annotate(
            correct=Sum(Case(When(is_correct=True, then=Value(1)), default=Value(0), output_field=IntegerField())),
            total=Count("pk"),
            answered=Count("pk", filter=Q(response__isnull=False)),
        )
    )


def sittings_of(
    attempts: Iterable[AttemptRow], tallies: Iterable[tuple[Any, ...]], now: datetime
) -> dict[int, list[Sitting]]:
    """The ended attempts of each candidate (by id), oldest first, without those that wait."""
    totals: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    domains: dict[int, dict[int, Tally]] = defaultdict(dict)
    tasks: dict[int, dict[int, Tally]] = defaultdict(dict)  # what has no task is under None, which no column asks for
    for attempt, *by, correct, total, answered in tallies:
        whole = totals[attempt]
        whole[0] += correct
        whole[1] += total
        whole[2] += answered
        if by:
            domain, task = by
            for place, pk in ((domains[attempt], domain), (tasks[attempt], task)):
                before = place.get(pk, (0, 0))
                place[pk] = (before[0] + correct, before[1] + total)
    found: dict[int, list[Sitting]] = defaultdict(list)
    for row in attempts:
        end = ended_at(now, deadline_at=row.deadline_at, finished_at=row.finished_at)
        if end is None or row.waits:
            continue
        points, total, answered = totals[row.pk]
        report = total_report(Parameters.from_json(row.parameters), points, total, is_answered=answered > 0)
        found[row.candidate_id].append(
            Sitting(row.public_id, row.assignment_id, row.started_at, end, report, domains[row.pk], tasks[row.pk])
        )
    return found


def percents(interval: tuple[float, float]) -> tuple[int, int]:
    return round(100 * interval[0]), round(100 * interval[1])
