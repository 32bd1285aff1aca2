"""What instructors read of their own cohorts: only attempts made in an assignment of the cohort, by people who are
members now, never void ones, and nothing of an attempt before it has ended."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When

from exams.domain.attempts import CLOSING, State, ended_at
from exams.domain.attempts import state as state_at
from exams.domain.cohort_results import FEWEST, Tally, heat, is_at_risk, share_interval, total_report
from exams.domain.scoring import Parameters, Scale, ScoreReport, wilson
from exams.models import Assignment, Attempt, AttemptItem, Cohort, Domain, Task
from exams.models.texts import in_language
from exams.queries import results
from exams.queries.blueprints import scale_of

PAGE = 50  # members on a page of a table
SORTS = ("name", "latest", "best", "chance", "attempts")
SHOWS = ("", "passed", "failed", "risk", "running", "missing")


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


@dataclass(frozen=True, slots=True)
class MemberRow:
    """What a member has done in one assignment. A running attempt shows nothing of itself."""

    candidate: Person
    finished: int
    is_running: bool
    best: Sitting | None
    latest: Sitting | None

    @property
    def is_missing(self) -> bool:
        """Has not begun."""
        return not self.finished and not self.is_running

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
        return _percents(wilson(self.passed, self.submitted)) if self.submitted >= FEWEST else None

    @property
    def cut_share(self) -> float:
        """The cut as a share of the scored questions of the size that was set."""
        return self.assignment.size.cut / self.assignment.size.scored

    @property
    def at_risk(self) -> list[Risk]:
        """Members who are less likely than not to reach the cut, the least likely first: by probability, so that
        nobody is on the list for being last among those who pass."""
        found = [row for row in self.rows if row.latest and row.latest.is_at_risk]
        return [Risk(row.candidate, row.latest, self.domains) for row in sorted(found, key=_chance) if row.latest]

    def weakest(self, columns: Iterable[Column]) -> list[Weakness]:
        """The cohort in each domain or task, the weakest first; empty under five results."""
        if self.submitted < FEWEST:
            return []
        sittings = self.latest
        found = [_weakness(column, [sitting.tally(column) for sitting in sittings]) for column in columns]
        return sorted((row for row in found if row), key=lambda row: row.share)


def assignment_results(assignment: Assignment, now: datetime) -> AssignmentResults:
    """Members x domains and tasks of one assignment, by name. Five queries, however many members."""
    people = present(assignment.cohort)
    domains, tasks = columns(assignment)
    attempts = _attempts(assignment.cohort, assignment=assignment)
    sittings = _sittings(attempts, _tallies(now, attempt__assignment=assignment, by=("domain_id", "task_id")), now)
    busy = {row.candidate_id for row in attempts if _state(row, now) is not State.FINISHED}
    return AssignmentResults(
        assignment, domains, tasks, tuple(_row(person, sittings[person.pk], person.pk in busy) for person in people)
    )


def present(cohort: Cohort) -> list[Person]:
    """Members now, by name. One query."""
    rows = cohort.memberships.filter(left_at=None).order_by("candidate__display_name", "pk")
    return [Person(*row) for row in rows.values_list("candidate_id", "candidate__public_id", "candidate__display_name")]


def columns(assignment: Assignment) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Domains and tasks of the exam. Two queries."""
    domains = Domain.objects.filter(exam=assignment.exam_id).order_by("order", "pk")
    tasks = Task.objects.filter(domain__exam=assignment.exam_id).order_by("domain__order", "domain_id", "order", "pk")
    return (
        tuple(Column(f"d{row.pk}", row.pk, row.code, in_language(row.title)) for row in domains),
        tuple(Column(f"t{row.pk}", row.pk, row.code, in_language(row.statement)) for row in tasks),
    )


# ── the table


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the table is asked for: ``by`` domain or task, ``sort`` a name of SORTS or a column's id, and ``show`` of
    SHOWS; what makes no sense is taken for the first of each."""

    sort: str = "name"
    is_reversed: bool = False
    show: str = ""
    by: str = "domain"
    page: int = 1


@dataclass(frozen=True, slots=True)
class TableRow:
    """A member's line with its cells."""

    member: MemberRow
    cells: list[Cell | None]


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over a column: ``sort`` is what asks for the table sorted by it, ``order`` how it is sorted now, in
    the words of aria-sort ("" where it is not)."""

    title: str
    sort: str
    order: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One page of members. ``headings`` are those of SORTS by name, ``column_headings`` follow the columns;
    ``summary`` is the cohort's line, None under five results."""

    choice: Choice
    columns: tuple[Column, ...]
    headings: Mapping[str, Heading]
    column_headings: tuple[Heading, ...]
    rows: tuple[TableRow, ...]
    count: int
    pages: int
    summary: list[Cell | None] | None


