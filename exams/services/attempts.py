"""Starting and finishing attempts. Every write is a conditional update or guarded by a constraint."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F

from exams.domain import assignments as rules
from exams.domain import attempts as clock
from exams.domain.assignments import Phase
from exams.domain.blueprints import assemble, draw_order
from exams.domain.problems import Problem, Problems
from exams.models import (
    Assignment,
    Attempt,
    Exam,
    Extension,
    Form,
    FormItem,
    Membership,
    Size,
    User,
)
from exams.queries import assignments, blueprints, people
from exams.queries import attempts as queries
from exams.queries.blueprints import PoolVersion
from exams.services import rescoring


@dataclass(frozen=True, slots=True)
class Started:
    """An attempt that is open now; ``is_new`` is False where one was open already, which is then to be asked about."""

    attempt: Attempt
    is_new: bool


WAITS = 4  # of a start for SQLite's writer, 5 seconds each


def start(
    candidate: User,
    exam: Exam,
    size: Size,
    *,
    now: datetime,
    seed: int,
    language: str,
    assignment: Assignment | None = None,
) -> Started:
    """Put a form together and start its clock, at once and for good.

    Raises Problems (``bank_too_small``; of an assignment also ``assignment_before``, ``assignment_closed``,
    ``assignment_used_up``, ``assignment_gone``). Two starts at once make one attempt: the constraint attempt_one_open
    holds. SQLite has one writer, and a class that starts at once may keep it busy for longer than one waits for it:
    then this waits again.
    """
    for _busy in range(WAITS - 1):
        try:
            return _start_or_go_on(candidate, exam, size, now, seed, language, assignment)
        except OperationalError:
            if connection.vendor != "sqlite":
                raise
    return _start_or_go_on(candidate, exam, size, now, seed, language, assignment)


def _start_or_go_on(
    candidate: User, exam: Exam, size: Size, now: datetime, seed: int, language: str, assignment: Assignment | None
) -> Started:
    is_again = False
    while True:
        try:
            with transaction.atomic():
                return Started(_start(candidate, exam, size, now, seed, language, assignment), is_new=True)
        except IntegrityError:  # one is open, or was until its time ran out, or ended at this very moment
            if not stamp_expired(now, candidate=candidate):
                if open_one := Attempt.objects.filter(candidate=candidate, exam=exam, **_OPEN).first():
                    return Started(open_one, is_new=False)
                if assignment and not Assignment.objects.filter(pk=assignment.pk).exists():
                    raise Problems([Problem("assignment_gone")]) from None
            if is_again:
                raise
            is_again = True
        except Problems:
            if open_one := Attempt.objects.filter(queries.running(now), candidate=candidate, exam=exam).first():
                return Started(open_one, is_new=False)
            raise


_OPEN = {"finished_at": None, "mode": Attempt.Mode.EXAM, "is_void": False}


def _start(
    candidate: User, exam: Exam, size: Size, now: datetime, seed: int, language: str, assignment: Assignment | None
) -> Attempt:
    domains, sizes = list(exam.domains.all()), list(exam.sizes.all())
    is_member = True
    if assignment:
        sitting = _admitted(candidate, assignment, now)
    else:
        accommodation, is_member = people.standing_of(candidate)
        sitting = blueprints.sitting(size, accommodation)
    parameters = blueprints.parameters(exam, sitting, sizes, domains)
    form = _fixed_form(assignment, size, parameters.weights) if assignment and assignment.is_fixed else None
    if form:
        drawn = blueprints.form_versions(form)
    else:
        known = blueprints.known(exam, candidate, now, is_member=is_member)
        drawn = _draw(exam, size, parameters.weights, seed, known)
    attempt = Attempt.objects.create(
        candidate=candidate,
        exam=exam,
        size_code=size.code,
        assignment=assignment,
        form=form,
        language=language,
        parameters=parameters.to_json(),
        seed=seed,
        started_at=now,
        deadline_at=sitting.ends_at(now),
    )
    _place(attempt, drawn)
    rescoring.follow(attempt)
    return attempt


def _admitted(candidate: User, assignment: Assignment, now: datetime) -> blueprints.Sitting:
    """The assignment as this member may sit it now; raises Problems where it can't be started.

    The membership is locked, so that of two starts at once the later one counts the attempt of the earlier one.
    """
    in_force = Membership.objects.filter(candidate=candidate, left_at=None, cohort__archived_at=None)
    if not in_force.select_for_update(no_key=True, of=("self",)).filter(cohort=assignment.cohort_id).first():
        raise Problems([Problem("assignment_gone")])
    sitting = assignments.sitting_of(assignment, candidate)
    phase = rules.phase(now, opens_at=assignment.opens_at, closes_at=sitting.closes_at)
    if phase is Phase.BEFORE:
        raise Problems([Problem("assignment_before", params={"when": assignment.opens_at})])
    if phase is Phase.CLOSED:
        raise Problems([Problem("assignment_closed", params={"when": sitting.closes_at})])
    most = assignment.most_attempts
    if most is not None and assignments.used(assignment, candidate) >= most:
        raise Problems([Problem("assignment_used_up", params={"most": most})])
    return sitting


_PLACE = """
    INSERT INTO exams_attemptitem (attempt_id, position, version_id, domain_id, task_id, is_scored,
        answer_key, option_order, is_correct, is_flagged, struck, note, revision, writer, seconds_spent)
    SELECT %s, drawn.position, version.id, version.domain_id, version.task_id, drawn.is_scored,
        version.answer_key, drawn.options, FALSE, FALSE, '[]', '', 0, '', 0
    FROM """
_DRAWN = {  # a JSON list of the places as rows
    "postgresql": """jsonb_to_recordset(%s::jsonb)
        AS drawn (position int, version bigint, is_scored boolean, options jsonb)""",
    "sqlite": """(SELECT json_extract(value, '$.position') AS position, json_extract(value, '$.version') AS version,
        json_extract(value, '$.is_scored') AS is_scored, json_extract(value, '$.options') AS options
        FROM json_each(%s)) AS drawn""",
}
_JOIN = " JOIN exams_questionversion version ON version.id = drawn.version"
_SHARED = {"postgresql": " FOR KEY SHARE OF version", "sqlite": ""}  # until the end: a repair of a key waits for it


def _place(attempt: Attempt, drawn: Sequence[tuple[PoolVersion, bool]]) -> None:
    """Write the attempt's items: ``drawn`` versions and whether they count, in order.

    From table to table, because only the order of the options is news: as 65 models it is half of what a start costs
    (docs/performance.md).
    """
    places = [
        {
            "position": position,
            "version": version.id,
            "is_scored": is_scored,
            "options": draw_order(
                json.loads(version.option_ids), shuffle=version.shuffle, seed=attempt.seed, position=position
            ),
        }
        for position, (version, is_scored) in enumerate(drawn, start=1)
    ]
    with connection.cursor() as cursor:
        statement = _PLACE + _DRAWN[connection.vendor] + _JOIN + _SHARED[connection.vendor]
        cursor.execute(statement, [attempt.pk, json.dumps(places)])


def _draw(
    exam: Exam, size: Size, weights: dict[str, int], seed: int, known: blueprints.Known = blueprints.NOTHING
) -> list[tuple[PoolVersion, bool]]:
    """A form for somebody who knows so much, as versions and whether they count there."""
    pool = blueprints.pool(exam, known)
    places = assemble(blueprints.rule_of(size), weights, pool.candidates, seed)
    return [(pool.versions[place.question], place.scored) for place in places]


def _fixed_form(assignment: Assignment, size: Size, weights: dict[str, int]) -> Form:
    """The assignment's form, made by the first who starts; a second one at the same moment waits here."""
    if form := Form.objects.filter(assignment=assignment).first():
        return form
    if not Assignment.objects.select_for_update().filter(pk=assignment.pk).first():
        raise Problems([Problem("assignment_gone")])  # removed at this very moment
    form, is_new = Form.objects.get_or_create(assignment=assignment, defaults={"exam": assignment.exam})
    if is_new:
        drawn = _draw(assignment.exam, size, weights, assignment.pk)
        FormItem.objects.bulk_create(
            FormItem(form=form, position=position, version_id=version.id, is_scored=is_scored)
            for position, (version, is_scored) in enumerate(drawn, start=1)
        )
    return form


