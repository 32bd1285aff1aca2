"""Reading attempts: what the exam room shows, and what somebody has sat. Nothing here lets a key out before the end."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from exams.domain import attempts as clock
from exams.domain.attempts import State
from exams.domain.bank import CHOICE_KINDS, Kind
from exams.domain.responses import AnswerKey, Response, is_complete, split_order, to_wire
from exams.models import Attempt, User
from exams.queries import bank


@dataclass(frozen=True, slots=True)
class RoomOption:
    """An option, a step or a prompt as it is shown: its position in the drawn order is all that names it.

    ``given`` is what a row of an ordering or matching has been given: the label of a place or target, "" for none.
    """

    position: int
    letter: str
    html: dict[str, str]
    is_chosen: bool
    is_struck: bool
    given: str = ""


@dataclass(frozen=True, slots=True)
class RoomTarget:
    """A place of an ordering or a target of a matching; ``wire`` stands for it in an answer."""

    wire: int
    label: str
    html: dict[str, str]


@dataclass(frozen=True, slots=True)
class RoomItem:
    """A question as it is shown during an attempt; it holds no key.

    ``choose`` is how many options it asks for, or how many rows there are to fill in; ``span`` the first and last
    position of the questions that share its case.
    """

    position: int
    kind: str
    choose: int
    case: dict[str, str]
    span: tuple[int, int]
    stem: dict[str, str]
    options: tuple[RoomOption, ...]
    targets: tuple[RoomTarget, ...]
    is_answered: bool
    is_flagged: bool
    note: str
    revision: int
    seconds: int

    @property
    def is_choice(self) -> bool:
        """Options to choose from; otherwise rows, each to be given a place or a target."""
        return self.kind in CHOICE_KINDS

    @property
    def has_choice(self) -> bool:
        """Whether anything is chosen, be it enough or not."""
        return any(option.is_chosen for option in self.options)

    @property
    def is_partly(self) -> bool:
        """Begun, but not all that it asks for."""
        return self.has_choice and not self.is_answered


@dataclass(frozen=True, slots=True)
class Draft:
    """What was sent about a question and not stored, in words of the wire; it is shown in place of what is stored."""

    position: int
    answer: Sequence[str]
    struck: Sequence[str]
    is_flagged: bool
    note: str


class ItemRow(NamedTuple):
    """What the room reads of an attempt's item; the names are those of the columns."""

    position: int
    answer_key: dict[str, Any]
    option_order: list[str]
    response: Response
    is_flagged: bool
    struck: list[int]
    note: str
    revision: int
    seconds_spent: int
    version_id: int
    checksum: str
    renderer_version: int
    case_code: str

    @property
    def made(self) -> bank.Made:
        """What says which HTML this question is shown by."""
        return self.version_id, self.checksum, self.renderer_version


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
        return minutes_of(self.attempt)

    @property
    def answered(self) -> int:
        """Questions with a complete answer."""
        return sum(item.is_answered for item in self.items)

    @property
    def partly(self) -> int:
        """Questions with a part of an answer."""
        return sum(item.is_partly for item in self.items)

    @property
    def open(self) -> int:
        """Questions without any answer."""
        return len(self.items) - self.answered - self.partly

    @property
    def missing(self) -> int:
        """Questions without a complete answer, which count as wrong."""
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


def minutes_of(attempt: Attempt) -> int:
    """The whole time of the attempt, accommodation and extensions in it."""
    return clock.whole_minutes(attempt.started_at, deadline_at=attempt.deadline_at)


def seconds_left(attempt: Attempt, now: datetime) -> float:
    """Until the deadline; 0 afterwards."""
    return clock.seconds_left(now, deadline_at=attempt.deadline_at, finished_at=attempt.finished_at)


def open_attempts(candidate: User, now: datetime) -> QuerySet[Attempt]:
    """The person's attempts that are not over yet."""
    return own_attempts(candidate).filter(running(now))


def in_hand(candidate: User, now: datetime) -> QuerySet[Attempt]:
    """The person's attempts that have no result yet: open, or closing."""
    return own_attempts(candidate).filter(running(now - clock.CLOSING))


def running(now: datetime) -> Q:
    """Those that go on: not finished, not out of time, not void."""
    return Q(finished_at=None, deadline_at__gt=now, is_void=False)


