"""What instructors do to single attempts of their assignments besides giving time: each with a reason on record."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from exams.domain import assignments as rules
from exams.domain import attempts as clock
from exams.domain.attempts import State
from exams.domain.problems import Problem, Problems
from exams.models import Attempt, Intervention, Membership, User
from exams.queries import assignments
from exams.queries.attempts import state_of
from exams.services.attempts import close_of, stamp_expired


def void(attempt: Attempt, *, reason: str, by: User, now: datetime) -> Intervention:
    """Let an attempt count for nothing; one that runs ends now. It uses up none of the allowed attempts.

    Raises Problems: ``reason_missing``, ``attempt_void``.
    """
    reason = _given(reason)
    with transaction.atomic():
        row = _locked(attempt)
        if row.is_void:
            raise Problems([Problem("attempt_void")])
        finished_at = now if state_of(row, now) is State.OPEN else row.finished_at
        Attempt.objects.filter(pk=row.pk).update(is_void=True, finished_at=finished_at)
        return _record(row, Intervention.Kind.VOID, reason, by, now)


def restore(attempt: Attempt, *, reason: str, by: User, now: datetime) -> Intervention:
    """Let a void attempt count again, as it stood when it ended; going on in it is what ``reopen`` is for.

    Raises Problems: ``reason_missing``, ``attempt_counts`` (it is not void), ``restore_other`` (another is open),
    ``restore_used_up`` (the others have used up all attempts that are allowed).
    """
    reason = _given(reason)
    stamp_expired(now, candidate=attempt.candidate)  # one that ran out is in nobody's way
    with transaction.atomic():
        # A start locks the membership as well: of the two at once, the later one counts the attempt of the earlier.
        memberships = Membership.objects.filter(candidate=attempt.candidate, cohort__assignments=attempt.assignment)
        memberships.select_for_update(no_key=True, of=("self",)).first()
        row = _locked(attempt)
        if not row.is_void:
            raise Problems([Problem("attempt_counts")])
        open_ones = Attempt.objects.filter(candidate=row.candidate, exam=row.exam_id, finished_at=None, is_void=False)
        if open_ones.filter(mode=Attempt.Mode.EXAM).exists():
            raise Problems([Problem("restore_other")])
        most = row.assignment.most_attempts if row.assignment else None
        if row.assignment and most is not None and assignments.used(row.assignment, row.candidate) >= most:
            raise Problems([Problem("restore_used_up", params={"most": most})])
        Attempt.objects.filter(pk=row.pk).update(is_void=False)
        return _record(row, Intervention.Kind.RESTORE, reason, by, now)


def reopen(
    attempt: Attempt, minutes: int, *, reason: str, by: User, now: datetime, may_pass_close: bool = False
) -> Intervention:
    """Let a finished attempt go on for ``minutes`` from now, cut by the close unless it ``may_pass_close``.

    Raises Problems: ``reason_missing``, ``extension_minutes`` (out of range), ``attempt_void``, ``attempt_runs``,
    ``reopen_keys_shown``, ``extension_past_close`` (no time would be left), ``reopen_other`` (another is open).
    """
    reason = _given(reason)
    if not 1 <= minutes <= clock.MOST_EXTRA_MINUTES:
        raise Problems([Problem("extension_minutes", "minutes", {"high": clock.MOST_EXTRA_MINUTES})])
    stamp_expired(now, candidate=attempt.candidate)  # one that ran out is in nobody's way
    try:
        with transaction.atomic():
            row = _locked(attempt)
            if row.is_void:
                raise Problems([Problem("attempt_void")])
            if state_of(row, now) is not State.FINISHED:
                raise Problems([Problem("attempt_runs")])
            if assignments.release(row.assignment, now).keys:
                raise Problems([Problem("reopen_keys_shown")])
            closes_at = None if may_pass_close else close_of(row)
            deadline = rules.cut(now + timedelta(minutes=minutes), closes_at=closes_at)
            if deadline <= now:
                raise Problems([Problem("extension_past_close", "minutes", {"when": closes_at})])
            Attempt.objects.filter(pk=row.pk).update(finished_at=None, deadline_at=deadline)
            return _record(row, Intervention.Kind.REOPEN, reason, by, now)
    except IntegrityError:  # attempt_one_open
        raise Problems([Problem("reopen_other")]) from None


def minutes_left_at_end(attempt: Attempt, now: datetime) -> int:
    """Whole minutes that were left when the attempt ended, rounded up: what reopening it would give back."""
    left = attempt.deadline_at - (attempt.finished_at or now)
    return max(0, -(-left // timedelta(minutes=1)))


def _given(reason: str) -> str:
    if not reason.strip():
        raise Problems([Problem("reason_missing", "reason")])
    return reason.strip()


def _locked(attempt: Attempt) -> Attempt:
    """The attempt as it stands; nobody changes it meanwhile."""
    rows = Attempt.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("assignment", "candidate").get(pk=attempt.pk)


def _record(row: Attempt, kind: str, reason: str, by: User, now: datetime) -> Intervention:
    """``row`` is the attempt before."""
    return Intervention.objects.create(
        attempt=row,
        kind=kind,
        reason=reason,
        finished_at=row.finished_at,
        deadline_at=row.deadline_at,
        done_by=by,
        done_at=now,
    )
