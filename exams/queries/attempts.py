"""Reading attempts: what the exam room shows, and what somebody has sat. Nothing here lets a key out before the end."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from exams.domain import attempts as clock
from exams.domain.attempts import State
from exams.domain.responses import AnswerKey, is_complete, split_order, to_wire
from exams.models import Attempt, AttemptItem, User


@dataclass(frozen=True, slots=True)
class RoomOption:
    """An option as it is shown: its position in the drawn order is all that names it."""

    position: int
    letter: str
    html: dict[str, str]
    is_chosen: bool
    is_struck: bool


@dataclass(frozen=True, slots=True)
class RoomItem:
    """A question as it is shown during an attempt; it holds no key. ``choose`` is how many options it asks for."""

    position: int
    kind: str
    choose: int
    case: dict[str, str]
    stem: dict[str, str]
    options: tuple[RoomOption, ...]
    is_answered: bool
    is_flagged: bool
    revision: int
    seconds: int

    @property
    def is_single(self) -> bool:
        """One option, so a choice replaces the last one."""
        return self.kind == "single"

    @property
    def has_choice(self) -> bool:
        """Whether any option is chosen, be it enough or not."""
        return any(option.is_chosen for option in self.options)


@dataclass(frozen=True, slots=True)
class Room:
    """The whole exam room at one instant."""

    attempt: Attempt
    state: State
    seconds_left: float
    items: tuple[RoomItem, ...]

    @property
    def minutes(self) -> int:
        """The whole time of the attempt."""
        return int(self.attempt.parameters["minutes"] + self.attempt.parameters["extra_minutes"])

    @property
    def answered(self) -> int:
        """Questions with a complete answer."""
        return sum(item.is_answered for item in self.items)

    @property
    def open(self) -> int:
        """Questions without a complete answer."""
        return len(self.items) - self.answered

    @property
    def flagged(self) -> int:
        """Questions that are marked for review."""
        return sum(item.is_flagged for item in self.items)


def own_attempts(candidate: User) -> QuerySet[Attempt]:
    """The attempts of this person, with their exams, newest first."""
    return Attempt.objects.filter(candidate=candidate).select_related("exam")


def own_attempt(candidate: User, public_id: uuid.UUID) -> Attempt:
    """One of the person's own; raises Attempt.DoesNotExist for absent ones and others' alike."""
    return own_attempts(candidate).get(public_id=public_id)


def state_of(attempt: Attempt, now: datetime) -> State:
    """Open, closing or finished."""
    return clock.state(now, deadline_at=attempt.deadline_at, finished_at=attempt.finished_at)


def seconds_left(attempt: Attempt, now: datetime) -> float:
    """Until the deadline; 0 afterwards."""
    return clock.seconds_left(now, deadline_at=attempt.deadline_at, finished_at=attempt.finished_at)


def open_attempts(candidate: User, now: datetime) -> QuerySet[Attempt]:
    """The person's attempts that are not over yet."""
    return own_attempts(candidate).filter(finished_at=None, deadline_at__gt=now, is_void=False)


def room(attempt: Attempt, now: datetime, draft: tuple[int, Sequence[str]] | None = None) -> Room:
    """The exam room, with a ``draft`` (position, answer) in place of what is stored there. One query."""
    rows = attempt.items.select_related("version").only(
        "attempt_id",
        "position",
        "answer_key",
        "option_order",
        "response",
        "is_flagged",
        "struck",
        "revision",
        "seconds_spent",
        "version__question_html",
    )
    drafts = dict([draft] if draft else [])
    items = tuple(room_item(row, drafts.get(row.position)) for row in rows)
    return Room(attempt, state_of(attempt, now), seconds_left(attempt, now), items)


def room_item(row: AttemptItem, answer: Sequence[str] | None = None) -> RoomItem:
    """One question of the room; ``answer`` shows that in place of the stored response."""
    key = AnswerKey.from_json(row.answer_key)
    html = row.version.question_html
    options, _targets = split_order(key, row.option_order)
    chosen = to_wire(key, row.option_order, row.response) if answer is None else answer
    return RoomItem(
        position=row.position,
        kind=key.kind.value,
        choose=key.choose,
        case={language: parts["case"] for language, parts in html.items() if parts["case"]},
        stem={language: parts["stem"] for language, parts in html.items()},
        options=tuple(
            RoomOption(
                position=position,
                letter=letter(position),
                html={language: parts["options"][option] for language, parts in html.items()},
                is_chosen=str(position) in chosen,
                is_struck=position in row.struck,
            )
            for position, option in enumerate(options)
        ),
        is_answered=is_complete(key, row.response),
        is_flagged=row.is_flagged,
        revision=row.revision,
        seconds=row.seconds_spent,
    )


def letter(position: int) -> str:
    """A for the first option, B for the second; only ever the place in the drawn order."""
    return chr(ord("A") + position)


def revisions(attempt: Attempt) -> list[int]:
    """Revision of every question, in order of position."""
    return list(attempt.items.order_by("position").values_list("revision", flat=True))