def ended_at(attempt: Attempt, now: datetime) -> datetime | None:
    """When it ended; None while it goes on or is closing."""
    return clock.ended_at(now, deadline_at=attempt.deadline_at, finished_at=attempt.finished_at)


def room(attempt: Attempt, now: datetime, draft: Draft | None = None) -> Room:
    """The exam room, with a ``draft`` in place of what is stored of that question.

    One query; a second one where this process has not shown some of the questions before.
    """
    rows = _rows(attempt)
    html = bank.question_htmls(row.made for row in rows)
    spans = _spans(rows)
    drafts = {draft.position: draft} if draft else {}
    items = tuple(room_item(row, html[row.made], drafts.get(row.position), spans.get(row.position)) for row in rows)
    return Room(attempt, state_of(attempt, now), seconds_left(attempt, now), items)


def stored_and_sent(attempt: Attempt, draft: Draft) -> tuple[RoomItem, RoomItem]:
    """One question as it is stored, and as the ``draft`` would have it."""
    (row,) = _rows(attempt, position=draft.position)
    html = bank.question_htmls([row.made])[row.made]
    return room_item(row, html), room_item(row, html, draft)


def _rows(attempt: Attempt, **which: int) -> list[ItemRow]:
    found = attempt.items.filter(**which).annotate(
        checksum=F("version__checksum"),
        renderer_version=F("version__renderer_version"),
        case_code=F("version__case_code"),
    )
    return [ItemRow(*row) for row in found.order_by("position").values_list(*ItemRow._fields)]


def _spans(rows: Sequence[ItemRow]) -> dict[int, tuple[int, int]]:
    """First and last position of each question's case."""
    places: dict[str, list[int]] = {}
    for row in rows:
        if row.case_code:
            places.setdefault(row.case_code, []).append(row.position)
    return {position: (group[0], group[-1]) for group in places.values() for position in group}


def room_item(
    row: ItemRow, html: bank.Html, draft: Draft | None = None, span: tuple[int, int] | None = None
) -> RoomItem:
    """One question of the room from its row and the ``html`` of its version by language; ``draft`` overrides the
    row."""
    key = AnswerKey.from_json(row.answer_key)
    options, targets = split_order(key, row.option_order)
    chosen = draft.answer if draft else to_wire(key, row.option_order, row.response)
    struck = draft.struck if draft else [str(position) for position in row.struck]
    cells = _targets(key.kind, options, targets, html)
    given = dict(word.partition(":")[::2] for word in chosen)
    labels = {str(cell.wire): cell.label for cell in cells}
    return RoomItem(
        position=row.position,
        kind=key.kind.value,
        choose=key.choose,
        case={language: parts["case"] for language, parts in html.items() if parts["case"]},
        span=span or (row.position, row.position),
        stem={language: parts["stem"] for language, parts in html.items()},
        options=tuple(
            RoomOption(
                position=position,
                letter=str(position + 1) if key.kind is Kind.MATCHING else letter(position),
                html={language: parts["options"][option] for language, parts in html.items()},
                is_chosen=str(position) in given,
                is_struck=str(position) in struck,
                given=labels.get(given.get(str(position), ""), ""),
            )
            for position, option in enumerate(options)
        ),
        targets=cells,
        is_answered=is_complete(key, row.response),
        is_flagged=draft.is_flagged if draft else row.is_flagged,
        note=draft.note if draft else row.note,
        revision=row.revision,
        seconds=row.seconds_spent,
    )


def _targets(kind: Kind, options: Collection[str], targets: Sequence[str], html: bank.Html) -> tuple[RoomTarget, ...]:
    if kind is Kind.ORDERING:
        return tuple(RoomTarget(place, str(place), {}) for place in range(1, len(options) + 1))
    return tuple(
        RoomTarget(position, letter(position), {language: parts["options"][target] for language, parts in html.items()})
        for position, target in enumerate(targets)
    )


def letter(position: int) -> str:
    """A for the first option, B for the second; only ever the place in the drawn order."""
    return chr(ord("A") + position)


def revisions(attempt: Attempt) -> list[int]:
    """Revision of every question, in order of position."""
    return list(attempt.items.order_by("position").values_list("revision", flat=True))
