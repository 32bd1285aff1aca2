"""Starting, saving and finishing attempts. Every write is a conditional update or guarded by a constraint."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import cast

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from exams.domain import attempts as clock
from exams.domain.blueprints import assemble, draw_order
from exams.domain.problems import Problem, Problems
from exams.domain.responses import AnswerKey, Response, from_wire, positions
from exams.models import (
    Assignment,
    Attempt,
    AttemptItem,
    Exam,
    Extension,
    Form,
    FormItem,
    Question,
    QuestionVersion,
    Size,
    User,
)
from exams.queries import attempts as queries
from exams.queries import blueprints, people


@dataclass(frozen=True, slots=True)
class Started:
    """An attempt that is open now; ``is_new`` is False where one was open already, which is then to be asked about."""

    attempt: Attempt
    is_new: bool


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
    item: AttemptItem


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

    Raises Problems (``bank_too_small``). Two starts at once make one attempt: the constraint attempt_one_open holds.
    """
    stamp_expired(now, candidate=candidate)
    try:
        with transaction.atomic():
            return Started(_start(candidate, exam, size, now, seed, language, assignment), is_new=True)
    except IntegrityError:
        return Started(Attempt.objects.get(candidate=candidate, exam=exam, **_OPEN), is_new=False)


_OPEN = {"finished_at": None, "mode": Attempt.Mode.EXAM, "is_void": False}


def _start(
    candidate: User, exam: Exam, size: Size, now: datetime, seed: int, language: str, assignment: Assignment | None
) -> Attempt:
    domains, sizes = list(exam.domains.all()), list(exam.sizes.all())
    sitting = blueprints.sitting(size, people.accommodation_of(candidate))
    parameters = blueprints.parameters(exam, sitting, sizes, domains)
    attempt = Attempt.objects.create(
        candidate=candidate,
        exam=exam,
        size_code=size.code,
        assignment=assignment,
        language=language,
        parameters=parameters.to_json(),
        seed=seed,
        started_at=now,
        deadline_at=clock.deadline(now, minutes=parameters.minutes, extra_minutes=parameters.extra_minutes),
    )
    if assignment and assignment.is_fixed:
        attempt.form = _fixed_form(assignment, size, parameters.weights)
        Attempt.objects.filter(pk=attempt.pk).update(form=attempt.form)
        rows = [(item.version, item.is_scored) for item in attempt.form.items.select_related("version")]
    else:
        rows = _draw(exam, size, parameters.weights, seed, candidate)
    AttemptItem.objects.bulk_create(
        AttemptItem(
            attempt=attempt,
            position=position,
            version=version,
            domain_id=version.domain_id,
            task_id=version.task_id,
            is_scored=is_scored,
            answer_key=version.answer_key,
            option_order=draw_order(version.option_ids, shuffle=version.shuffle, seed=seed, position=position),
        )
        for position, (version, is_scored) in enumerate(rows, start=1)
    )
    return attempt


def _draw(
    exam: Exam, size: Size, weights: dict[str, int], seed: int, candidate: User | None
) -> list[tuple[QuestionVersion, bool]]:
    """A form for this person; for nobody in particular where it is to be shared."""
    questions = {question.pk: question for question in blueprints.pool(exam)}
    # The attempt itself is already there but has no items yet, so it does not count as seen.
    seen = blueprints.last_seen(exam, candidate) if candidate else {}
    places = assemble(blueprints.rule_of(size), weights, blueprints.to_candidates(questions.values(), seen), seed)
    return [(_version(questions[place.question]), place.scored) for place in places]


def _version(question: Question) -> QuestionVersion:
    return cast(QuestionVersion, question.current_version)  # the pool has no other questions


def _fixed_form(assignment: Assignment, size: Size, weights: dict[str, int]) -> Form:
    """The assignment's form, made by the first who starts; a second one at the same moment waits here."""
    Assignment.objects.select_for_update().get(pk=assignment.pk)
    form, is_new = Form.objects.get_or_create(assignment=assignment, defaults={"exam": assignment.exam})
    if is_new:
        drawn = _draw(assignment.exam, size, weights, assignment.pk, None)
        FormItem.objects.bulk_create(
            FormItem(form=form, position=position, version=version, is_scored=is_scored)
            for position, (version, is_scored) in enumerate(drawn, start=1)
        )
    return form


