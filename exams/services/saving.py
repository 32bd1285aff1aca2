"""Saving answers, the hot path: one conditional update, under the lock that puts it in a row with the finish."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection, transaction

from exams.domain import attempts as clock
from exams.domain.responses import AnswerKey, Response, from_wire, positions
from exams.models import AttemptItem, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a page sends about one question: all of it, as the candidate wants it, not a difference.

    ``answer`` and ``struck`` name positions in the drawn order; ``base`` is the last revision the page was told,
    ``rev`` its own next one, ``writer`` the page itself; ``seconds`` the time spent on the question so far. ``note``
    is None where the page has no field for it, and stays as it is then.
    """

    answer: Sequence[str]
    flagged: bool
    struck: Sequence[str]
    base: int
    rev: int
    writer: str
    seconds: int = 0
    note: str | None = None


class Outcome(StrEnum):
    """What became of a change."""

    SAVED = "saved"  # committed, or it was already
    CONFLICT = "conflict"  # another page has changed the question since
    LATE = "late"  # kept apart, not counted
    FINISHED = "finished"  # the candidate has ended the attempt


@dataclass(frozen=True, slots=True)
class Saved:
    """The outcome, and the item as it is stored now."""

    outcome: Outcome
    item: StoredItem


@dataclass(frozen=True, slots=True)
class StoredItem:
    """What is stored of one question and of its attempt's time. Rows, not models: a save is what happens most."""

    pk: int
    answer_key: dict[str, Any]
    option_order: list[str]
    response: Response
    is_flagged: bool
    struck: list[int]
    note: str
    revision: int
    writer: str
    started_at: datetime
    deadline_at: datetime
    finished_at: datetime | None


_OF_ITEM = ("pk", "answer_key", "option_order", "response", "is_flagged", "struck", "note", "revision", "writer")
_OF_ATTEMPT = ("attempt__started_at", "attempt__deadline_at", "attempt__finished_at")


def save(attempt_id: uuid.UUID, candidate: User, position: int, change: Change, *, received_at: datetime) -> Saved:
    """Store a change of one question, once, if nothing newer is stored and the attempt still takes answers.

    Raises AttemptItem.DoesNotExist (absent, or another's) and Problems (an answer that names no option). Three
    queries at most.
    """
    with transaction.atomic():
        item = _locked(attempt_id, candidate, position)
        key = AnswerKey.from_json(item.answer_key)
        response = from_wire(key, item.option_order, change.answer)
        struck = positions(change.struck, len(item.option_order))
        if not clock.takes_answers(received_at, deadline_at=item.deadline_at, finished_at=item.finished_at):
            is_late = clock.is_late(received_at, deadline_at=item.deadline_at, finished_at=item.finished_at)
            return _refuse(item, response, received_at, is_late=is_late)
        new = replace(
            item,
            response=response,
            is_flagged=change.flagged,
            struck=struck,
            note=item.note if change.note is None else change.note,
            revision=change.rev,
            writer=change.writer,
        )
        seconds = min(change.seconds, int((received_at - item.started_at).total_seconds()))
        if _store(new, base=change.base, is_correct=key.accepts(response), seconds=seconds, now=received_at):
            return Saved(Outcome.SAVED, new)
    is_same = replace(new, revision=item.revision, writer=item.writer) == item
    is_repeat = item.writer == change.writer and item.revision >= change.rev
    return Saved(Outcome.SAVED if is_same or is_repeat else Outcome.CONFLICT, item)


def _store(item: StoredItem, *, base: int, is_correct: bool, seconds: int, now: datetime) -> bool:
    """Write the row, if it is of the revision ``base`` or this page's own older one; whether it was.

    By hand, because putting this one statement together anew each time costs a tenth of a save (docs/performance.md).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE exams_attemptitem SET response = %s, is_correct = %s, is_flagged = %s, struck = %s, note = %s,"
            " revision = %s, writer = %s, saved_at = %s, seconds_spent = %s"
            " WHERE id = %s AND revision < %s AND (revision = %s OR writer = %s)",
            [
                None if item.response is None else json.dumps(item.response),
                *(is_correct, item.is_flagged, json.dumps(item.struck), item.note, item.revision, item.writer),
                *(connection.ops.adapt_datetimefield_value(now), seconds),
                *(item.pk, item.revision, base, item.writer),
            ],
        )
        return bool(cursor.rowcount == 1)


def _locked(attempt_id: uuid.UUID, candidate: User, position: int) -> StoredItem:
    """The question, and the lock on it and its attempt that puts saves and the finish in a row: what is acknowledged
    was stored before the end, and what a refusal tells is what is stored."""
    rows = (
        AttemptItem.objects.filter(attempt__public_id=attempt_id, attempt__candidate=candidate, position=position)
        .order_by()
        .select_for_update(no_key=True)
    )
    for row in rows.values_list(*_OF_ITEM, *_OF_ATTEMPT):
        return StoredItem(*row)
    raise AttemptItem.DoesNotExist


def _refuse(item: StoredItem, response: Response, received_at: datetime, *, is_late: bool) -> Saved:
    if not is_late:
        return Saved(Outcome.FINISHED, item)
    if response != item.response:
        AttemptItem.objects.filter(pk=item.pk).update(late_response=response, late_at=received_at)
    return Saved(Outcome.LATE, item)
