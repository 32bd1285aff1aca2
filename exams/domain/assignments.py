"""The rules of an assignment: when it can be started, what cuts a sitting's time, and when what is shown.

Instants are aware datetimes; None stands for an end that was not set.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from exams.domain.attempts import CLOSING, extra_minutes

MOST_ATTEMPTS = 100  # more is a slip of the hand


class Phase(StrEnum):
    """What an assignment is at an instant."""

    BEFORE = "before"
    OPEN = "open"
    CLOSED = "closed"


class ScoreRelease(StrEnum):
    """When candidates are shown their scores. The order is from late to early."""

    CLOSED = "closed"
    AT_ONCE = "at_once"


class KeyRelease(StrEnum):
    """When candidates are shown keys and rationales. The order is from late to early."""

    NEVER = "never"
    LAST_DEADLINE = "last_deadline"
    AT_ONCE = "at_once"


def phase(now: datetime, *, opens_at: datetime | None, closes_at: datetime | None) -> Phase:
    """Open from the very instant of ``opens_at`` until that of ``closes_at``, which is closed already."""
    if opens_at is not None and now < opens_at:
        return Phase.BEFORE
    return Phase.OPEN if closes_at is None or now < closes_at else Phase.CLOSED


def closes_in_the_past(now: datetime, closes_at: datetime | None, *, before: datetime | None = None) -> bool:
    """Whether a close that is to be set has passed already; one that was set ``before`` may stay as it is."""
    return closes_at is not None and closes_at != before and closes_at <= now


def most_minutes(now: datetime, *, opens_at: datetime | None, closes_at: datetime | None) -> int | None:
    """Whole minutes, rounded down, for who starts as early as is possible from ``now`` on, before the close ends it;
    None where none does, or where it has closed."""
    start = now if opens_at is None else max(now, opens_at)
    if closes_at is None or closes_at <= start:
        return None
    return (closes_at - start) // timedelta(minutes=1)


def added(minutes: int, accommodations: Iterable[tuple[int, int]]) -> int:
    """Whole minutes that ``accommodations`` add to an exam of ``minutes``, each (percent, minutes) in turn to what
    those before it made of the time, each rounded up in the candidate's favour."""
    whole = minutes
    for percent, extra in accommodations:
        whole += extra_minutes(whole, percent=percent, extra=extra)
    return whole - minutes


def close_for(closes_at: datetime | None, own: datetime | None) -> datetime | None:
    """When it closes for a member whose window was extended to ``own``: an extension never takes away."""
    return closes_at if closes_at is None or own is None else max(closes_at, own)


def cut(time_is_up: datetime, *, closes_at: datetime | None, may_pass: bool = False) -> datetime:
    """The deadline: the earlier of time and close, unless the instructor lets this one pass the close."""
    return time_is_up if closes_at is None or may_pass else min(time_is_up, closes_at)


def last_end(closes_at: datetime | None, *others: datetime | None) -> datetime | None:
    """When the last member is through: the latest of the close, members' own closes and deadlines of those who are
    sitting. None for an assignment that does not close."""
    return None if closes_at is None else max([closes_at, *(other for other in others if other is not None)])


def shows_score(now: datetime, *, release: ScoreRelease, closes_at: datetime | None) -> bool:
    """Whether the score of a *finished* attempt is shown to its candidate; ``closes_at`` is that of the assignment."""
    return release is ScoreRelease.AT_ONCE or (closes_at is not None and now >= closes_at + CLOSING)


def shows_keys(
    now: datetime, *, score: ScoreRelease, keys: KeyRelease, closes_at: datetime | None, ends_at: datetime | None
) -> bool:
    """Whether keys and rationales of a *finished* attempt are shown to its candidate: never before the score, and
    where all are waited for, 20 s after the last one's end (``ends_at``, from ``last_end``)."""
    if keys is KeyRelease.NEVER or not shows_score(now, release=score, closes_at=closes_at):
        return False
    return keys is KeyRelease.AT_ONCE or (ends_at is not None and now >= ends_at + CLOSING)


def is_later(old: StrEnum, new: StrEnum) -> bool:
    """Whether a change of a release would take back what may have been shown."""
    order = list(type(old))
    return order.index(new) < order.index(old)
