"""docs/scoring.md says what the program does."""

from __future__ import annotations

from fractions import Fraction

import pytest

from exams.domain.scoring import (
    Scale,
    Verdict,
    domain_verdict,
    drop_cut,
    passed,
    probability_true_share_at_least,
    scaled_score,
    score_interval,
)
from tests.docs.tables import tables

FULL, SHORT, DOMAINS, DROPPED = tables("scoring.md")
SCALE = Scale(100, 750, 1000)
WORDS = {Verdict.MEETS: "meets competencies", Verdict.NEEDS_IMPROVEMENT: "needs improvement"}


@pytest.mark.parametrize(("rows", "total", "cut"), [(FULL, 50, 36), (SHORT, 20, 15)])
def test_the_tables_of_scores_are_right(rows, total, cut):
    for points, *said in rows:
        raw = int(points)
        low, high = score_interval(raw, total, cut, SCALE)
        probability = float(probability_true_share_at_least(raw, total, Fraction(36, 50)))
        assert said == [
            str(scaled_score(raw, total, cut, SCALE)),
            f"{low}–{high}",
            f"{100 * probability:.1f}%",
            "yes" if passed(raw, cut) else "no",
        ]


def test_the_table_of_domains_is_right():
    for figures, share, word in DOMAINS:
        correct, total = map(int, figures.split(" of "))
        assert (f"{round(100 * correct / total)}%", WORDS[domain_verdict(correct, total, 36, 50)]) == (share, word)


def test_a_bare_pass_cannot_meet_competencies_everywhere():
    needed = [
        next(n for n in range(total + 1) if domain_verdict(n, total, 36, 50) is Verdict.MEETS)
        for total in (10, 12, 18, 10)
    ]
    assert (needed, sum(needed)) == ([8, 9, 13, 8], 38)


def test_the_table_of_dropped_questions_is_right():
    assert [(int(left), int(cut)) for left, cut in DROPPED] == [
        (int(left), drop_cut(36, 50, int(left))) for left, _cut in DROPPED
    ]
