"""The results of one assignment: its members by domain and task, the weakest tasks, who is at risk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from exams.domain.attempts import State
from exams.domain.cohort_results import FEWEST, Tally, heat, share_interval
from exams.domain.scoring import Scale, wilson
from exams.models import Assignment, Domain, Task, User
from exams.models.texts import in_language
from exams.queries.blueprints import scale_of
from exams.queries.cohort_sittings import (
    Cell,
    Column,
    Person,
    Sitting,
    attempt_rows,
    percents,
    present,
    sittings_of,
    state_of_row,
    tallies_of,
)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """What a member has done in one assignment. A running attempt shows nothing of itself; ``is_waiting``: neither does
    one of the reader's own before its candidates are shown their scores."""

    candidate: Person
    finished: int
    is_running: bool
    is_waiting: bool
    best: Sitting | None
    latest: Sitting | None

    @property
    def is_missing(self) -> bool:
        """Has not begun."""
        return not (self.finished or self.is_running or self.is_waiting)

    def cells(self, columns: Iterable[Column]) -> list[Cell | None]:
        """One for each column, None where the form had no question of it."""
        return [_cell(self.latest, column) if self.latest else None for column in columns]


@dataclass(frozen=True, slots=True)
class Risk:
    """A member whose latest result says that the true share is less likely than not to reach the cut."""

    candidate: Person
    latest: Sitting
    domains: tuple[Column, ...]

    @property
    def weak(self) -> list[str]:
        """Titles of the two weakest domains of those under the cut."""
        report = self.latest.report
        shares = [
            (correct / of, column) for column in self.domains for correct, of in [self.latest.tally(column)] if of
        ]
        under = [(share, column.title) for share, column in shares if share < report.cut / report.total]
        return [title for _, title in sorted(under, key=lambda pair: pair[0])[:2]]


@dataclass(frozen=True, slots=True)
class Weakness:
    """How the cohort's latest attempts stand in a domain or task; ``interval`` in 0 to 1."""

    column: Column
    correct: int
    total: int
    people: int
    interval: tuple[float, float]

    @property
    def share(self) -> float:
        """Of right answers."""
        return self.correct / self.total


@dataclass(frozen=True, slots=True)
class AssignmentResults:
    """The results of an assignment: its present members, by name, and what they have done in it."""

    assignment: Assignment
    domains: tuple[Column, ...]
    tasks: tuple[Column, ...]
    rows: tuple[MemberRow, ...]

    @property
    def scale(self) -> Scale:
        """The exam's scale."""
        return scale_of(self.assignment.exam)

    @property
    def latest(self) -> list[Sitting]:
        """The latest result of each member who has one."""
        return [row.latest for row in self.rows if row.latest]

    @property
    def scores(self) -> list[int]:
        """The latest score of each member who has one."""
        return [sitting.report.scaled for sitting in self.latest]

    @property
    def submitted(self) -> int:
        """Members with at least one finished attempt."""
        return len(self.latest)

    @property
    def running(self) -> int:
        """Members who are sitting it now."""
        return sum(row.is_running for row in self.rows)

    @property
    def missing(self) -> int:
        """Members who have not begun."""
        return sum(row.is_missing for row in self.rows)

    @property
    def passed(self) -> int:
        """Members whose latest attempt passes."""
        return sum(sitting.report.passed for sitting in self.latest)

    @property
    def passed_interval(self) -> tuple[int, int] | None:
        """The 95 % interval (Wilson) of the share that passes, in percent; None under five results."""
        return percents(wilson(self.passed, self.submitted)) if self.submitted >= FEWEST else None

    @property
    def cut_share(self) -> float:
        """The cut as a share of the scored questions of the size that was set."""
        return self.assignment.size.cut / self.assignment.size.scored

    @property
    def at_risk(self) -> list[Risk]:
        """Members who are less likely than not to reach the cut, the least likely first: by probability, so that
        nobody is on the list for being last among those who pass."""
        found = [row for row in self.rows if row.latest and row.latest.is_at_risk]
        return [Risk(row.candidate, row.latest, self.domains) for row in sorted(found, key=chance_of) if row.latest]

    def weakest(self, columns: Iterable[Column]) -> list[Weakness]:
        """The cohort in each domain or task, the weakest first; empty under five results."""
        if self.submitted < FEWEST:
            return []
        sittings = self.latest
        found = [_weakness(column, [sitting.tally(column) for sitting in sittings]) for column in columns]
        return sorted((row for row in found if row), key=lambda row: row.share)


def assignment_results(assignment: Assignment, now: datetime, *, reader: User) -> AssignmentResults:
    """Members x domains and tasks of one assignment, by name. Five queries, however many members."""
    people = present(assignment.cohort)
    domains, tasks = columns(assignment)
    attempts = attempt_rows(assignment.cohort, reader, now, assignment=assignment)
    sittings = sittings_of(attempts, tallies_of(now, attempt__assignment=assignment, by=("domain_id", "task_id")), now)
    busy = {row.candidate_id for row in attempts if state_of_row(row, now) is not State.FINISHED}
    waiting = {row.candidate_id for row in attempts if row.waits} - busy
    rows = (_row(person, sittings[person.pk], person.pk in busy, person.pk in waiting) for person in people)
    return AssignmentResults(assignment, domains, tasks, tuple(rows))


def columns(assignment: Assignment) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Domains and tasks of the exam. Two queries."""
    domains = Domain.objects.filter(exam=assignment.exam_id).order_by("order", "pk")
    tasks = Task.objects.filter(domain__exam=assignment.exam_id).order_by("domain__order", "domain_id", "order", "pk")
    return (
        tuple(Column(f"d{row.pk}", row.pk, row.code, in_language(row.title)) for row in domains),
        tuple(Column(f"t{row.pk}", row.pk, row.code, in_language(row.statement)) for row in tasks),
    )


def _row(person: Person, sittings: Sequence[Sitting], is_running: bool, is_waiting: bool) -> MemberRow:
    return MemberRow(
        candidate=person,
        finished=len(sittings),
        is_running=is_running,
        is_waiting=is_waiting,
        best=max(sittings, key=lambda sitting: sitting.report.scaled, default=None),
        latest=sittings[-1] if sittings else None,
    )


def _cell(sitting: Sitting, column: Column) -> Cell | None:
    correct, total = sitting.tally(column)
    if not total:
        return None
    return Cell(round(100 * correct / total), total, heat(correct / total, sitting.report.cut / sitting.report.total))


def _weakness(column: Column, tallies: Sequence[Tally]) -> Weakness | None:
    given = [tally for tally in tallies if tally[1]]
    if len(given) < FEWEST:
        return None
    correct, total = sum(row[0] for row in given), sum(row[1] for row in given)
    return Weakness(column, correct, total, len(given), share_interval(given))


def chance_of(row: MemberRow) -> float:
    return float(row.latest.report.probability or 0) if row.latest else 0.0
