"""Blueprints and the assembly of forms: shares met exactly, unseen questions first, the same seed the same form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from random import Random
from typing import NamedTuple

from exams.domain.problems import Problem, Problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """One size of an exam: ``questions`` of which ``scored`` count, the others are pilots; ``cut`` in whole points."""

    code: str
    questions: int
    scored: int
    minutes: int
    cut: int
    cut_assumed: bool = True


class Candidate(NamedTuple):
    """A question that could be placed on a form. ``last_seen`` is None for one that this person has never been
    given. ``near`` names a group of near-identical questions, of which a form gets one at most. ``is_kept``: an
    assignment of this person asks for it and keeps its key back."""

    id: int
    domain: str
    case: str = ""
    last_seen: datetime | None = None
    near: int | None = None
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a form: which question, and whether it counts there."""

    question: int
    scored: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What a bank can do for one size. ``missing`` is per domain; ``repeats`` counts questions that were seen
    before."""

    missing: Mapping[str, int]
    repeats: int

    @property
    def possible(self) -> bool:
        """Whether a form of this size can be put together at all."""
        return not self.missing


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Split ``total`` by ``weights`` (Hamilton's method): whole shares first, then one each by the largest remainder.

    Ties go to the earlier weight, so that the outcome never depends on anything but the arguments.
    """
    whole = sum(weights)
    exact = [Fraction(total * weight, whole) for weight in weights]
    shares = [int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda index: (shares[index] - exact[index], index))
    for index in order[: total - sum(shares)]:
        shares[index] += 1
    return shares


