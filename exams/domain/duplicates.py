"""Questions that are near-identical in one language: by the share of trigrams (runs of three letters) that two texts
have in common."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from zlib import crc32

from exams.domain.bank import QuestionContent, parts

SIMILAR = 0.6  # of all trigrams of two texts (Jaccard), at least so many are in both
FEWEST = 80  # trigrams; shorter texts share too many by chance, and are near-identical only where they are equal
_BITS = 2048
_UNLIKE = (1 - SIMILAR) / (1 + SIMILAR)  # of the trigrams of both texts together, similar ones differ in no more


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """Two questions (ids in ascending order) that are near-identical in a language."""

    first: int
    second: int
    language: str
    percent: int


def said(content: QuestionContent, language: str) -> str:
    """What is compared of a question: stem and options. A shared case is not its own."""
    return "\n".join(
        text for row in (content.stem, *(part.text for part in parts(content))) if (text := row.get(language))
    )


def trigrams(text: str) -> frozenset[str]:
    """The runs of three letters or digits, without regard to case, width, spaces and marks."""
    folded = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
    return frozenset({folded[start : start + 3] for start in range(max(1, len(folded) - 2))} - {""})


class Sketch(NamedTuple):
    """How many trigrams a text has, and which, folded into a whole number of 2048 bits."""

    size: int
    bits: int

    def to_json(self) -> list[object]:
        """As a version's row keeps it; JSON has no numbers of this size."""
        return [self.size, f"{self.bits:x}"]

    @classmethod
    def from_json(cls, row: Sequence[Any]) -> Sketch:
        """Inverse of ``to_json``."""
        return cls(row[0], int(row[1], 16))


def sketch(text: str) -> Sketch:
    """The sketch of a text, the same on every machine."""
    found = trigrams(text)
    number = 0
    for trigram in found:
        number |= 1 << crc32(trigram.encode()) % _BITS
    return Sketch(len(found), number)


def candidates(sketches: Mapping[int, Sketch], of: Iterable[int] | None = None) -> Iterator[tuple[int, int]]:
    """Pairs of ids (the smaller first) that may be near-identical, each once: all there are and some that are not, to
    be told apart by ``percent``. With ``of``, those that one of these is in.

    A bitmap filter: two texts differ in at least as many trigrams as their numbers do in bits, so those that differ
    in too many bits can't be similar, nor can those of too different length.
    """
    order = sorted(sketches, key=lambda id_: (sketches[id_].size, id_))
    sizes, bits = [sketches[id_].size for id_ in order], [sketches[id_].bits for id_ in order]
    wanted = set(order if of is None else of)
    are_all = wanted.issuperset(order)
    for place, id_ in enumerate(order):
        if id_ not in wanted:
            continue
        start, end = bisect_left(sizes, sizes[place] * SIMILAR), bisect_right(sizes, sizes[place] / SIMILAR)
        if are_all:  # the shorter ones have met it already
            start = place + 1
        if start >= end:
            continue
        most = int(_UNLIKE * (sizes[place] + sizes[end - 1]))
        unlike = map(int.bit_count, map(bits[place].__xor__, bits[start:end]))
        for at, number in [(at, number) for at, number in enumerate(unlike, start=start) if number <= most]:
            if number > _UNLIKE * (sizes[place] + sizes[at]):
                continue
            other = order[at]
            if other != id_ and (are_all or not (other in wanted and other < id_)):
                yield min(id_, other), max(id_, other)


def percent(one: str, other: str) -> int | None:
    """The share of trigrams that two texts have in common, rounded down, where they are near-identical; else None."""
    mine, his = trigrams(one), trigrams(other)
    common, either = len(mine & his), len(mine | his)
    if common == either and common:
        return 100
    if min(len(mine), len(his)) < FEWEST or common < SIMILAR * either:
        return None
    return int(100 * common / either)


def pairs(texts: Mapping[int, str], language: str) -> list[Pair]:
    """All near-identical pairs among texts by id, in ascending order."""
    sketches = {id_: sketch(text) for id_, text in texts.items() if text}
    shares = ((one, other, percent(texts[one], texts[other])) for one, other in candidates(sketches))
    return sorted(Pair(one, other, language, share) for one, other, share in shares if share is not None)


def groups(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Which group each question of any pair belongs to, named by its smallest id: pairs that touch are one group."""
    root: dict[int, int] = {}

    def top(id_: int) -> int:
        while root.setdefault(id_, id_) != id_:
            id_ = root[id_]
        return id_

    for first, second in pairs:
        low, high = sorted((top(first), top(second)))
        root[high] = low
    return {id_: top(id_) for id_ in root}
