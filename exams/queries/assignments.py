"""Reading assignments: what is due for a candidate, by which rules it is sat, and what of it may be shown already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from exams.domain import assignments as rules
from exams.domain.assignments import KeyRelease, Phase, ScoreRelease
from exams.domain.attempts import CLOSING, State
from exams.models import (
    Accommodation,
    Assignment,
    Attempt,
    AttemptItem,
    FormItem,
    MemberAccommodation,
    Membership,
    User,
)
from exams.queries import people
from exams.queries.attempts import state_of
from exams.queries.blueprints import Sitting


def assigned_to(candidate: User) -> QuerySet[Assignment]:
    """What was set for this person: assignments of cohorts in which the membership is in force, newest first; of those
    that are not archived."""
    return Assignment.objects.filter(
        cohort__memberships__candidate=candidate,
        cohort__memberships__left_at=None,
        cohort__archived_at=None,
    ).select_related("cohort", "exam", "size")


def accommodation_in(assignment: Assignment, candidate: User) -> MemberAccommodation | None:
    """What this member has more than the others. One query."""
    return MemberAccommodation.objects.filter(assignment=assignment, candidate=candidate).order_by("pk").first()


def sitting(assignment: Assignment, own: Accommodation | None, granted: MemberAccommodation | None) -> Sitting:
    """The assignment as somebody would sit it who has the accommodation ``own`` everywhere, and ``granted`` here."""
    given = [(row.percent, row.minutes) for row in (granted, own) if row]
    return Sitting(
        assignment.size,
        rules.added(assignment.size.minutes, given),
        assignment,
        closes_at=close_for(assignment, granted),
        may_pass_close=bool(granted and granted.may_pass_close),
    )


def sitting_of(assignment: Assignment, candidate: User) -> Sitting:
    """The assignment as this person would sit it. Two queries."""
    return sitting(assignment, people.accommodation_of(candidate), accommodation_in(assignment, candidate))


def close_for(assignment: Assignment, granted: MemberAccommodation | None) -> datetime | None:
    """When it closes for who has been ``granted`` this."""
    return rules.close_for(assignment.closes_at, granted.closes_at if granted else None)


def used(assignment: Assignment, candidate: User) -> int:
    """How many of the allowed attempts this person has used up: all but void ones. One query."""
    return assignment.attempts.filter(candidate=candidate, is_void=False).count()


@dataclass(frozen=True, slots=True)
class Due:
    """An assignment as it stands for one candidate. ``attempt`` is the latest, ``used`` counts those that are not
    void."""

    assignment: Assignment
    sitting: Sitting
    phase: Phase
    used: int
    attempt: Attempt | None
    is_running: bool

    @property
    def is_used_up(self) -> bool:
        """Whether no attempt is left."""
        most = self.assignment.most_attempts
        return most is not None and self.used >= most

    @property
    def can_start(self) -> bool:
        """Whether it can be started now, but for another attempt that may be running."""
        return self.phase is Phase.OPEN and not self.is_used_up

    @property
    def is_due(self) -> bool:
        """Something is still to be done, now or when it opens."""
        return self.is_running or (self.phase is not Phase.CLOSED and self.used == 0)


def due(candidate: User, now: datetime, **which: object) -> list[Due]:
    """What was set for this person: what is to be done first, by its close; then the rest, newest first (``exam=``
    narrows it). Four queries at most."""
    rows = list(assigned_to(candidate).filter(**which))
    if not rows:
        return []
    own = people.accommodation_of(candidate)
    granted = {
        row.assignment_id: row for row in MemberAccommodation.objects.filter(candidate=candidate, assignment__in=rows)
    }
    sat: dict[int | None, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.filter(candidate=candidate, assignment__in=rows).order_by("started_at", "pk"):
        sat[attempt.assignment_id].append(attempt)
    found = [_due(row, sitting(row, own, granted.get(row.pk)), sat[row.pk], now) for row in rows]
    ahead = sorted((one for one in found if one.is_due), key=_urgency)
    return ahead + [one for one in found if not one.is_due]


def _due(row: Assignment, seat: Sitting, sat: list[Attempt], now: datetime) -> Due:
    counted = [attempt for attempt in sat if not attempt.is_void]
    return Due(
        assignment=row,
        sitting=seat,
        phase=rules.phase(now, opens_at=row.opens_at, closes_at=seat.closes_at),
        used=len(counted),
        attempt=sat[-1] if sat else None,
        is_running=any(state_of(attempt, now) is State.OPEN for attempt in counted),
    )


def _urgency(one: Due) -> tuple[bool, bool, float]:
    """Running, then what closes first; what never closes last."""
    closes_at = one.sitting.closes_at
    return not one.is_running, closes_at is None, closes_at.timestamp() if closes_at else 0.0


# ── what may be shown


@dataclass(frozen=True, slots=True)
class Release:
    """What the candidate of a finished attempt is shown now; where something is not, from when on, if that is known
    (``ends_at`` may move while others still sit)."""

    score: bool
    keys: bool
    closes_at: datetime | None = None
    ends_at: datetime | None = None
    is_never: bool = False


EVERYTHING = Release(score=True, keys=True)


def with_ends(rows: QuerySet[Assignment], now: datetime) -> QuerySet[Assignment]:
    """The same with ``last_window``, the latest close that a member was granted, and ``last_deadline``, that of those
    who are sitting it."""
    windows = MemberAccommodation.objects.filter(assignment=OuterRef("pk")).order_by().values("assignment")
    running = Attempt.objects.filter(
        assignment=OuterRef("pk"), finished_at=None, is_void=False, deadline_at__gt=now - CLOSING
    )
    return rows.annotate(
        last_window=Subquery(windows.annotate(last=Max("closes_at")).values("last")),
        last_deadline=Subquery(
            running.order_by().values("assignment").annotate(last=Max("deadline_at")).values("last")
        ),
    )


def release(assignment: Assignment | None, now: datetime) -> Release:
    """What is shown of attempts of this assignment that are finished; of those of none, everything. One query at
    most."""
    if assignment is None or is_open_book(assignment):
        return EVERYTHING
    return _release(with_ends(Assignment.objects.filter(pk=assignment.pk), now).get(), now)


def is_open_book(assignment: Assignment) -> bool:
    """Whether everything is shown at once."""
    return assignment.score_release == ScoreRelease.AT_ONCE and assignment.key_release == KeyRelease.AT_ONCE


def _release(row: Assignment, now: datetime) -> Release:
    """``row`` is one of ``with_ends``."""
    score, keys = ScoreRelease(row.score_release), KeyRelease(row.key_release)
    ends_at = rules.last_end(row.closes_at, getattr(row, "last_window"), getattr(row, "last_deadline"))  # noqa: B009
    return Release(
        score=rules.shows_score(now, release=score, closes_at=row.closes_at),
        keys=rules.shows_keys(now, score=score, keys=keys, closes_at=row.closes_at, ends_at=ends_at),
        closes_at=row.closes_at,
        ends_at=ends_at if keys is KeyRelease.LAST_DEADLINE else row.closes_at,
        is_never=keys is KeyRelease.NEVER,
    )


def withheld(candidate: User, now: datetime) -> set[int]:
    """Questions (ids) of this person's assignments whose keys are not released: those that were drawn for the person,
    and those of forms that are the same for everybody, sat or not. Leaving a cohort opens nothing. Three queries at
    most."""
    sat = Attempt.objects.filter(candidate=candidate).order_by().values("assignment")
    joined = Membership.objects.filter(candidate=candidate).order_by().values("cohort")
    own = Assignment.objects.filter(Q(pk__in=sat) | Q(cohort__in=joined)).order_by()
    found = with_ends(own.exclude(score_release=ScoreRelease.AT_ONCE, key_release=KeyRelease.AT_ONCE), now)
    closed = [row.pk for row in found if not _release(row, now).keys]
    if not closed:
        return set()
    drawn = AttemptItem.objects.filter(attempt__candidate=candidate, attempt__assignment__in=closed)
    shared = FormItem.objects.filter(form__assignment__in=closed)
    return {question for rows in (drawn, shared) for question in _questions(rows)}


def _questions(rows: QuerySet[AttemptItem] | QuerySet[FormItem]) -> Iterable[int]:
    return rows.order_by().values_list("version__question_id", flat=True)


def hides_score(attempts: Iterable[Attempt], now: datetime) -> set[int]:
    """Those of finished ``attempts`` (ids), loaded with their assignments, whose score is not shown to their
    candidate yet. No query."""
    return {
        attempt.pk
        for attempt in attempts
        if attempt.assignment
        and not rules.shows_score(
            now,
            release=ScoreRelease(attempt.assignment.score_release),
            closes_at=attempt.assignment.closes_at,
        )
    }
