"""Repairing a wrong key on purpose: in one transaction, with a reason, and a record of what was before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from exams.domain.problems import Problem, Problems
from exams.domain.rescoring import (
    LONGEST_REASON,
    NEED_SOURCE,
    Marked,
    Policy,
    Repair,
    key_in_force,
    marked,
    repaired,
)
from exams.domain.responses import AnswerKey
from exams.models import (
    Assignment,
    Attempt,
    AttemptItem,
    QuestionVersion,
    Rescore,
    RescoredAttempt,
    RescoredItem,
    User,
)
from exams.queries import rescoring as queries
from exams.queries.rescoring import ItemChange, Preview

_NEXT = 2**62  # the id of a repair that is only thought of: later than all on record
_AT_ONCE = 500  # rows by one statement


def preview(
    version: QuestionVersion,
    policy: Policy,
    *,
    by: User,
    now: datetime,
    source: QuestionVersion | None = None,
    assignment: Assignment | None = None,
) -> Preview:
    """Whose result would change and how, if this were done now, as far as ``by`` may see it. Writes nothing; raises
    Problems as ``rescore``."""
    key = _key(version, policy, source)
    new = Repair(_NEXT, assignment.pk if assignment else None, key)
    on_record = [*queries.repairs([version.pk])[version.pk], new]
    items = queries.items_shown(version, assignment, by, now)
    return queries.preview_of(queries.changes(version, items, on_record), now)


def preview_undo(rescore: Rescore, *, by: User, now: datetime) -> Preview:
    """The same for taking a repair back."""
    undo = Repair(_NEXT, rescore.assignment_id, AnswerKey.from_json(rescore.version.answer_key), undo_of=rescore.pk)
    on_record = [*queries.repairs([rescore.version_id])[rescore.version_id], undo]
    items = queries.items_shown(rescore.version, rescore.assignment, by, now)
    return queries.preview_of(queries.changes(rescore.version, items, on_record), now)


def rescore(
    version: QuestionVersion,
    policy: Policy,
    *,
    reason: str,
    by: User,
    now: datetime,
    source: QuestionVersion | None = None,
    assignment: Assignment | None = None,
) -> Rescore:
    """Put a key in force for all answers to ``version``, in one ``assignment`` or everywhere: given, being given, and
    of those who start later.

    Raises Problems: ``repair_reason``, ``repair_reason_long``, ``repair_source_missing``, ``repair_source_differs``.
    """
    key = _key(version, policy, source)
    return _record(
        version,
        Rescore(
            version=version,
            assignment=assignment,
            policy=policy.value,
            source=source if policy in NEED_SOURCE else None,
            key=key.to_json(),
            reason=_reason(reason),
            made_by=by,
            made_at=now,
        ),
        now,
    )


def undo(done: Rescore, *, reason: str, by: User, now: datetime) -> Rescore:
    """Take a repair back: what the other repairs say, or else the published key, is in force again.

    Raises Problems: ``repair_reason``, ``repair_reason_long``, ``repair_undone`` (it was taken back already, or is
    itself an undo: repair anew instead).
    """
    return _record(
        done.version,
        Rescore(
            version=done.version,
            assignment=done.assignment,
            policy=Policy.UNDO.value,
            undo_of=done,
            reason=_reason(reason),
            made_by=by,
            made_at=now,
        ),
        now,
    )


def _key(version: QuestionVersion, policy: Policy, source: QuestionVersion | None) -> AnswerKey:
    if source is not None and source.question_id != version.question_id:
        raise Problems([Problem("repair_source_differs", "source")])
    return repaired(policy, queries.shape_of(version), queries.shape_of(source) if source else None)


def _reason(reason: str) -> str:
    words = reason.strip()
    if not words:
        raise Problems([Problem("repair_reason", "reason")])
    if len(words) > LONGEST_REASON:
        raise Problems([Problem("repair_reason_long", "reason", {"length": len(words), "limit": LONGEST_REASON})])
    return words


def _record(version: QuestionVersion, row: Rescore, now: datetime) -> Rescore:
    """Locks in this order: the version, against starts and other repairs of it; then the answers, by id, against
    saves. A save holds one answer, a start shares versions and waits for no answer: nothing goes in a circle."""
    with transaction.atomic():
        QuestionVersion.objects.select_for_update(of=("self",)).order_by().get(pk=version.pk)
        if row.undo_of and (row.undo_of.undo_of_id or Rescore.objects.filter(undo_of=row.undo_of).exists()):
            raise Problems([Problem("repair_undone")])
        row.save(force_insert=True)
        locked = queries.items_in_scope(version, row.assignment).select_for_update(of=("self",), no_key=True)
        items = list(locked.select_related("attempt"))
        found = queries.changes(version, items, queries.repairs([version.pk])[version.pk])
        results = queries.preview_of(found, now).attempts  # before anything is written: it reads what stands
        _write(found)
        _note(row, found)
        RescoredAttempt.objects.bulk_create(
            (
                RescoredAttempt(
                    rescore=row,
                    attempt=change.attempt,
                    points_before=change.before.points,
                    points_after=change.after.points,
                    total_before=change.before.total,
                    total_after=change.after.total,
                    cut_before=change.before.cut,
                    cut_after=change.after.cut,
                    passed_before=change.before.passed,
                    passed_after=change.after.passed,
                )
                for change in results
            ),
            batch_size=_AT_ONCE,
        )
    return row


def _write(found: Iterable[ItemChange]) -> None:
    """Mark the answers anew: one statement for all that come out alike."""
    alike: dict[str, list[ItemChange]] = defaultdict(list)
    for change in found:
        if change.before != change.after:
            alike[repr(change.after)].append(change)
    for changes in alike.values():
        after = changes[0].after
        for start in range(0, len(changes), _AT_ONCE):
            AttemptItem.objects.filter(pk__in=[row.item.pk for row in changes[start : start + _AT_ONCE]]).update(
                answer_key=after.key.to_json(), is_scored=after.is_scored, is_correct=after.is_correct
            )


def _note(row: Rescore, found: Iterable[ItemChange]) -> None:
    RescoredItem.objects.bulk_create(
        (
            RescoredItem(
                rescore=row,
                item=change.item,
                key_before=change.before.key.to_json(),
                key_after=change.after.key.to_json(),
                was_scored=change.before.is_scored,
                is_scored=change.after.is_scored,
                was_correct=change.before.is_correct,
                is_correct=change.after.is_correct,
            )
            for change in found
        ),
        batch_size=_AT_ONCE,
    )


def follow(attempt: Attempt) -> None:
    """Give an attempt that has just been placed, in the same transaction, the keys that repairs have put in force.

    One query where there are none. Its versions are locked in share: a repair comes before this or waits.
    """
    on_record = queries.repairs(attempt.items.order_by().values("version"))
    if not on_record:
        return
    found = []
    for item in attempt.items.filter(version__in=list(on_record)).select_related("attempt"):
        published = AnswerKey.from_json(item.answer_key)
        key = key_in_force(published, on_record[item.version_id], attempt.assignment_id)
        before = Marked(published, item.is_scored, item.is_correct)
        found.append(ItemChange(item, before, marked(key, None, before, is_scored=item.is_scored)))
    _write(found)
