"""docs/performance.md asks for what `make bench` compares with."""

from __future__ import annotations

from tests.docs.tables import tables
from tests.load import bank, reports
from tests.load.report import BYTES, NAMES, STATEMENTS, TARGETS


def test_the_limits_are_those_of_the_bench():
    asked = {
        **{(NAMES.get(operation, operation), 1): f"{target:g}" for operation, target in TARGETS.items()},
        **{(operation, 2): str(count) for operation, count in STATEMENTS.items()},
        **{(operation, 3): f"{size:,}" for operation, size in BYTES.items()},
    }
    rows = tables("performance.md")[1]
    assert {(row[0], column): row[column] for row in rows for column in (1, 2, 3) if row[column]} == asked


def test_the_limits_of_reports_are_those_of_their_bench():
    rows = tables("performance.md")[-2]
    told = {(row[0], row[1]): row[5] for row in rows}
    asked = {(reports.NAMES[page], group): f"{limit:,}" for (page, group), limit in reports.TARGETS.items()}
    assert told == {place: asked.get(place, "") for place in told}
    assert {row[2] for row in rows} == {"SQLite", "PostgreSQL"}


def test_the_limits_of_the_desk_are_those_of_its_bench():
    rows = tables("performance.md")[-1]
    told = {row[0]: row[4].replace(",", "") for row in rows}
    assert told == {page: str(bank.LIMITS.get(page, bank.PAGE_LIMIT) or "") for page in told}
    assert {row[1] for row in rows} == {"SQLite", "PostgreSQL"}
