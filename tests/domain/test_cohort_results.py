"""What is said of a cohort."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.domain.cohort_results import heat, is_at_risk, share_interval, total_report
from exams.domain.scoring import DomainTally, score, wilson
from tests.domain.makers import PARAMETERS

tallies = st.lists(st.integers(1, 20).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))), min_size=1)


@given(st.integers(0, 50), st.integers(1, 50), st.booleans())
def test_a_report_without_domains_says_what_the_whole_one_says(points, total, is_answered):
    points = min(points, total)
    whole = score(PARAMETERS, [DomainTally("data", points, total, int(is_answered))])
    found = total_report(PARAMETERS, points, total, is_answered=is_answered)
    for name in ("points", "total", "cut", "scaled", "passed", "interval", "probability", "refusal"):
        assert getattr(found, name) == getattr(whole, name)


def test_at_risk_is_who_is_less_likely_than_not_to_reach_the_cut():
    reports = [total_report(PARAMETERS, points, 50, is_answered=True) for points in range(51)]
    assert [is_at_risk(report) for report in reports] == [report.probability < Fraction(1, 2) for report in reports]
    assert is_at_risk(reports[34])
    assert not is_at_risk(reports[40])


def test_of_whom_nothing_is_known_is_not_called_at_risk():
    assert not is_at_risk(total_report(PARAMETERS, 0, 50, is_answered=False))


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.72, 1), (0.7, -1), (0.83, 2), (0.95, 3), (0.6, -2), (0.5, -3), (0.0, -3), (1.0, 3)],
)
def test_the_further_from_the_cut_the_stronger_the_colour(share, expected):
    assert heat(share, 0.72) == expected


@given(tallies)
def test_an_interval_holds_its_share_and_stays_within_0_and_1(rows):
    share = sum(correct for correct, _ in rows) / sum(of for _, of in rows)
    low, high = share_interval(rows)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
    assert low < high


@given(tallies, st.integers(1, 20))
def test_who_had_no_question_of_it_changes_nothing(rows, nobody):
    assert share_interval([*rows, *[(0, 0)] * nobody]) == share_interval(rows)


def test_answers_that_are_alike_within_persons_say_less_than_as_many_single_ones():
    low, high = share_interval([(10, 10)] * 5 + [(0, 10)] * 5)
    single = wilson(50, 100)
    assert low < single[0] - 0.1
    assert high > single[1] + 0.1


def test_independent_answers_come_to_wilsons_interval():
    """One answer each: the persons are the answers, but for n - 1 in the place of n."""
    assert share_interval([(1, 1)] * 60 + [(0, 1)] * 40) == pytest.approx(wilson(60, 100), abs=0.001)


def test_where_all_have_the_same_share_each_person_counts_once():
    assert share_interval([(2, 2)] * 8) == pytest.approx(wilson(8, 8))
    assert share_interval([(5, 10)] * 8) == pytest.approx(wilson(4, 8))


def test_nothing_has_no_interval():
    with pytest.raises(ValueError, match="nothing"):
        share_interval([(0, 0)])
