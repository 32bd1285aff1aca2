"""Repairing a wrong key: what each policy puts in force, and what that makes of an answer and of a result.

docs/repair.md has it in prose. Repairs do not build on each other: each starts from the key that the version was
published with, and of those that were not taken back the latest counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from exams.domain.bank import CHOICE_KINDS
from exams.domain.problems import Problem, Problems
from exams.domain.responses import AnswerKey, Response
from exams.domain.scoring import Parameters, drop_cut, passed

LONGEST_REASON = 2000  # characters; candidates read it


class Policy(StrEnum):
    """What is done about a question whose key was wrong."""

    NEW_KEY = "new_key"  # what the source version says is right, and nothing else
    BOTH_KEYS = "both_keys"  # the published key or the source version's
    FULL_CREDIT = "full_credit"  # everybody has the point, whatever they answered, and also without an answer
    DROP = "drop"  # the question does not count, and the cut is lowered with it
    UNDO = "undo"  # an earlier repair is taken back


NEED_SOURCE = frozenset({Policy.NEW_KEY, Policy.BOTH_KEYS})


@dataclass(frozen=True, slots=True)
class Shape:
    """A version as far as keys are concerned: its key and the ids of its options and targets."""

    key: AnswerKey
    option_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Marked:
    """How one answer is marked: the key in force for it, whether it counts, whether it is right."""

    key: AnswerKey
    is_scored: bool
    is_correct: bool

    @property
    def points(self) -> int:
        """What it brings: 1 or 0."""
        return int(self.is_scored and self.is_correct)


@dataclass(frozen=True, slots=True)
class Standing:
    """A result in whole points: reached, of how many, needed, and whether that passes."""

    points: int
    total: int
    cut: int
    passed: bool


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair on record. ``assignment`` is None for one that holds everywhere; ``undo_of`` is the one it takes
    back."""

    id: int
    assignment: int | None
    key: AnswerKey
    undo_of: int | None = None


def can_be_source(version: Shape, source: Shape) -> bool:
    """Whether a key of ``source`` can be applied to answers given to ``version``: the same kind, the same options by
    id, as many to choose (candidates were told how many), and another key."""
    return (
        source.key.kind is version.key.kind
        and source.option_ids == version.option_ids
        and source.key.choose == version.key.choose
        and not _is_same(source.key, version.key)
    )


def _is_same(one: AnswerKey, other: AnswerKey) -> bool:
    """Whether both accept the same; the order in which a choice's keys are authored says nothing."""
    if one.kind in CHOICE_KINDS:
        return set(one.right) == set(other.right)
    return one.right == other.right


def repaired(policy: Policy, version: Shape, source: Shape | None = None) -> AnswerKey:
    """The key that a policy puts in force for answers to ``version``.

    Raises Problems: ``repair_source_missing``, ``repair_source_differs``. ValueError for UNDO, which has no key of its
    own.
    """
    if policy is Policy.UNDO:
        raise ValueError("what is in force after an undo follows from the other repairs")
    if policy is Policy.FULL_CREDIT:
        return replace(version.key, takes_all=True)
    if policy is Policy.DROP:
        return replace(version.key, is_dropped=True)
    if source is None:
        raise Problems([Problem("repair_source_missing", "source")])
    if not can_be_source(version, source):
        raise Problems([Problem("repair_source_differs", "source")])
    return source.key if policy is Policy.NEW_KEY else replace(version.key, also=(source.key.right,))


def key_in_force(published: AnswerKey, repairs: Iterable[Repair], assignment: int | None) -> AnswerKey:
    """The key for attempts of an ``assignment`` (None: of none): that of the latest repair that covers it and was not
    taken back, else the ``published`` one."""
    rows = list(repairs)
    undone = {row.undo_of for row in rows}
    covering = [
        row for row in rows if row.undo_of is None and row.id not in undone and row.assignment in (None, assignment)
    ]
    return max(covering, key=lambda row: row.id).key if covering else published


def marked(key: AnswerKey, response: Response, before: Marked | None, *, is_scored: bool) -> Marked:
    """An answer under another ``key``. Where the question was dropped ``before``, its place counts again; a question
    that never counted there has nothing to be dropped from."""
    place_counts = is_scored or (before is not None and before.key.is_dropped)
    in_force = replace(key, is_dropped=key.is_dropped and place_counts)
    return Marked(in_force, place_counts and not in_force.is_dropped, in_force.accepts(response))


def standing(parameters: Parameters, points: int, total: int) -> Standing:
    """The result of ``points`` among ``total`` questions that count; where some were dropped the cut is lowered."""
    if total == 0:
        return Standing(0, 0, 0, passed=False)
    cut = drop_cut(parameters.cut, parameters.scored, total)
    return Standing(points, total, cut, passed(points, cut))


def moved(parameters: Parameters, now: Standing, before: Marked, after: Marked) -> Standing:
    """A result after one of its answers is marked anew."""
    return standing(
        parameters,
        now.points + after.points - before.points,
        now.total + int(after.is_scored) - int(before.is_scored),
    )
