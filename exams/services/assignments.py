"""Changes to what is set: its times, what is shown when, and what single members are granted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from exams.domain import assignments as rules
from exams.domain.assignments import KeyRelease, ScoreRelease
from exams.domain.problems import Problem, Problems
from exams.models import Assignment, MemberAccommodation, User
from exams.queries import assignments

FROZEN = ("size", "is_fixed", "opens_at")  # once somebody has started


def change(assignment: Assignment, values: dict[str, Any], *, now: datetime) -> None:
    """Write down the ``values`` by field. Once somebody has started, what attempts rest on stays, and nothing is shown
    later than was promised.

    Raises Problems: ``assignment_frozen``, ``release_later``, ``keys_are_out`` (another close after the keys were
    shown), ``assignment_removed``. Running attempts keep their deadlines.
    """
    with transaction.atomic():
        row = _locked(assignment)
        if row.attempts.exists():
            found = _refusals(row, values, now)
            if found:
                raise Problems(found)
        if "size" in values:
            values = {**values, "exam": values["size"].exam}
        Assignment.objects.filter(pk=row.pk).update(**values)


def remove(assignment: Assignment) -> None:
    """Set it no more, with what its members were granted, as if it had never been set: while nobody has started it.

    Raises Problems: ``assignment_started``. No start can slip in between: where an attempt is written down at this very
    moment, the database lets one of the two through, and the other is refused.
    """
    try:
        with transaction.atomic():
            for row in Assignment.objects.select_for_update().filter(pk=assignment.pk):
                row.delete()
    except IntegrityError:  # of which ProtectedError is one
        raise Problems([Problem("assignment_started")]) from None


def _locked(assignment: Assignment) -> Assignment:
    """Its row as it is now, which nobody removes until the transaction ends."""
    row = Assignment.objects.select_for_update().filter(pk=assignment.pk).first()
    if row is None:
        raise Problems([Problem("assignment_removed")])
    return row


def _refusals(row: Assignment, values: dict[str, Any], now: datetime) -> list[Problem]:
    found = [
        Problem("assignment_frozen", name) for name in FROZEN if name in values and values[name] != getattr(row, name)
    ]
    for name, kind in (("score_release", ScoreRelease), ("key_release", KeyRelease)):
        if name in values and rules.is_later(kind(getattr(row, name)), kind(values[name])):
            found.append(Problem("release_later", name))
    if values.get("closes_at", row.closes_at) != row.closes_at:
        if keys_are_out(row, now):
            found.append(Problem("keys_are_out", "closes_at"))
        elif row.score_release == ScoreRelease.CLOSED and assignments.release(row, now).score:
            found.append(Problem("scores_are_out", "closes_at"))
    return found


def keys_are_out(assignment: Assignment, now: datetime) -> bool:
    """Whether keys were held back until the last member's end, and that has passed: then no end may move any more."""
    release = assignments.release(assignment, now)
    return release.keys and not assignments.is_open_book(assignment)


def accommodate(
    assignment: Assignment,
    candidate: User,
    *,
    percent: int = 0,
    minutes: int = 0,
    closes_at: datetime | None = None,
    may_pass_close: bool = False,
    reason: str,
    by: User,
    now: datetime,
) -> MemberAccommodation:
    """Grant one member this, in place of what was granted before; it holds from the next start on.

    Raises Problems: ``reason_missing``, ``close_takes_away`` (a close that is not later than everybody's),
    ``keys_are_out`` (a later close after the keys were shown), ``assignment_removed``.
    """
    found = [] if reason.strip() else [Problem("reason_missing", "reason")]
    values = {
        "percent": percent,
        "minutes": minutes,
        "closes_at": closes_at,
        "may_pass_close": may_pass_close,
        "reason": reason.strip(),
        "granted_by": by,
        "granted_at": now,
    }
    with transaction.atomic():
        row = _locked(assignment)
        if closes_at and (row.closes_at is None or closes_at <= row.closes_at):
            found.append(Problem("close_takes_away", "closes_at", {"when": row.closes_at or "–"}))
        elif closes_at and keys_are_out(row, now):
            found.append(Problem("keys_are_out", "closes_at"))
        if found:
            raise Problems(found)
        granted, _is_new = MemberAccommodation.objects.update_or_create(
            assignment=row, candidate=candidate, defaults=values
        )
    return granted


def withdraw(assignment: Assignment, candidate: User) -> None:
    """Take back what one member was granted. Attempts keep what they began with."""
    MemberAccommodation.objects.filter(assignment=assignment, candidate=candidate).delete()
