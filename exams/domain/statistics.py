"""Item analysis: how hard a question is, whether it tells strong candidates from weak ones, and who chooses what.

Everything is computed from *cells*: attempts that are alike in answer, in whether it was right, and in how many of the
other scored questions were right, counted together. docs/measurement.md has the formulas in prose. Variances have n - 1
unless said otherwise.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf, sqrt

from exams.domain.figures import (
    FIFTHS,
    Correlation,
    Interval,
    Scores,
    correlation,
    efficiency,
    fifths,
    kr20,
    upper_lower,
)
from exams.domain.responses import AnswerKey, Response
from exams.domain.scoring import wilson

FEWEST_ATTEMPTS = 30  # under that nothing is said of a question, nor of reliability
FEWEST_PEOPLE = 5  # under that authors are told nothing: it would be about persons
TOO_HARD, TOO_EASY, UNCHOSEN, WEAK = 0.2, 0.95, 0.05, 0.1


class Refusal(StrEnum):
    """Why a figure is not given."""

    TOO_FEW = "too_few"  # under FEWEST_ATTEMPTS
    NO_SPREAD = "no_spread"  # all alike, so that nothing varies together
    DRAWN = "drawn"  # attempts had different questions
    TOO_SHORT = "too_short"  # fewer than two scored questions


class Warn(StrEnum):
    """What a flag says."""

    SUSPECT_KEY = "suspect_key"
    WEAK = "weak"
    TOO_HARD = "too_hard"
    TOO_EASY = "too_easy"
    UNCHOSEN = "unchosen"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look at; ``option`` is the id of the option it is about, "" for the question as a whole."""

    warn: Warn
    option: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """``count`` attempts with this answer, that had ``right`` of ``of`` *other* scored questions right. ``response`` is
    hashable: None, or the ids (for an ordering or matching: the rows) by which option tables count."""

    right: int
    of: int
    is_correct: bool
    response: tuple[str, ...] | None
    count: int


@dataclass(frozen=True, slots=True)
class OptionStatistics:
    """``chosen`` of ``n`` attempts chose it (or placed this row right); ``fifths`` is that by score, lowest first.

    Under 30 attempts there is the count and nothing else."""

    id: str
    is_key: bool
    chosen: int
    share: float = 0.0
    interval: Interval = (0.0, 1.0)
    fifths: tuple[int, ...] = ()
    point_biserial: Correlation | None = None


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """What is known of one question. ``refusal`` is set, and all but counts is empty, under 30 attempts.

    ``r_total`` is None for drawn forms and for unscored questions; a correlation, the efficiency and D are None where
    all answers or all scores are alike. ``fifths`` is how many attempts are in each fifth.
    """

    n: int
    unanswered: int
    correct: int
    refusal: Refusal | None = None
    p: float = 0.0
    p_interval: Interval = (0.0, 1.0)
    r_total: Correlation | None = None
    r_rest: Correlation | None = None
    efficiency: float | None = None
    upper_lower: float | None = None
    fifths: tuple[int, ...] = ()
    options: tuple[OptionStatistics, ...] = ()
    flags: tuple[Flag, ...] = ()

    @property
    def needed(self) -> int:
        """From how many attempts on something is said."""
        return FEWEST_ATTEMPTS


@dataclass(frozen=True, slots=True)
class Reliability:
    """Of one form of ``items`` scored questions: KR-20 and the standard error of measurement in points. With a
    ``refusal``, neither."""

    n: int
    items: int
    refusal: Refusal | None = None
    mean: float = 0.0
    sd: float = 0.0
    kr20: float = 0.0
    sem: float = 0.0

    @property
    def needed(self) -> int:
        """From how many attempts on something is said."""
        return FEWEST_ATTEMPTS


# ── a question


def item_statistics(
    key: AnswerKey, options: Sequence[str], cells: Sequence[Cell], *, is_scored: bool, is_fixed: bool
) -> ItemStatistics:
    """All of one question. ``options`` are those of the table, in authored order.

    Where the form ``is_fixed`` people are ranked by their total, otherwise by the share of the other scored questions
    that they had right: totals of different questions are not comparable. For an unscored question the rest score is
    the total.
    """
    n = sum(cell.count for cell in cells)
    correct = sum(cell.count for cell in cells if cell.is_correct)
    unanswered = sum(cell.count for cell in cells if cell.response is None)
    if n < FEWEST_ATTEMPTS:
        chosen_by = _chosen_by(cells)
        # Every row of an ordering or matching is right to place.
        counted = tuple(OptionStatistics(option, key.is_key(option), chosen_by[option]) for option in options)
        return ItemStatistics(n, unanswered, correct, Refusal.TOO_FEW, options=counted)
    by_rest = _Tally.of(cells, _rest(cells))
    by_rank = _Tally.of(cells, _total(is_scored)) if is_fixed else by_rest
    fifth_of = fifths(by_rank.scores.counts)
    table = tuple(
        OptionStatistics(
            id=option,
            is_key=key.is_key(option),
            chosen=(chosen := by_rest.chosen[option].total()),
            share=chosen / n,
            interval=wilson(chosen, n),
            fifths=_by_fifth(by_rank.chosen[option], fifth_of),
            point_biserial=correlation(by_rest.chosen[option], by_rest.scores),
        )
        for option in options
    )
    p_interval, r_rest = wilson(correct, n), correlation(by_rest.rights, by_rest.scores)
    return ItemStatistics(
        n=n,
        unanswered=unanswered,
        correct=correct,
        p=correct / n,
        p_interval=p_interval,
        r_total=correlation(by_rank.rights, by_rank.scores) if is_fixed and is_scored else None,
        r_rest=r_rest,
        efficiency=efficiency(by_rest.rights, by_rest.scores),
        upper_lower=upper_lower(by_rank.rights, by_rank.scores),
        fifths=_by_fifth(by_rank.scores.counts, fifth_of),
        options=table,
        flags=(Flag(Warn.UNANSWERED),) if unanswered == n else tuple(flags(p_interval, r_rest, table)),
    )


