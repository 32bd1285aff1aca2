"""What is said of a cohort: how it stands in a domain or task, who is at risk, how strongly a figure is coloured."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from exams.domain import scoring
from exams.domain.scoring import DomainTally, Parameters, Scale, ScoreReport

FEWEST = 5  # people with a result; under that nothing is said of a cohort as a whole
AT_RISK_UNDER = Fraction(1, 2)  # of a probability: less likely than not that the true share reaches the cut
BINS = 18  # about so many over the whole scale, so that dots in neighbouring bins do not touch on a phone

Tally = tuple[int, int]  # correct, and of how many


def total_report(parameters: Parameters, points: int, total: int, *, is_answered: bool) -> ScoreReport:
    """The score report of an attempt without its domains. Many members have the same points by the same rules, so
    what has been computed once is kept."""
    rules = (parameters.cut, parameters.scored, parameters.full_cut, parameters.full_scored, parameters.scale)
    return _report(*rules, points, total, is_answered)


@lru_cache(maxsize=4096)
def _report(
    cut: int, scored: int, full_cut: int, full_scored: int, scale: Scale, points: int, total: int, is_answered: bool
) -> ScoreReport:
    parameters = Parameters(
        size_code="",
        questions=scored,
        scored=scored,
        minutes=0,
        extra_minutes=0,
        cut=cut,
        cut_assumed=True,
        full_cut=full_cut,
        full_scored=full_scored,
        full_form=False,
        scale=scale,
        weights={},
    )
    return scoring.score(parameters, [DomainTally("", points, total, int(is_answered))])


def is_at_risk(report: ScoreReport) -> bool:
    """Whether it is less likely than not that the true share reaches the cut of the full form. Without any answer
    nothing is known, so nobody is called at risk by that."""
    return report.probability is not None and report.probability < AT_RISK_UNDER


def heat(share: float, cut: float) -> int:
    """How far a share lies from the cut: from -3 (20 points or more under it) over -1 and 1 to 3."""
    distance = abs(share - cut)
    strength = 1 if distance < 0.1 else 2 if distance < 0.2 else 3
    return strength if share >= cut else -strength


def bin_size(scale: Scale) -> Fraction:
    """Width of a bin of a spread of scores, in points of the scale. Whole bins fit between pass mark and maximum, so
    that both are edges."""
    over = scale.maximum - scale.pass_mark
    return Fraction(over, max(1, round(BINS * over / (scale.maximum - scale.minimum))))


def bins(scores: Sequence[int], scale: Scale) -> dict[int, int]:
    """People per bin, counted from the pass mark: 0 begins at it, -1 ends under it; the maximum is in the last bin."""
    size, last = bin_size(scale), _last_bin(scale)
    counts: dict[int, int] = {}
    for score in sorted(scores):
        column = min(last, int((score - scale.pass_mark) // size))
        counts[column] = counts.get(column, 0) + 1
    return counts


def stretches(scores: Sequence[int], scale: Scale) -> list[tuple[int, int, int]]:
    """The same for reading: (lowest score, highest score, people) of every bin, also of those that nobody is in, from
    the lowest. A bin narrower than a point that no score falls in is left out."""
    size, last, people = bin_size(scale), _last_bin(scale), bins(scores, scale)
    found = []
    for column in range(floor((scale.minimum - scale.pass_mark) / size), last + 1):
        low = max(scale.minimum, ceil(scale.pass_mark + column * size))
        high = scale.maximum if column == last else ceil(scale.pass_mark + (column + 1) * size) - 1
        if low <= high:
            found.append((low, high, people.get(column, 0)))
    return found


def _last_bin(scale: Scale) -> int:
    return round((scale.maximum - scale.pass_mark) / bin_size(scale)) - 1


def share_interval(tallies: Sequence[Tally]) -> tuple[float, float]:
    """The 95 % interval of a cohort's share of right answers, in 0 to 1, from each member's tally.

    Answers of one person resemble each other, so they are not counted as independent: the variance is that of a
    ratio of totals over persons (Cochran, Sampling Techniques, 1977, 6.4), and Wilson's interval is taken for as many
    answers as would have that variance (Korn and Graubard 1998), at most those that there are. Where everything is
    right, or wrong, or everybody's share the same, a variance says nothing, and each person counts once. Raises
    ValueError where nobody has an answer.
    """
    tallies = [tally for tally in tallies if tally[1]]
    total, people = sum(of for _, of in tallies), len(tallies)
    if not total:
        raise ValueError("no share of nothing")
    share = sum(correct for correct, _ in tallies) / total
    spread = sum((correct - share * of) ** 2 for correct, of in tallies)
    effective = float(people)
    if people > 1 and spread > 1e-9:
        variance = people / (people - 1) * spread / total**2
        effective = min(float(total), share * (1 - share) / variance)
    return _wilson(share, effective)


def _wilson(share: float, total: float) -> tuple[float, float]:
    z = scoring.Z95
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * (share * (1 - share) / total + z * z / (4 * total * total)) ** 0.5
    return (0.0 if share == 0 else max(0.0, middle - half), 1.0 if share == 1 else min(1.0, middle + half))