def finish(attempt: Attempt, *, now: datetime) -> bool:
    """End an open attempt by the candidate's own word; False where it had ended or time is up, which ends it anyway."""
    return bool(
        Attempt.objects.filter(pk=attempt.pk, finished_at=None, deadline_at__gt=now, started_at__lte=now).update(
            finished_at=now
        )
    )


def extend(
    attempt: Attempt, minutes: int, *, reason: str, by: User, now: datetime, may_pass_close: bool = False
) -> Extension:
    """Give a running attempt ``minutes`` more, and keep who did it and why. The candidate's page hears of it from the
    server's clock. The close of its assignment cuts it, unless it ``may_pass_close``; the minutes on record are those
    that it was given then, rounded up.

    Raises Problems: ``extension_minutes`` (out of range), ``extension_reason`` (none), ``attempt_over``,
    ``extension_past_close`` (it would add nothing). Several at once add up; one that meets the candidate's finish
    comes before it or is refused.
    """
    most, reason, found = clock.MOST_EXTRA_MINUTES, reason.strip(), []
    if not 1 <= minutes <= most:
        found.append(Problem("extension_minutes", "minutes", {"high": most}))
    if not reason:
        found.append(Problem("extension_reason", "reason"))
    if found:
        raise Problems(found)
    with transaction.atomic():
        running = Attempt.objects.filter(queries.running(now), pk=attempt.pk)
        old = running.select_for_update(no_key=True).values_list("deadline_at", flat=True).first()
        if old is None:
            raise Problems([Problem("attempt_over")])
        closes_at = None if may_pass_close else close_of(attempt)
        deadline = rules.cut(old + timedelta(minutes=minutes), closes_at=closes_at)
        if deadline <= old:
            raise Problems([Problem("extension_past_close", "minutes", {"when": closes_at})])
        running.update(deadline_at=deadline)
        given = -(-(deadline - old) // timedelta(minutes=1))
        return Extension.objects.create(attempt=attempt, minutes=given, reason=reason, granted_by=by, granted_at=now)


def close_of(attempt: Attempt) -> datetime | None:
    """The close that cuts this attempt's time; None where none does."""
    if attempt.assignment is None:
        return None
    granted = assignments.accommodation_in(attempt.assignment, attempt.candidate)
    if granted and granted.may_pass_close:
        return None
    return assignments.close_for(attempt.assignment, granted)


def stamp_expired(now: datetime, *, candidate: User | None = None) -> int:
    """Write down that attempts which ran out ended at their deadlines. Readers know it without; a new start needs
    the stamp."""
    expired = Attempt.objects.filter(finished_at=None, deadline_at__lte=now - clock.CLOSING)
    if candidate:
        expired = expired.filter(candidate=candidate)
    return expired.update(finished_at=F("deadline_at"))
