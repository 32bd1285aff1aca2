"""Scores: raw points, the scaled score, its interval, and what is said per domain. docs/scoring.md has them in
prose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import comb, floor, sqrt
from typing import Any

SCORING_RULE = 1
Z95 = 1.959963984540054  # the normal distribution's 97.5 % point


@dataclass(frozen=True, slots=True)
class Scale:
    """The issuer's scale: lowest score, pass mark, highest score. Raises ValueError unless they ascend."""

    minimum: int
    pass_mark: int
    maximum: int

    def __post_init__(self) -> None:
        if not self.minimum < self.pass_mark < self.maximum:
            raise ValueError("a scale ascends: minimum < pass mark < maximum")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What an attempt is scored by, kept with it. ``full_*`` are those of the exam's full form; ``weights`` percent
    by domain code."""

    size_code: str
    questions: int
    scored: int
    minutes: int
    extra_minutes: int
    cut: int
    cut_assumed: bool
    full_cut: int
    full_scored: int
    full_form: bool
    scale: Scale
    weights: dict[str, int]
    rule: int = SCORING_RULE

    def to_json(self) -> dict[str, Any]:
        """As the attempt's row keeps them."""
        return {
            "size_code": self.size_code,
            "questions": self.questions,
            "scored": self.scored,
            "minutes": self.minutes,
            "extra_minutes": self.extra_minutes,
            "cut": self.cut,
            "cut_assumed": self.cut_assumed,
            "full_cut": self.full_cut,
            "full_scored": self.full_scored,
            "full_form": self.full_form,
            "scale": [self.scale.minimum, self.scale.pass_mark, self.scale.maximum],
            "weights": dict(self.weights),
            "rule": self.rule,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Parameters:
        """Inverse of ``to_json``; raises ValueError for a rule that this program does not know."""
        if document["rule"] != SCORING_RULE:
            raise ValueError(f"unknown scoring rule {document['rule']!r}")
        return cls(**{**document, "scale": Scale(*document["scale"])})


class Verdict(StrEnum):
    """The issuer's two words for a domain."""

    MEETS = "meets"
    NEEDS_IMPROVEMENT = "needs_improvement"


class Refusal(StrEnum):
    """Why nothing is said about what lies behind the points."""

    NO_SCORED = "no_scored"
    NO_ANSWERS = "no_answers"


@dataclass(frozen=True, slots=True)
class DomainTally:
    """Scored questions of one domain on one form: how many were right, how many there were, how many had any answer."""

    code: str
    correct: int
    total: int
    answered: int


@dataclass(frozen=True, slots=True)
class DomainResult:
    """What is said of a domain. ``share`` and ``interval`` (Wilson, 95 %) lie in 0 to 1; ``verdict`` on full forms
    only."""

    code: str
    correct: int
    total: int
    share: float
    interval: tuple[float, float]
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """The result of one attempt. ``interval`` is on the scale, ``probability`` that of a true share over the full
    form's cut."""

    points: int
    total: int
    answered: int
    cut: int
    scaled: int
    passed: bool
    interval: tuple[int, int] | None
    probability: Fraction | None
    refusal: Refusal | None
    domains: tuple[DomainResult, ...]


def passed(points: int, cut: int) -> bool:
    """Decided on raw points."""
    return points >= cut


def scaled_score(points: int, total: int, cut: int, scale: Scale) -> int:
    """Points on the scale: two straight pieces, 0 to minimum, cut to pass mark, total to maximum.

    The only place where a score is rounded (half up); one that fails is never shown as the pass mark.
    """
    score = floor(_on_scale(Fraction(points, total), Fraction(cut, total), scale) + Fraction(1, 2))
    return score if passed(points, cut) else min(score, scale.pass_mark - 1)


def drop_cut(cut: int, total: int, remaining: int) -> int:
    """The cut once only ``remaining`` of ``total`` questions count: in proportion, rounded up, never raised."""
    return min(cut, -(-cut * remaining // total))


def wilson(successes: int, total: int, z: float = Z95) -> tuple[float, float]:
    """Wilson's score interval for a share (Wilson 1927), in 0 to 1. Raises ValueError where there is nothing to
    divide by."""
    if total <= 0:
        raise ValueError("no share of nothing")
    share = successes / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return (0.0 if successes == 0 else max(0.0, middle - half), 1.0 if successes == total else min(1.0, middle + half))


def score_interval(points: int, total: int, cut: int, scale: Scale) -> tuple[int, int]:
    """The 95 % interval of the share of points, mapped through the scale and rounded to whole points of it."""
    low, high = (_on_scale(Fraction(end), Fraction(cut, total), scale) for end in wilson(points, total))
    return floor(low + Fraction(1, 2)), floor(high + Fraction(1, 2))


def probability_true_share_at_least(points: int, total: int, share: Fraction) -> Fraction:
    """P(true share >= ``share``) after ``points`` of ``total``, under a flat prior: exact.

    The posterior is Beta(points + 1, total - points + 1), whose upper tail at c is P(Binomial(total + 1, c) <= points).
    """
    n = total + 1
    return sum((comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(points + 1)), Fraction(0))


def domain_verdict(correct: int, total: int, cut: int, scored: int) -> Verdict:
    """Meets competencies when the domain's share reaches the cut's, in whole numbers: correct x scored >= cut x
    total."""
    return Verdict.MEETS if correct * scored >= cut * total else Verdict.NEEDS_IMPROVEMENT


def score(parameters: Parameters, tallies: Sequence[DomainTally]) -> ScoreReport:
    """The result of an attempt from its domains' tallies; where questions were dropped, the cut is lowered with
    them. A domain without a scored question is left out: it has no share."""
    points, total = sum(row.correct for row in tallies), sum(row.total for row in tallies)
    if total == 0:
        return ScoreReport(0, 0, 0, 0, parameters.scale.minimum, False, None, None, Refusal.NO_SCORED, ())
    cut = drop_cut(parameters.cut, parameters.scored, total)
    answered = sum(row.answered for row in tallies)
    share = Fraction(parameters.full_cut, parameters.full_scored)
    return ScoreReport(
        points=points,
        total=total,
        answered=answered,
        cut=cut,
        scaled=scaled_score(points, total, cut, parameters.scale),
        passed=passed(points, cut),
        interval=score_interval(points, total, cut, parameters.scale) if answered else None,
        probability=probability_true_share_at_least(points, total, share) if answered else None,
        refusal=None if answered else Refusal.NO_ANSWERS,
        domains=tuple(
            DomainResult(
                code=row.code,
                correct=row.correct,
                total=row.total,
                share=row.correct / row.total,
                interval=wilson(row.correct, row.total),
                verdict=domain_verdict(row.correct, row.total, cut, total) if parameters.full_form else None,
            )
            for row in tallies
            if row.total
        ),
    )


def _on_scale(share: Fraction, cut: Fraction, scale: Scale) -> Fraction:
    if share < cut:
        return scale.minimum + (scale.pass_mark - scale.minimum) * share / cut
    if cut == 1:
        return Fraction(scale.maximum)
    return scale.pass_mark + (scale.maximum - scale.pass_mark) * (share - cut) / (1 - cut)
