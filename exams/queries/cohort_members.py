"""One member of a cohort, and single attempts that its instructors may read."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from exams.domain.attempts import State
from exams.domain.scoring import Parameters, Scale, ScoreReport
from exams.models import Assignment, Attempt, Cohort, User
from exams.queries import assignments, results
from exams.queries.cohort_sittings import Person, ended, seen_attempts, state_of_row, waiting_for


@dataclass(frozen=True, slots=True)
class MemberAttempt:
    """A line of a member's page; ``report`` None while the attempt has not ended, or ``waits`` for the moment at which
    its score may be shown to the reader, whose own it is."""

    attempt: Attempt
    report: ScoreReport | None
    scale: Scale
    waits: bool


def member(cohort: Cohort, public_id: uuid.UUID) -> Person:
    """A member now; raises Membership.DoesNotExist for people who left and strangers alike."""
    row = cohort.memberships.select_related("candidate").get(left_at=None, candidate__public_id=public_id)
    return Person(row.candidate_id, row.candidate.public_id, row.candidate.display_name)


def member_attempts(cohort: Cohort, person: Person, now: datetime, *, reader: User) -> list[MemberAttempt]:
    """The member's attempts in this cohort's assignments, newest first. Two queries."""
    found = list(
        seen_attempts(cohort)
        .filter(candidate=person.pk)
        .select_related("assignment", "exam")
        .order_by("-started_at", "-pk")
    )
    over = [row for row in found if state_of_row(row, now) is State.FINISHED]
    waits = assignments.hides_score(over, now) if person.pk == reader.pk else set()
    ended = results.reports(row for row in over if row.pk not in waits)
    return [
        MemberAttempt(row, ended.get(row.pk), Parameters.from_json(row.parameters).scale, row.pk in waits)
        for row in found
    ]


def ended_attempt(cohort: Cohort, public_id: uuid.UUID, now: datetime, *, reader: User) -> Attempt:
    """An attempt whose result instructors may read; raises Attempt.DoesNotExist for one that goes on, and for all that
    they may not see."""
    rows = seen_attempts(cohort).filter(ended("", now)).exclude(waiting_for(reader, now))
    return rows.select_related("exam", "candidate", "assignment").get(public_id=public_id)


def ended_attempts(assignment: Assignment, now: datetime, *, reader: User) -> QuerySet[Attempt]:
    """All of one assignment whose results instructors may read, by member and time."""
    return (
        seen_attempts(assignment.cohort)
        .filter(ended("", now), assignment=assignment)
        .exclude(waiting_for(reader, now))
        .select_related("exam", "candidate", "assignment")
        .order_by("candidate__display_name", "candidate_id", "started_at", "pk")
    )
