"""Reading cohorts: who is in them, and what instructors may see of their own cohorts' assignments."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from exams.domain.attempts import State
from exams.domain.scoring import Scale, wilson
from exams.models import Assignment, Attempt, Cohort, Domain, Membership, User
from exams.queries.attempts import state_of
from exams.queries.blueprints import scale_of
from exams.queries.results import Past, reports


def memberships_of(candidate: User) -> QuerySet[Membership]:
    """The cohorts this person is in, with their instructors, who see the results."""
    return candidate.memberships.filter(left_at=None).select_related("cohort").prefetch_related("cohort__instructors")


def own_cohorts(instructor: User) -> QuerySet[Cohort]:
    """The cohorts that this person teaches, with ``members`` and ``sets`` (assignments) counted."""
    return Cohort.objects.filter(instructors=instructor).annotate(
        members=Count("memberships", filter=Q(memberships__left_at=None), distinct=True),
        sets=Count("assignments", distinct=True),
    )


def own_cohort(instructor: User, public_id: uuid.UUID) -> Cohort:
    """One of the instructor's own; raises Cohort.DoesNotExist for absent ones and others' alike."""
    return own_cohorts(instructor).get(public_id=public_id)


def members(cohort: Cohort) -> QuerySet[Membership]:
    """Memberships in force, by name."""
    return cohort.memberships.filter(left_at=None).select_related("candidate").order_by("candidate__display_name", "pk")


def may_teach(person: User) -> bool:
    """Whether this person is an instructor at all. Which cohorts is another question."""
    return person.has_perm("exams.view_cohort")


@dataclass(frozen=True, slots=True)
class Cell:
    """A domain of somebody's latest result: percent right, and ``heat`` from -3 (far under the cut) to 3 (far over)."""

    percent: int
    heat: int


@dataclass(frozen=True, slots=True)
class MemberRow:
    """What a member has done in one assignment. ``cells`` follow the domains; a running attempt shows nothing of
    itself."""

    candidate: User
    finished: int
    is_running: bool
    best: Past | None
    latest: Past | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class AssignmentResults:
    """The results of an assignment: its present members, and what they have done in it."""

    assignment: Assignment
    domains: tuple[Domain, ...]
    rows: tuple[MemberRow, ...]

    @property
    def scale(self) -> Scale:
        """The exam's scale."""
        return scale_of(self.assignment.exam)

    @property
    def scores(self) -> list[int]:
        """The latest score of each member who has one."""
        return [row.latest.report.scaled for row in self.rows if row.latest]

    @property
    def submitted(self) -> int:
        """Members with at least one finished attempt."""
        return len(self.scores)

    @property
    def running(self) -> int:
        """Members who are sitting it now."""
        return sum(row.is_running for row in self.rows)

    @property
    def passed(self) -> int:
        """Members whose latest attempt passes."""
        return sum(row.latest.report.passed for row in self.rows if row.latest)

    @property
    def passed_interval(self) -> tuple[int, int] | None:
        """The 95 % interval (Wilson) of the share that passes, in percent; None without a result."""
        if not self.submitted:
            return None
        low, high = wilson(self.passed, self.submitted)
        return round(100 * low), round(100 * high)


def assignment_results(assignment: Assignment, now: datetime) -> AssignmentResults:
    """Members x domains of one assignment, by name. Four queries, however many members.

    Only attempts made in this assignment by people who are members now; void ones are left out.
    """
    people = [membership.candidate for membership in members(assignment.cohort)]
    domains = tuple(assignment.exam.domains.all())
    attempts = list(
        Attempt.objects.filter(assignment=assignment, candidate__in=people, is_void=False).order_by("started_at", "pk")
    )
    finished = [attempt for attempt in attempts if state_of(attempt, now) is State.FINISHED]
    found = reports(finished)
    pasts: dict[int, list[Past]] = defaultdict(list)
    for attempt in finished:
        pasts[attempt.candidate_id].append(Past(attempt, found[attempt.pk]))
    busy = {attempt.candidate_id for attempt in attempts if state_of(attempt, now) is not State.FINISHED}
    rows = tuple(_row(person, pasts[person.pk], person.pk in busy, domains) for person in people)
    return AssignmentResults(assignment, domains, rows)


def _row(person: User, pasts: list[Past], is_running: bool, domains: Iterable[Domain]) -> MemberRow:
    latest = pasts[-1] if pasts else None
    return MemberRow(
        candidate=person,
        finished=len(pasts),
        is_running=is_running,
        best=max(pasts, key=lambda past: past.report.scaled, default=None),
        latest=latest,
        cells=_cells(latest, domains) if latest else (),
    )


def _cells(past: Past, domains: Iterable[Domain]) -> tuple[Cell, ...]:
    shares = {row.code: row.share for row in past.report.domains}
    cut = past.report.cut / past.report.total
    return tuple(_cell(shares[domain.code], cut) for domain in domains if domain.code in shares)


def _cell(share: float, cut: float) -> Cell:
    distance = abs(share - cut)
    strength = 1 if distance < 0.1 else 2 if distance < 0.2 else 3
    return Cell(round(100 * share), strength if share >= cut else -strength)
