"""A cohort's way through its assignments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from exams.domain.cohort_results import FEWEST, share_interval
from exams.domain.scoring import wilson
from exams.models import Assignment, Cohort, User
from exams.queries.cohort_sittings import (
    PAGE,
    Person,
    Sitting,
    attempt_rows,
    percents,
    present,
    sittings_of,
    tallies_of,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One assignment of a cohort's way: how many have a result, how many pass, and the share of points. Of fewer than
    five nothing is said (``share`` None)."""

    assignment: Assignment
    submitted: int
    passed: int
    passed_interval: tuple[int, int] | None
    share: float | None
    interval: tuple[float, float] | None

    @property
    def cut_share(self) -> float:
        """The cut as a share of the scored questions."""
        return self.assignment.size.cut / self.assignment.size.scored


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """A member and the latest result in each assignment, None for none."""

    candidate: Person
    latest: list[Sitting | None]


@dataclass(frozen=True, slots=True)
class Progress:
    """A cohort's way through its assignments, oldest first, and a page of its members."""

    steps: tuple[Step, ...]
    rows: tuple[ProgressRow, ...]
    count: int
    page: int
    pages: int


def progress(cohort: Cohort, now: datetime, page: int = 1, *, reader: User) -> Progress:
    """Members x assignments. Four queries, however many of either."""
    people = present(cohort)
    assignments = list(cohort.assignments.select_related("exam", "size").order_by("created_at", "pk"))
    attempts = attempt_rows(cohort, reader, now, assignment__cohort=cohort)
    sittings = sittings_of(attempts, tallies_of(now, attempt__assignment__cohort=cohort), now)
    latest = {
        (person.pk, sitting.assignment_id): sitting for person in people for sitting in sittings[person.pk]
    }  # the last one of each assignment stays
    steps = tuple(
        _step(assignment, [found for person in people if (found := latest.get((person.pk, assignment.pk)))])
        for assignment in assignments
    )
    pages = max(1, -(-len(people) // PAGE))
    page = min(page, pages)
    rows = tuple(
        ProgressRow(person, [latest.get((person.pk, assignment.pk)) for assignment in assignments])
        for person in people[(page - 1) * PAGE : page * PAGE]
    )
    return Progress(steps, rows, len(people), page, pages)


def _step(assignment: Assignment, found: Sequence[Sitting]) -> Step:
    tallies = [(sitting.report.points, sitting.report.total) for sitting in found if sitting.report.total]
    passed = sum(sitting.report.passed for sitting in found)
    if len(tallies) < FEWEST:
        return Step(assignment, len(found), passed, None, None, None)
    share = sum(points for points, _ in tallies) / sum(total for _, total in tallies)
    return Step(assignment, len(found), passed, percents(wilson(passed, len(found))), share, share_interval(tallies))