def save(attempt_id: uuid.UUID, candidate: User, position: int, change: Change, *, received_at: datetime) -> Saved:
    """Store a change of one question, once, if nothing newer is stored and the attempt still takes answers.

    Raises AttemptItem.DoesNotExist (absent, or another's) and Problems (an answer that names no option). Three
    queries at most.
    """
    with transaction.atomic():
        # The lock on the attempt puts saves and the finish in a row: what is acknowledged was stored before the end.
        item = (
            AttemptItem.objects.select_related("attempt")
            .select_for_update(of=("attempt",), no_key=True)
            .get(attempt__public_id=attempt_id, attempt__candidate=candidate, position=position)
        )
        key = AnswerKey.from_json(item.answer_key)
        response = from_wire(key, item.option_order, change.answer)
        struck = positions(change.struck, len(item.option_order))
        end, finish = item.attempt.deadline_at, item.attempt.finished_at
        if not clock.takes_answers(received_at, deadline_at=end, finished_at=finish):
            is_late = clock.is_late(received_at, deadline_at=end, finished_at=finish)
            return _refuse(item, response, received_at, is_late=is_late)
        fields = {
            "response": response,
            "is_correct": key.accepts(response),
            "is_flagged": change.flagged,
            "struck": struck,
            "revision": change.rev,
            "writer": change.writer,
            "saved_at": received_at,
            "note": item.note if change.note is None else change.note,
            "seconds_spent": min(change.seconds, int((received_at - item.attempt.started_at).total_seconds())),
        }
        stored = AttemptItem.objects.filter(
            Q(revision=change.base) | Q(writer=change.writer), pk=item.pk, revision__lt=change.rev
        ).update(**fields)
    if stored:
        for name, value in fields.items():
            setattr(item, name, value)
        return Saved(Outcome.SAVED, item)
    item.refresh_from_db(fields=["response", "is_flagged", "struck", "note", "revision", "writer"])
    is_same = all(getattr(item, name) == fields[name] for name in ("response", "is_flagged", "struck", "note"))
    is_repeat = item.writer == change.writer and item.revision >= change.rev
    return Saved(Outcome.SAVED if is_same or is_repeat else Outcome.CONFLICT, item)


def _refuse(item: AttemptItem, response: Response, received_at: datetime, *, is_late: bool) -> Saved:
    if not is_late:
        return Saved(Outcome.FINISHED, item)
    if response != item.response:
        AttemptItem.objects.filter(pk=item.pk).update(late_response=response, late_at=received_at)
    return Saved(Outcome.LATE, item)


def finish(attempt: Attempt, *, now: datetime) -> bool:
    """End an open attempt by the candidate's own word; False where it had ended or time is up, which ends it anyway."""
    return bool(
        Attempt.objects.filter(pk=attempt.pk, finished_at=None, deadline_at__gt=now, started_at__lte=now).update(
            finished_at=now
        )
    )


def extend(attempt: Attempt, minutes: int, *, reason: str, by: User, now: datetime) -> Extension:
    """Give a running attempt ``minutes`` more, and keep who did it and why. The candidate's page hears of it from the
    server's clock.

    Raises Problems: ``extension_minutes`` (out of range), ``extension_reason`` (none), ``attempt_over``. Several at
    once add up; one that meets the candidate's finish comes before it or is refused.
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
        if not running.update(deadline_at=F("deadline_at") + timedelta(minutes=minutes)):
            raise Problems([Problem("attempt_over")])
        return Extension.objects.create(attempt=attempt, minutes=minutes, reason=reason, granted_by=by, granted_at=now)


def stamp_expired(now: datetime, *, candidate: User | None = None) -> int:
    """Write down that attempts which ran out ended at their deadlines. Readers know it without; a new start needs
    the stamp."""
    expired = Attempt.objects.filter(finished_at=None, deadline_at__lte=now - clock.CLOSING)
    if candidate:
        expired = expired.filter(candidate=candidate)
    return expired.update(finished_at=F("deadline_at"))
