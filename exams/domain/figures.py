"""Single figures of item analysis, from how many attempts there were at each score. docs/measurement.md has the
formulas in prose. Variances have n - 1 unless said otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import atanh, fsum, sqrt, tanh

from exams.domain.scoring import Z95

TAIL = 0.27  # Kelley 1939: upper and lower group
FIFTHS = 5

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Correlation:
    """A correlation, -1 to 1, with its 95 % interval (Fisher); None for the interval where n is 3 or less."""

    value: float
    interval: Interval | None


def fisher(r: float, n: int, z: float = Z95) -> Interval | None:
    """The interval of a correlation over ``n`` pairs: tanh(atanh r ± z / sqrt(n - 3)), Fisher 1921. None where n is 3
    or less."""
    if n <= 3:
        return None
    if abs(r) >= 1:
        return (r, r)
    half = z / sqrt(n - 3)
    return tanh(atanh(r) - half), tanh(atanh(r) + half)


@dataclass(frozen=True, slots=True)
class Scores:
    """How many attempts had each score (points, or a share), with their mean and sum of squares about it."""

    counts: Mapping[float, int]
    n: int
    mean: float
    squares: float

    @classmethod
    def of(cls, counts: Mapping[float, int]) -> Scores:
        """From score -> attempts."""
        n = sum(counts.values())
        mean = fsum(score * count for score, count in counts.items()) / n
        # Equal shares may differ from their mean by a rounding, which would pass for a spread.
        squares = fsum(count * (score - mean) ** 2 for score, count in counts.items()) if len(counts) > 1 else 0.0
        return cls(counts, n, mean, squares)


def correlation(chosen: Mapping[float, int], scores: Scores) -> Correlation | None:
    """The point-biserial: Pearson's correlation of the score with having chosen (1) or not (0), Pearson 1909.
    ``chosen`` is how many did at each score; None where the scores, or the choices, are all alike."""
    number = sum(chosen.values())
    if number in (0, scores.n) or scores.squares <= 0:
        return None
    r = _products(chosen, scores) / sqrt(scores.squares * number * (scores.n - number) / scores.n)
    r = max(-1.0, min(1.0, r))
    return Correlation(r, fisher(r, scores.n))


def efficiency(rights: Mapping[float, int], scores: Scores) -> float | None:
    """Discriminative efficiency, as Moodle's quiz statistics define it: the covariance of answer and rest score as a
    share of the largest that these answers and these scores allow, which is when both are sorted. At most 1; None as
    for ``correlation``."""
    left = sum(rights.values())
    if left in (0, scores.n) or scores.squares <= 0:
        return None
    best: dict[float, int] = {}
    for score in sorted(scores.counts, reverse=True):
        best[score] = min(left, scores.counts[score])
        left -= best[score]
    return _products(rights, scores) / _products(best, scores)


def upper_lower(rights: Mapping[float, int], scores: Scores) -> float | None:
    """D: the share that is right among the upper 27 % less that among the lower 27 % (Kelley 1939).

    Both groups have round(0.27 n) attempts, at least one. *Ties*: of those who share the score at the border, all
    alike, as many count as are needed, in the proportion in which they are right; so no order of rows moves D. None
    where all scores are alike.
    """
    if scores.squares <= 0:
        return None
    size, ordered = max(1, round(TAIL * scores.n)), sorted(scores.counts)
    upper = _right_in(ordered[::-1], scores.counts, rights, size)
    return (upper - _right_in(ordered, scores.counts, rights, size)) / size


def fifths(scores: Mapping[float, int]) -> dict[float, int]:
    """score -> fifth, 0 the lowest. People with the same score stay together, in the fifth in which the middle of their
    places lies; so fifths may differ in size, and one may be empty."""
    n, below, found = sum(scores.values()), 0, {}
    for score in sorted(scores):
        found[score] = min(FIFTHS - 1, int(FIFTHS * (below + scores[score] / 2) / n))
        below += scores[score]
    return found


def kr20(shares: Sequence[float], variance: float) -> float:
    """Kuder-Richardson 20 (1937): k/(k-1) (1 - sum of p q / variance of totals). p q is a variance with n, so
    ``variance`` must have n as well, not n - 1. May be negative."""
    k = len(shares)
    return k / (k - 1) * (1 - fsum(p * (1 - p) for p in shares) / variance)


def conditional_sem(points: int, items: int) -> float:
    """Lord's standard error of measurement of one raw score (1955), in points: sqrt(T (k - T) / (k - 1)). Raises
    ValueError under two items."""
    if items < 2:
        raise ValueError("one question has no error of measurement")
    return sqrt(points * (items - points) / (items - 1))


def _products(chosen: Mapping[float, int], scores: Scores) -> float:
    """The sum of products about the means, of scores with having chosen."""
    return fsum(count * (score - scores.mean) for score, count in chosen.items())


def _right_in(
    ordered: Iterable[float], everybody: Mapping[float, int], rights: Mapping[float, int], size: int
) -> float:
    """How many are right among the first ``size`` of people in this order of scores."""
    left, found = size, 0.0
    for score in ordered:
        taken = min(left, everybody[score])
        found += rights.get(score, 0) * taken / everybody[score]
        left -= taken
    return found
