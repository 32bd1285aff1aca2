"""The live board of an assignment: who sits it now, how far they are, and what was done to single attempts."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Max, QuerySet

from exams.domain.attempts import CLOSING, State
from exams.models import Assignment, Attempt, MemberAccommodation, User
from exams.queries import assignments, attempts, cohorts
from exams.queries.assignments import Release


class Standing(StrEnum):
    """How a member stands, in the order in which the board shows them."""

    RUNNING = "running"
    CLOSING = "closing"
    WAITING = "waiting"
    FINISHED = "finished"


STANDINGS = {State.OPEN: Standing.RUNNING, State.CLOSING: Standing.CLOSING, State.FINISHED: Standing.FINISHED}


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A member. ``attempt`` is the one that goes on, else the latest; ``sat`` counts all that are not void. Answers
    and scores are not here."""

    candidate: User
    standing: Standing
    attempt: Attempt | None
    sat: int
    voided: int
    answered: int
    total: int
    seconds_left: float
    saved_at: datetime | None
    ended_at: datetime | None
    accommodation: MemberAccommodation | None


PAGE = 100  # rows at a time: what 1,000 cost every ten seconds is nobody's to read


@dataclass(frozen=True, slots=True)
class Board:
    """All members at one instant; they are shown in ``pages``, the numbers are of all."""

    assignment: Assignment
    now: datetime
    rows: tuple[BoardRow, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many stand how; closing ones are under way."""
        found = {standing.value: 0 for standing in Standing}
        for row in self.rows:
            found[row.standing] += 1
        found["running"] += found.pop("closing")
        return found

    @property
    def pages(self) -> int:
        """How many, at least one."""
        return max(1, -(-len(self.rows) // PAGE))

    def page(self, number: int) -> tuple[BoardRow, ...]:
        """The rows of one, from 1 on."""
        return self.rows[(number - 1) * PAGE : number * PAGE]


def board(assignment: Assignment, now: datetime) -> Board:
    """Every present member, those who are sitting first. Four queries, however many members."""
    people = [membership.candidate for membership in cohorts.members(assignment.cohort)]
    granted = {row.candidate_id: row for row in MemberAccommodation.objects.filter(assignment=assignment)}
    sat: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.filter(assignment=assignment).order_by("started_at", "pk"):
        sat[attempt.candidate_id].append(attempt)
    progress = _progress(assignment, now)
    rows = [_row(person, sat[person.pk], progress, granted.get(person.pk), now) for person in people]
    order = list(Standing)
    return Board(assignment, now, tuple(sorted(rows, key=lambda row: order.index(row.standing))))


def _progress(assignment: Assignment, now: datetime) -> dict[int, tuple[int, datetime | None]]:
    """Answered questions and last save of the attempts (by id) that go on or are closing."""
    rows = (
        Attempt.objects.filter(assignment=assignment)
        .filter(attempts.running(now - CLOSING))
        .order_by()
        .values_list("pk")
        .annotate(Count("items__response"), Max("items__saved_at"))
    )
    return {pk: (answered, saved_at) for pk, answered, saved_at in rows}


def _row(
    person: User,
    sat: list[Attempt],
    progress: dict[int, tuple[int, datetime | None]],
    granted: MemberAccommodation | None,
    now: datetime,
) -> BoardRow:
    counted = [attempt for attempt in sat if not attempt.is_void]
    best = [attempt for attempt in counted if attempt.pk in progress] or counted
    attempt = best[-1] if best else None
    answered, saved_at = progress.get(attempt.pk, (0, None)) if attempt else (0, None)
    return BoardRow(
        candidate=person,
        standing=STANDINGS[attempts.state_of(attempt, now)] if attempt else Standing.WAITING,
        attempt=attempt or (sat[-1] if sat else None),
        sat=len(counted),
        voided=len(sat) - len(counted),
        answered=answered,
        total=attempt.parameters["questions"] if attempt else 0,
        seconds_left=attempts.seconds_left(attempt, now) if attempt else 0.0,
        saved_at=saved_at,
        ended_at=attempts.ended_at(attempt, now) if attempt else None,
        accommodation=granted,
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done to an attempt: ``minutes`` were given, or ``what`` was done instead."""

    at: datetime
    by: User
    reason: str
    minutes: int | None = None
    what: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """One attempt, what was done to it so far, what may be done, and the member's ``others`` in this assignment."""

    attempt: Attempt
    state: State
    ended_at: datetime | None
    record: tuple[Entry, ...]
    release: Release
    others: tuple[Attempt, ...]

    @property
    def can_extend(self) -> bool:
        """It runs."""
        return self.state is State.OPEN and not self.attempt.is_void

    @property
    def can_reopen(self) -> bool:
        """It is over, counts, and its candidate has seen no key of it."""
        return self.state is State.FINISHED and not self.attempt.is_void and not self.release.keys


def attempt_of(assignment: Assignment, public_id: uuid.UUID) -> Attempt:
    """An attempt of this assignment by somebody who is a member now; raises Attempt.DoesNotExist for absent ones and
    others' alike."""
    present = cohorts.members(assignment.cohort).order_by().values("candidate")
    rows = assignment.attempts.filter(candidate__in=present).select_related("candidate", "assignment", "exam")
    return rows.get(public_id=public_id)


def watched(attempt: Attempt, now: datetime) -> Watched:
    """The attempt with its record. Four queries at most."""
    return Watched(
        attempt=attempt,
        state=attempts.state_of(attempt, now),
        ended_at=attempts.ended_at(attempt, now),
        record=tuple(_record(attempt)),
        release=assignments.release(attempt.assignment, now),
        others=tuple(_others(attempt)),
    )


def _record(attempt: Attempt) -> list[Entry]:
    """By time."""
    given = [
        Entry(row.granted_at, row.granted_by, row.reason, minutes=row.minutes)
        for row in attempt.extensions.select_related("granted_by")
    ]
    done = [
        Entry(row.done_at, row.done_by, row.reason, what=row.get_kind_display())
        for row in attempt.interventions.select_related("done_by")
    ]
    return sorted(given + done, key=lambda entry: entry.at)


def _others(attempt: Attempt) -> QuerySet[Attempt]:
    rows = Attempt.objects.filter(assignment=attempt.assignment_id, candidate=attempt.candidate_id)
    return rows.exclude(pk=attempt.pk).order_by("started_at", "pk")
