"""Answers: their shape per kind, what is right, and how they travel as positions in the drawn order.

Shapes of a response, always in ids of options:

=========  ==========================================  =================================
kind       response                                    key
=========  ==========================================  =================================
single     list of one id                              list of one id
multiple   list of ids, sorted                         list of ids in authored order
ordering   {id: place}, places from 1, may be partial  list of all ids in the right order
matching   {prompt id: target id}, may be partial      {prompt id: target id}
=========  ==========================================  =================================

No answer is None, whatever the kind. On the wire an answer is a list of words: a position ("2") for a choice,
``position:place`` ("0:3") for an ordering, ``position:position of the target`` for a matching, all counted from 0 but
the place, which counts from 1 as the candidate sees it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exams.domain.bank import CHOICE_KINDS, Kind, QuestionContent, key_ids, parts
from exams.domain.problems import Problem, Problems

Response = list[str] | dict[str, int] | dict[str, str] | None
Right = tuple[str, ...] | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """What counts as right. ``right`` is a list of ids, or for a matching a mapping of prompt to target.

    The rest is there after a repair (domain.rescoring): ``also`` are further keys of the same shape, ``takes_all`` says
    that everything is right, ``is_dropped`` that the question counted at its place and no longer does.
    """

    kind: Kind
    right: Right
    also: tuple[Right, ...] = ()
    takes_all: bool = False
    is_dropped: bool = False

    @property
    def choose(self) -> int:
        """How many options a choice asks for; the candidate is told."""
        return len(self.right)

    @property
    def pairs(self) -> dict[str, int | str]:
        """What each step's place or each prompt's target must be; of the kinds whose options are rows."""
        return self._pairs(self.right)

    @property
    def all_pairs(self) -> tuple[dict[str, int | str], ...]:
        """The same of every key that counts as right, the published one first."""
        return tuple(self._pairs(right) for right in (self.right, *self.also))

    def is_key(self, option: str) -> bool:
        """Whether this option of a choice belongs to a key that counts as right."""
        return any(option in right for right in (self.right, *self.also))

    def accepts(self, response: Response) -> bool:
        """All or nothing, the issuer's rule for every kind; no answer is wrong, unless everything is right."""
        if self.takes_all:
            return True
        if not response:
            return False
        if self.kind in CHOICE_KINDS:
            return any(set(response) == set(right) for right in (self.right, *self.also))
        return response in self.all_pairs

    def to_json(self) -> dict[str, Any]:
        """The key as an attempt's item keeps it; what no repair has set is left out."""
        document: dict[str, Any] = {"kind": self.kind.value, "right": _plain(self.right)}
        if self.also:
            document["also"] = [_plain(right) for right in self.also]
        if self.takes_all:
            document["takes_all"] = True
        if self.is_dropped:
            document["is_dropped"] = True
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> AnswerKey:
        """Inverse of ``to_json``."""
        return cls(
            Kind(document["kind"]),
            _frozen(document["right"]),
            also=tuple(_frozen(right) for right in document.get("also", ())),
            takes_all=document.get("takes_all", False),
            is_dropped=document.get("is_dropped", False),
        )

    def _pairs(self, right: Right) -> dict[str, int | str]:
        if self.kind is Kind.ORDERING:
            return {option: place for place, option in enumerate(right, start=1)}
        return dict(right)  # type: ignore[arg-type]


def _plain(right: Right) -> dict[str, str] | list[str]:
    return dict(right) if isinstance(right, Mapping) else list(right)


def _frozen(right: Any) -> Right:
    return dict(right) if isinstance(right, Mapping) else tuple(right)


def answer_key(content: QuestionContent) -> AnswerKey:
    """The key that a question's content states."""
    if content.kind in CHOICE_KINDS:
        return AnswerKey(content.kind, key_ids(content))
    if content.kind is Kind.ORDERING:
        return AnswerKey(content.kind, tuple(option.id for option in content.options))
    return AnswerKey(content.kind, {option.id: option.target for option in content.options})


def option_ids(content: QuestionContent) -> tuple[str, ...]:
    """Ids of everything whose order is drawn: the options, then a matching's targets."""
    return tuple(part.id for part in parts(content))


def split_order(key: AnswerKey, order: Sequence[str]) -> tuple[list[str], list[str]]:
    """A drawn order as (options or prompts, targets); the targets are empty but for a matching."""
    if key.kind is not Kind.MATCHING:
        return list(order), []
    return [id_ for id_ in order if id_ in key.right], [id_ for id_ in order if id_ not in key.right]


def from_wire(key: AnswerKey, order: Sequence[str], words: Sequence[str]) -> Response:
    """The response that ``words`` state about options in the drawn ``order``.

    Raises Problems: ``answer_unknown`` for a word that names no option, place or target, ``answer_twice`` for an
    option that is named twice, ``answer_place_twice`` for two steps of an ordering at one place, ``answer_too_many``
    for more options than a choice asks for (``chosen``, ``choose``).
    """
    options, targets = split_order(key, order)
    if key.kind in CHOICE_KINDS:
        chosen = [_position(word, len(options)) for word in words]
        if len(set(chosen)) != len(chosen):
            raise Problems([Problem("answer_twice", "answer")])
        if len(chosen) > key.choose:
            raise Problems([Problem("answer_too_many", "answer", {"chosen": len(chosen), "choose": key.choose})])
        return sorted(options[position] for position in chosen) or None
    pairs = [word.partition(":")[::2] for word in words]
    prompts = [options[_position(left, len(options))] for left, _ in pairs]
    if len(set(prompts)) != len(prompts):
        raise Problems([Problem("answer_twice", "answer")])
    if key.kind is Kind.ORDERING:
        places = [_position(right, len(options) + 1) for _, right in pairs]
        if 0 in places:
            raise Problems([Problem("answer_unknown", "answer")])
        if len(set(places)) != len(places):
            raise Problems([Problem("answer_place_twice", "answer")])
        return dict(zip(prompts, places, strict=True)) or None
    return dict(zip(prompts, (targets[_position(right, len(targets))] for _, right in pairs), strict=True)) or None


def to_wire(key: AnswerKey, order: Sequence[str], response: Response) -> list[str]:
    """Inverse of ``from_wire``, in the drawn order."""
    options, targets = split_order(key, order)
    if not response:
        return []
    if isinstance(response, list):
        return [str(position) for position, option in enumerate(options) if option in response]
    return [
        f"{position}:{targets.index(str(response[option])) if targets else response[option]}"
        for position, option in enumerate(options)
        if option in response
    ]


def is_complete(key: AnswerKey, response: Response) -> bool:
    """Whether nothing is left to choose; an answer that is neither complete nor None is partial."""
    return response is not None and len(response) == len(key.right)


def positions(words: Sequence[str], count: int) -> list[int]:
    """Positions below ``count`` that ``words`` name, sorted and once each; raises Problems as ``from_wire`` does."""
    return sorted({_position(word, count) for word in words})


def _position(word: str, count: int) -> int:
    if not (word.isascii() and word.isdigit() and len(word) <= 2 and int(word) < count):
        raise Problems([Problem("answer_unknown", "answer", {"word": word[:20]})])
    return int(word)
