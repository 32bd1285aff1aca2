"""docs/timing.md says what the program does."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest

from exams.domain.assignments import added
from exams.domain.attempts import State, deadline, ended_at, extra_minutes, is_late, state, takes_answers, whole_minutes
from exams.domain.receipts import checksum
from tests.docs.tables import DOCS, tables

RAN_OUT, FINISHED, EXTRA, IN_ASSIGNMENTS = tables("timing.md")
DEADLINE = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(("rows", "finished_at"), [(RAN_OUT, None), (FINISHED, DEADLINE - timedelta(seconds=600))])
def test_the_tables_are_right(rows, finished_at):
    assert rows
    for seconds, *said in rows:
        now = DEADLINE + timedelta(seconds=int(seconds))
        times = {"deadline_at": DEADLINE, "finished_at": finished_at}
        fate = "counts" if takes_answers(now, **times) else "late" if is_late(now, **times) else "refused"
        is_shown = state(now, **times) is State.FINISHED
        assert said == [state(now, **times).value, fate, "yes" if is_shown else "no"]
        assert (ended_at(now, **times) is not None) == is_shown


def test_the_table_of_extra_time_is_right():
    assert EXTRA
    for row in EXTRA:
        minutes, percent, granted, *said = map(int, row)
        extra = extra_minutes(minutes, percent=percent, extra=granted)
        end = deadline(DEADLINE, minutes=minutes, extra_minutes=extra)
        assert said == [extra, whole_minutes(DEADLINE, deadline_at=end)]


def test_the_table_of_assignments_is_right():
    assert IN_ASSIGNMENTS
    for minutes, *granted, said in IN_ASSIGNMENTS:
        each = [tuple(int(figure) for figure in cell.split(",")) for cell in granted]
        assert int(said) == int(minutes) + added(int(minutes), each)


def test_the_example_of_a_checksum_is_right():
    text = (DOCS / "timing.md").read_text()
    example, said = re.search(r"```json\n(.*)\n```\n\ngive `(.*?)`", text).groups()
    assert sha256(example.encode()).hexdigest()[:16] == said.replace(" ", "")
    values = json.loads(example)
    attempt, end = UUID(values["attempt"]), datetime.fromisoformat(values["ended_at"])
    assert checksum(attempt, end, values["answers"]) == said
