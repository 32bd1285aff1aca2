"""An assignment's table of members: sorted, filtered and cut into pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from exams.domain.cohort_results import heat
from exams.queries.cohort_results import AssignmentResults, MemberRow, Weakness, chance_of
from exams.queries.cohort_sittings import PAGE, Cell, Column

SORTS = ("name", "latest", "best", "chance", "attempts")
SHOWS = ("", "passed", "failed", "risk", "running", "missing")


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
        return chance_of(row) if row.latest.report.probability is not None else None
    if sort in SORTS:
        return {"latest": row.latest.report.scaled, "best": row.best.report.scaled, "attempts": row.finished}[sort]
    for column in shown:
        if column.id == sort:
            correct, total = row.latest.tally(column)
            return correct / total if total else None
    return None


def _summary(weakness: Weakness | None, cut: float) -> Cell | None:
    return Cell(round(100 * weakness.share), weakness.total, heat(weakness.share, cut)) if weakness else None