def allocation(size: Size, weights: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Questions per domain as (scored, pilots), each by largest remainder, in the order of ``weights``."""
    scored = largest_remainder(size.scored, list(weights.values()))
    pilots = largest_remainder(size.questions - size.scored, list(weights.values()))
    return dict(zip(weights, zip(scored, pilots, strict=True), strict=True))


def offer(size: Size, weights: Mapping[str, int], bank: Iterable[Candidate]) -> Offer:
    """Whether ``bank`` is large enough for a form of this size, and how many of its questions would be repeats.

    What it calls possible can be assembled with any seed.
    """
    groups = _groups(bank, Random(0))
    missing: dict[str, int] = {}
    repeats = 0
    for domain, (scored, pilots) in allocation(size, weights).items():
        rows = groups.get(domain, [])
        if short := _Filling(rows, scored, pilots).missing(scored, pilots):
            missing[domain] = short
        fresh = sum(candidate.last_seen is None for group in rows for candidate in group)
        repeats += max(0, scored + pilots - fresh)
    return Offer(missing, repeats)


def assemble(size: Size, weights: Mapping[str, int], bank: Iterable[Candidate], seed: int) -> list[Place]:
    """Draw a form: exact shares, unseen questions first, then those seen longest ago, last those whose keys an
    assignment keeps back (the result would tell of them); chance (by ``seed``) among equals.

    The questions of a case stay together, in the order of their ids, and share one role; a case comes before the
    single questions that are as little known, where its domain's share has room for all of it. Raises Problems
    (``bank_too_small``) where a domain can't fill its share.
    """
    random = Random(seed)
    groups = _groups(bank, random)
    blocks: list[list[Place]] = []
    missing: list[Problem] = []
    for domain, (scored, pilots) in allocation(size, weights).items():
        rows = groups.get(domain, [])
        filling = _Filling(rows, scored, pilots)
        if short := filling.missing(scored, pilots):
            missing.append(Problem("bank_too_small", domain, {"domain": domain, "missing": short}))
            continue
        room = {True: scored, False: pilots}
        for index, group in enumerate(rows, start=1):
            if not any(room.values()):
                break
            roles = [role for role in (True, False) if filling.leaves(index, room, role, len(group))]
            if roles:
                role = random.choices(roles, weights=[room[role] for role in roles])[0]
                room[role] -= len(group)
                blocks.append([Place(candidate.id, role) for candidate in group])
    if missing:
        raise Problems(missing)
    random.shuffle(blocks)
    return [place for block in blocks for place in block]


class _Filling:
    """Which shares the groups from an index on can fill exactly: single questions fit anywhere, a case only as a whole.

    ``_cases[i]`` holds every (scored, pilots) that cases among the groups from i on can make up within the share,
    ``_singles[i]`` counts the single questions there.
    """

    def __init__(self, groups: Sequence[Sequence[Candidate]], scored: int, pilots: int) -> None:
        self._cases: list[set[tuple[int, int]]] = [{(0, 0)}]
        self._singles = [0]
        for group in reversed(groups):
            length, known = len(group), self._cases[-1]
            if length == 1:
                self._cases.append(known)
                self._singles.append(self._singles[-1] + 1)
                continue
            more = {(a + length, b) for a, b in known if a + length <= scored}
            more |= {(a, b + length) for a, b in known if b + length <= pilots}
            self._cases.append(known | more)
            self._singles.append(self._singles[-1])
        self._cases.reverse()
        self._singles.reverse()

    def missing(self, scored: int, pilots: int, index: int = 0) -> int:
        """How many places the groups from ``index`` on leave empty at best."""
        need = scored + pilots
        return min(
            max(0, need - a - b - self._singles[index]) for a, b in self._cases[index] if a <= scored and b <= pilots
        )

    def leaves(self, index: int, room: Mapping[bool, int], role: bool, length: int) -> bool:
        """Whether the groups from ``index`` on can still fill the rest once ``length`` places of ``role`` are taken."""
        left = {**room, role: room[role] - length}
        return left[role] >= 0 and not self.missing(left[True], left[False], index)


def draw_order(ids: Sequence[str], *, shuffle: bool, seed: int, position: int) -> list[str]:
    """The order in which one candidate sees the options at ``position`` of the form: chance, or as authored."""
    order = list(ids)
    if shuffle:
        Random(f"{seed}:{position}").shuffle(order)
    return order


def _groups(bank: Iterable[Candidate], random: Random) -> dict[str, list[list[Candidate]]]:
    """Per domain the cases and single questions, the least known first."""
    cases: dict[tuple[str, str], list[Candidate]] = {}
    for candidate in sorted(bank, key=lambda candidate: candidate.id):
        cases.setdefault((candidate.domain, candidate.case or f"#{candidate.id}"), []).append(candidate)
    groups: dict[str, list[list[Candidate]]] = {}
    for (domain, _), group in _without_near(cases, random).items():
        groups.setdefault(domain, []).append(group)
    for rows in groups.values():
        random.shuffle(rows)
        rows.sort(key=lambda group: (*_known(group), len(group) == 1))  # stable: chance decides among equals
    return groups


_Groups = dict[tuple[str, str], list[Candidate]]


def _without_near(cases: _Groups, random: Random) -> _Groups:
    """One at most of each group of near-identical questions: the least known; a single question sooner than a case.

    Chance decides among single questions of one domain only, so that how many questions a domain has does not hang on
    the seed.
    """
    near: dict[int, list[tuple[str, str]]] = {}
    for name, group in cases.items():
        for candidate in group:
            if candidate.near is not None:
                near.setdefault(candidate.near, []).append(name)
    dropped: set[tuple[str, str]] = set()
    for names in near.values():
        left = [name for name in names if name not in dropped]
        if len({domain for domain, _ in left}) == 1 and all(len(cases[name]) == 1 for name in left):
            random.shuffle(left)
        left.sort(key=lambda name: (len(cases[name]) > 1, *_known(cases[name])))
        twice = {name for name in left if left.count(name) > 1}  # a case that is near-identical in itself
        dropped |= {name for name in left if name in twice or name != next(n for n in left if n not in twice)}
    return {name: group for name, group in cases.items() if name not in dropped}


def _known(group: list[Candidate]) -> tuple[bool, float]:
    """What forms get later sorts higher."""
    seen = [candidate.last_seen.timestamp() for candidate in group if candidate.last_seen]
    return any(candidate.is_kept for candidate in group), max(seen, default=float("-inf"))