def flags(p_interval: Interval, r_rest: Correlation | None, options: Iterable[OptionStatistics]) -> list[Flag]:
    """What is worth a look, worst first. Each speaks only where the whole 95 % interval lies beyond its limit: without
    that, four of ten good questions would be flagged at n = 30.

    A key is suspect where the interval of its r_rest lies below 0, or a distractor's point-biserial has its interval
    wholly above the key's.
    """
    found = []
    key = r_rest.interval if r_rest else None
    distractors = [option for option in options if not option.is_key]
    if key and key[1] < 0:
        found.append(Flag(Warn.SUSPECT_KEY))
    if key:
        found += [Flag(Warn.SUSPECT_KEY, option.id) for option in distractors if _low(option.point_biserial) > key[1]]
        found += [Flag(Warn.WEAK)] if key[1] < WEAK else []
    found += [Flag(Warn.TOO_HARD)] if p_interval[1] < TOO_HARD else []
    found += [Flag(Warn.TOO_EASY)] if p_interval[0] > TOO_EASY else []
    found += [Flag(Warn.UNCHOSEN, option.id) for option in distractors if option.interval[1] < UNCHOSEN]
    return found


def marks(key: AnswerKey, response: Response) -> tuple[str, ...] | None:
    """The ids by which option tables count a response: what was chosen; of an ordering or matching, the rows that were
    placed as one of the keys has them. None for no answer."""
    if response is None:
        return None
    if isinstance(response, list):
        return tuple(response)
    keys = key.all_pairs
    return tuple(row for row, place in response.items() if any(pairs.get(row) == place for pairs in keys))


def median(counts: Mapping[int, int]) -> float | None:
    """The median of values that occur so often; the mean of the two middle ones of an even number, None of none."""
    n, seen = sum(counts.values()), 0
    found: list[int] = []
    for value in sorted(counts):
        seen += counts[value]
        found += [value] * ((seen > (n - 1) // 2) + (seen > n // 2) - len(found))
    return sum(found) / 2 if found else None


# ── a form


def share_one_form(items: Sequence[Sequence[Cell]]) -> bool:
    """Whether cells of all scored questions are of the same attempts: equally many, with equally many others."""
    attempts = {sum(cell.count for cell in cells) for cells in items}
    return len(attempts) == 1 and len({cell.of for cells in items for cell in cells}) == 1


def reliability(items: Sequence[Sequence[Cell]], *, is_fixed: bool) -> Reliability:
    """KR-20 and SEM = SD sqrt(1 - KR-20) (Gulliksen 1950, ch. 2) of a form, from the cells of its scored questions.

    KR-20 has n in numerator and denominator; mean and SD are in points, the SD with n - 1.
    """
    k = len(items)
    n = sum(cell.count for cell in items[0]) if items else 0
    if not is_fixed:
        return Reliability(n, k, Refusal.DRAWN)
    if k < 2:
        return Reliability(n, k, Refusal.TOO_SHORT)
    if n < FEWEST_ATTEMPTS:
        return Reliability(n, k, Refusal.TOO_FEW)
    totals = _Tally.of(items[0], _total(is_scored=True)).scores
    if totals.squares <= 0:
        return Reliability(n, k, Refusal.NO_SPREAD)
    shares = [sum(cell.count for cell in cells if cell.is_correct) / n for cells in items]
    value, sd = kr20(shares, totals.squares / n), sqrt(totals.squares / (n - 1))
    return Reliability(n, k, None, totals.mean, sd, value, sd * sqrt(1 - value))


# ── parts


@dataclass(frozen=True, slots=True)
class _Tally:
    """Attempts by score: all of them, those who were right, those who chose each option."""

    scores: Scores
    rights: Counter[float]
    chosen: dict[str, Counter[float]]

    @classmethod
    def of(cls, cells: Iterable[Cell], score_of: Callable[[Cell], float]) -> _Tally:
        everybody: Counter[float] = Counter()
        rights: Counter[float] = Counter()
        chosen: dict[str, Counter[float]] = defaultdict(Counter)
        for cell in cells:
            score = score_of(cell)
            everybody[score] += cell.count
            if cell.is_correct:
                rights[score] += cell.count
            for option in cell.response or ():
                chosen[option][score] += cell.count
        return cls(Scores.of(everybody), rights, chosen)


def _chosen_by(cells: Iterable[Cell]) -> Counter[str]:
    """How many chose each option, or placed each row right."""
    found: Counter[str] = Counter()
    for cell in cells:
        for option in cell.response or ():
            found[option] += cell.count
    return found


def _rest(cells: Iterable[Cell]) -> Callable[[Cell], float]:
    """The score over the other questions: whole points where all had equally many, else shares."""
    if len({cell.of for cell in cells}) == 1:
        return lambda cell: cell.right
    return lambda cell: cell.right / cell.of if cell.of else 0.0


def _total(is_scored: bool) -> Callable[[Cell], float]:
    return lambda cell: cell.right + (is_scored and cell.is_correct)


def _by_fifth(counts: Mapping[float, int], fifth_of: Mapping[float, int]) -> tuple[int, ...]:
    found = [0] * FIFTHS
    for score, count in counts.items():
        found[fifth_of[score]] += count
    return tuple(found)


def _low(found: Correlation | None) -> float:
    return found.interval[0] if found and found.interval else -inf
