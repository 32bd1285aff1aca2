"""The clock of an attempt. Late is computed from three instants and never needs a job: see docs/timing.md."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

GRACE = timedelta(seconds=15)  # what is received so long after the deadline still counts: the network's share
SAVE_TIMEOUT = timedelta(seconds=5)  # a save that takes longer is given up
CLOSING = GRACE + SAVE_TIMEOUT  # so long after the deadline nobody is shown anything of the result
MOST_EXTRA_PERCENT = 300  # an accommodation's share of the exam's minutes; more is a slip of the hand
MOST_EXTRA_MINUTES = 600  # an accommodation's or an extension's minutes; the same


class State(StrEnum):
    """What an attempt is at an instant."""

    OPEN = "open"
    CLOSING = "closing"
    FINISHED = "finished"


def deadline(started_at: datetime, *, minutes: int, extra_minutes: int = 0) -> datetime:
    """When time is up: fixed and shown from the start."""
    return started_at + timedelta(minutes=minutes + extra_minutes)


def extra_minutes(minutes: int, *, percent: int, extra: int) -> int:
    """Whole minutes that an accommodation adds to an exam of ``minutes``: ``percent`` of them, rounded up in the
    candidate's favour, and ``extra`` minutes whatever the exam's length."""
    return -(-minutes * percent // 100) + extra


def whole_minutes(started_at: datetime, *, deadline_at: datetime) -> int:
    """The whole time of an attempt, with what was added at its start and what was granted while it ran."""
    return (deadline_at - started_at) // timedelta(minutes=1)


def state(now: datetime, *, deadline_at: datetime, finished_at: datetime | None) -> State:
    """Open until the deadline, closing for 20 s after it, then finished; finished at once by the candidate's own
    word."""
    if finished_at is not None or now >= deadline_at + CLOSING:
        return State.FINISHED
    return State.OPEN if now < deadline_at else State.CLOSING


def takes_answers(received_at: datetime, *, deadline_at: datetime, finished_at: datetime | None) -> bool:
    """Whether an answer received then counts: until the deadline and its grace, unless the candidate has finished."""
    return finished_at is None and received_at <= deadline_at + GRACE


def is_late(received_at: datetime, *, deadline_at: datetime, finished_at: datetime | None) -> bool:
    """Whether an answer comes after the grace of an attempt that ran out, so that it is kept apart and not counted."""
    return received_at > deadline_at + GRACE and (finished_at is None or finished_at >= deadline_at)


def ended_at(now: datetime, *, deadline_at: datetime, finished_at: datetime | None) -> datetime | None:
    """When a finished attempt ended, None before: one that ran out ended at its deadline, whoever noticed and when."""
    if finished_at is not None:
        return finished_at
    return deadline_at if now >= deadline_at + CLOSING else None


def is_by_candidate(*, deadline_at: datetime, finished_at: datetime | None) -> bool:
    """Whether an attempt that has ended was ended by the candidate's own word; else its time ran out."""
    return finished_at is not None and finished_at < deadline_at


def seconds_left(now: datetime, *, deadline_at: datetime, finished_at: datetime | None) -> float:
    """Seconds until the deadline, 0 once it has passed or the attempt is finished."""
    return 0.0 if finished_at is not None else max(0.0, (deadline_at - now).total_seconds())
