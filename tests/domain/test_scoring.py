"""Scores. docs/scoring.md has worked tables, which are tested too."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.domain.scoring import (
    DomainTally,
    Parameters,
    Refusal,
    Scale,
    Verdict,
    domain_verdict,
    drop_cut,
    passed,
    probability_true_share_at_least,
    scaled_score,
    score,
    score_interval,
    wilson,
)
from tests.domain.makers import PARAMETERS

AWS = Scale(100, 750, 1000)
FULL = replace(PARAMETERS, weights={"a": 60, "b": 40})
SHORT = replace(FULL, size_code="short", questions=20, scored=20, cut=15, full_form=False)


@st.composite
def forms(draw):
    """(total, cut) of a form."""
    total = draw(st.integers(1, 100))
    return total, draw(st.integers(1, total))


def test_none_the_cut_and_all_are_minimum_pass_mark_and_maximum():
    assert [scaled_score(points, 50, 36, AWS) for points in (0, 36, 50)] == [100, 750, 1000]
    assert [scaled_score(points, 3, 3, AWS) for points in (0, 3)] == [100, 1000]


@given(forms())
def test_more_points_are_never_a_lower_score_and_passing_is_decided_on_points(form):
    total, cut = form
    scores = [scaled_score(points, total, cut, AWS) for points in range(total + 1)]
    assert scores == sorted(scores)
    assert [value >= AWS.pass_mark for value in scores] == [passed(points, cut) for points in range(total + 1)]


def test_a_failing_score_is_never_shown_as_the_pass_mark():
    coarse = Scale(0, 10, 20)
    assert scaled_score(99, 120, 100, coarse) == 9


@pytest.mark.parametrize("figures", [(100, 100, 1000), (100, 1000, 1000), (750, 100, 1000)])
def test_a_scale_ascends(figures):
    with pytest.raises(ValueError, match="ascends"):
        Scale(*figures)


@pytest.mark.parametrize(
    ("successes", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_as_newcombe_published_it(successes, total, low, high):
    assert wilson(successes, total) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 300), st.data())
def test_the_interval_holds_the_share_and_stays_between_none_and_all(total, data):
    successes = data.draw(st.integers(0, total))
    low, high = wilson(successes, total)
    assert 0 <= low <= successes / total <= high <= 1


def test_there_is_no_share_of_nothing():
    with pytest.raises(ValueError, match="nothing"):
        wilson(0, 0)


@given(forms(), st.data())
def test_the_scores_interval_holds_the_score(form, data):
    total, cut = form
    points = data.draw(st.integers(0, total))
    low, high = score_interval(points, total, cut, AWS)
    assert low <= scaled_score(points, total, cut, AWS) + 1
    assert high >= scaled_score(points, total, cut, AWS)


@pytest.mark.parametrize(("points", "total"), [(33, 50), (36, 50), (0, 20), (20, 20), (15, 20)])
def test_the_probability_is_the_area_under_the_beta_curve(points, total):
    steps, cut = 20_000, 0.72
    xs = [(index + 0.5) / steps for index in range(steps)]
    density = [x**points * (1 - x) ** (total - points) for x in xs]
    area = sum(d for x, d in zip(xs, density, strict=True) if x >= cut) / sum(density)
    assert float(probability_true_share_at_least(points, total, Fraction(36, 50))) == pytest.approx(area, abs=1e-3)


def test_a_bare_pass_is_about_one_half():
    assert 0.4 < probability_true_share_at_least(36, 50, Fraction(36, 50)) < 0.6


def test_dropping_a_question_lowers_the_cut_in_proportion_and_never_raises_it():
    assert [drop_cut(36, 50, left) for left in (50, 49, 48, 25, 0)] == [36, 36, 35, 18, 0]
    assert drop_cut(1, 50, 49) == 1


def test_a_domain_meets_competencies_where_its_share_reaches_the_cuts():
    assert domain_verdict(18, 25, 36, 50) is Verdict.MEETS
    assert domain_verdict(17, 25, 36, 50) is Verdict.NEEDS_IMPROVEMENT


@pytest.mark.parametrize("parameters", [FULL, SHORT])
def test_parameters_read_back_as_what_was_written(parameters):
    assert Parameters.from_json(parameters.to_json()) == parameters


def test_an_unknown_rule_is_refused():
    with pytest.raises(ValueError, match="rule"):
        Parameters.from_json({**FULL.to_json(), "rule": 99})


def test_a_report_adds_up_its_domains():
    report = score(FULL, [DomainTally("a", 20, 30, 30), DomainTally("b", 16, 20, 20)])
    assert (report.points, report.total, report.scaled, report.passed, report.refusal) == (36, 50, 750, True, None)
    assert [(row.code, row.share, row.verdict) for row in report.domains] == [
        ("a", 20 / 30, Verdict.NEEDS_IMPROVEMENT),
        ("b", 16 / 20, Verdict.MEETS),
    ]


def test_a_short_form_has_no_words_for_domains():
    report = score(SHORT, [DomainTally("a", 15, 20, 20)])
    assert (report.scaled, report.domains[0].verdict) == (750, None)


def test_a_form_with_dropped_questions_has_a_lower_cut():
    report = score(FULL, [DomainTally("a", 35, 48, 48)])
    assert (report.cut, report.passed) == (35, True)


def test_without_an_answer_nothing_is_said_of_what_lies_behind():
    report = score(FULL, [DomainTally("a", 0, 50, 0)])
    assert (report.scaled, report.interval, report.probability, report.refusal) == (100, None, None, Refusal.NO_ANSWERS)


def test_without_a_scored_question_there_is_no_score_to_speak_of():
    report = score(FULL, [])
    assert (report.total, report.passed, report.refusal) == (0, False, Refusal.NO_SCORED)


def test_a_report_says_how_many_scored_questions_were_answered():
    assert score(FULL, [DomainTally("a", 20, 30, 29), DomainTally("b", 16, 20, 18)]).answered == 47


def test_a_domain_without_a_scored_question_has_no_line():
    report = score(FULL, [DomainTally("a", 36, 50, 50), DomainTally("b", 0, 0, 0)])
    assert (report.points, [row.code for row in report.domains]) == (36, ["a"])