def table(found: AssignmentResults, choice: Choice) -> Table:
    """Members sorted, filtered and cut into pages. Those without a result come last, whichever way it is sorted."""
    shown = found.tasks if choice.by == "task" else found.domains
    rows = [row for row in found.rows if _is_shown(row, choice.show)]
    if choice.sort != "name":
        keyed = [(value, row) for row in rows if (value := _sort_value(row, choice.sort, shown)) is not None]
        rest = [row for row in rows if _sort_value(row, choice.sort, shown) is None]
        keyed.sort(key=lambda pair: pair[0], reverse=choice.is_reversed)
        rows = [row for _, row in keyed] + rest
    elif choice.is_reversed:
        rows.reverse()
    pages = max(1, -(-len(rows) // PAGE))
    page = min(choice.page, pages)
    weak = {row.column.id: row for row in found.weakest(shown)}
    return Table(
        choice=Choice(choice.sort, choice.is_reversed, choice.show, choice.by, page),
        columns=shown,
        headings={name: _heading(name, "", choice) for name in SORTS},
        column_headings=tuple(
            _heading(column.id, column.code if choice.by == "task" else column.title, choice) for column in shown
        ),
        rows=tuple(TableRow(row, row.cells(shown)) for row in rows[(page - 1) * PAGE : page * PAGE]),
        count=len(rows),
        pages=pages,
        summary=[_summary(weak.get(column.id), found.cut_share) for column in shown] if weak else None,
    )


def _heading(name: str, title: str, choice: Choice) -> Heading:
    """Names begin with A; of figures the largest is wanted first, and the other way when asked for again."""
    if choice.sort != name:
        return Heading(title, name if name == "name" else f"-{name}")
    if choice.is_reversed:
        return Heading(title, name, "descending")
    return Heading(title, f"-{name}", "ascending")


def _is_shown(row: MemberRow, show: str) -> bool:
    latest = row.latest
    tests = {
        "passed": bool(latest and latest.report.passed),
        "failed": bool(latest and not latest.report.passed),
        "risk": bool(latest and latest.is_at_risk),
        "running": row.is_running,
        "missing": row.is_missing,
    }
    return tests.get(show, True)


def _sort_value(row: MemberRow, sort: str, shown: Iterable[Column]) -> float | None:
    if row.latest is None or row.best is None:
        return None
    if sort == "chance":
        return _chance(row) if row.latest.report.probability is not None else None
    if sort in SORTS:
        return {"latest": row.latest.report.scaled, "best": row.best.report.scaled, "attempts": row.finished}[sort]
    for column in shown:
        if column.id == sort:
            correct, total = row.latest.tally(column)
            return correct / total if total else None
    return None


def _chance(row: MemberRow) -> float:
    return float(row.latest.report.probability or 0) if row.latest else 0.0


def _summary(weakness: Weakness | None, cut: float) -> Cell | None:
    return Cell(round(100 * weakness.share), weakness.total, heat(weakness.share, cut)) if weakness else None


# ── a cohort over several exams


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


def progress(cohort: Cohort, now: datetime, page: int = 1) -> Progress:
    """Members x assignments. Four queries, however many of either."""
    people = present(cohort)
    assignments = list(cohort.assignments.select_related("exam", "size").order_by("created_at", "pk"))
    attempts = _attempts(cohort, assignment__cohort=cohort)
    sittings = _sittings(attempts, _tallies(now, attempt__assignment__cohort=cohort), now)
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
    return Step(assignment, len(found), passed, _percents(wilson(passed, len(found))), share, share_interval(tallies))


# ── one member, one attempt


@dataclass(frozen=True, slots=True)
class MemberAttempt:
    """A line of a member's page; ``report`` None while the attempt has not ended."""

    attempt: Attempt
    report: ScoreReport | None
    scale: Scale


def seen_attempts(cohort: Cohort) -> QuerySet[Attempt]:
    """All that the instructors of a cohort may see: attempts made in its assignments by people who are members now."""
    return Attempt.objects.filter(
        assignment__cohort=cohort,
        candidate__memberships__cohort=cohort,
        candidate__memberships__left_at=None,
        mode=Attempt.Mode.EXAM,
        is_void=False,
    )


def member(cohort: Cohort, public_id: uuid.UUID) -> Person:
    """A member now; raises Membership.DoesNotExist for people who left and strangers alike."""
    row = cohort.memberships.select_related("candidate").get(left_at=None, candidate__public_id=public_id)
    return Person(row.candidate_id, row.candidate.public_id, row.candidate.display_name)


def member_attempts(cohort: Cohort, person: Person, now: datetime) -> list[MemberAttempt]:
    """The member's attempts in this cohort's assignments, newest first. Two queries."""
    found = list(
        seen_attempts(cohort)
        .filter(candidate=person.pk)
        .select_related("assignment", "exam")
        .order_by("-started_at", "-pk")
    )
    ended = results.reports(row for row in found if _state(row, now) is State.FINISHED)
    return [MemberAttempt(row, ended.get(row.pk), Parameters.from_json(row.parameters).scale) for row in found]


def ended_attempt(cohort: Cohort, public_id: uuid.UUID, now: datetime) -> Attempt:
    """An attempt whose result instructors may read; raises Attempt.DoesNotExist for one that goes on, and for all that
    they may not see."""
    rows = seen_attempts(cohort).filter(_ended("", now))
    return rows.select_related("exam", "candidate", "assignment").get(public_id=public_id)


def ended_attempts(assignment: Assignment, now: datetime) -> QuerySet[Attempt]:
    """All of one assignment whose results instructors may read, by member and time."""
    return (
        seen_attempts(assignment.cohort)
        .filter(_ended("", now), assignment=assignment)
        .select_related("exam", "candidate", "assignment")
        .order_by("candidate__display_name", "candidate_id", "started_at", "pk")
    )


# ── rows


class _AttemptRow(NamedTuple):
    pk: int
    public_id: uuid.UUID
    candidate_id: int
    assignment_id: int
    parameters: dict[str, Any]
    started_at: datetime
    deadline_at: datetime
    finished_at: datetime | None


def _attempts(cohort: Cohort, **which: object) -> list[_AttemptRow]:
    rows = seen_attempts(cohort).filter(**which).order_by("started_at", "pk")
    return [_AttemptRow(*row) for row in rows.values_list(*_AttemptRow._fields)]


def _state(row: _AttemptRow | Attempt, now: datetime) -> State:
    return state_at(now, deadline_at=row.deadline_at, finished_at=row.finished_at)


def _ended(prefix: str, now: datetime) -> Q:
    return Q(**{f"{prefix}finished_at__isnull": False}) | Q(**{f"{prefix}deadline_at__lte": now - CLOSING})


def _tallies(now: datetime, *, by: Sequence[str] = (), **which: object) -> Iterable[tuple[Any, ...]]:
    """(attempt, *by, correct, total, answered) of the scored questions of ended attempts: the one pass over answers."""
    return (
        AttemptItem.objects.filter(_ended("attempt__", now), is_scored=True, attempt__is_void=False, **which)
        .order_by()
        .values_list("attempt_id", *by)
        .annotate(
            correct=Sum(Case(When(is_correct=True, then=Value(1)), default=Value(0), output_field=IntegerField())),
            total=Count("pk"),
            answered=Count("pk", filter=Q(response__isnull=False)),
        )
    )


def _sittings(
    attempts: Iterable[_AttemptRow], tallies: Iterable[tuple[Any, ...]], now: datetime
) -> dict[int, list[Sitting]]:
    """The ended attempts of each candidate (by id), oldest first."""
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
        if end is None:
            continue
        points, total, answered = totals[row.pk]
        report = total_report(Parameters.from_json(row.parameters), points, total, is_answered=answered > 0)
        found[row.candidate_id].append(
            Sitting(row.public_id, row.assignment_id, row.started_at, end, report, domains[row.pk], tasks[row.pk])
        )
    return found


def _row(person: Person, sittings: Sequence[Sitting], is_running: bool) -> MemberRow:
    return MemberRow(
        candidate=person,
        finished=len(sittings),
        is_running=is_running,
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


def _percents(interval: tuple[float, float]) -> tuple[int, int]:
    return round(100 * interval[0]), round(100 * interval[1])
