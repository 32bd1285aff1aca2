"""Item analysis against published figures, against the standard library, and by what must hold for any answers."""

from __future__ import annotations

import statistics as stdlib
from collections import Counter
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.domain.bank import Kind
from exams.domain.figures import (
    FIFTHS,
    Correlation,
    Scores,
    conditional_sem,
    correlation,
    efficiency,
    fifths,
    fisher,
    kr20,
    upper_lower,
)
from exams.domain.responses import AnswerKey
from exams.domain.statistics import (
    Cell,
    Flag,
    OptionStatistics,
    Refusal,
    Warn,
    flags,
    item_statistics,
    marks,
    median,
    reliability,
    share_one_form,
)
from tests.lsat import LSAT6, LSAT7

KEY = AnswerKey(Kind.SINGLE, ("a",))
OPTIONS = ("a", "b", "c", "d")


def cells_of(patterns, item):
    """Cells of one item of rows like "10110"; a wrong answer is option b."""
    return [
        Cell(
            right=row.count("1") - (row[item] == "1"),
            of=len(row) - 1,
            is_correct=row[item] == "1",
            response=("a",) if row[item] == "1" else ("b",),
            count=count,
        )
        for row, count in patterns.items()
    ]


def item(cells, *, is_scored=True, is_fixed=True, key=KEY, options=OPTIONS):
    return item_statistics(key, options, cells, is_scored=is_scored, is_fixed=is_fixed)


def cell(right, chosen, count, *, of=10, key="a"):
    response = None if chosen == "" else tuple(chosen)
    return Cell(right=right, of=of, is_correct=chosen == key, response=response, count=count)


# ── published figures


@pytest.mark.parametrize("section", [LSAT6, LSAT7], ids=["LSAT6", "LSAT7"])
def test_lsat_comes_out_as_published(section):
    items = [cells_of(section.patterns, number) for number in range(5)]
    found = [item(cells) for cells in items]
    form = reliability(items, is_fixed=share_one_form(items))
    assert (form.n, form.items, form.refusal) == (1000, 5, None)
    assert [form.mean, form.sd, form.kr20] == pytest.approx([section.mean, section.sd, section.kr20], rel=1e-9)
    assert [one.p for one in found] == pytest.approx(section.p, rel=1e-9)
    assert [one.r_total.value for one in found] == pytest.approx(section.r_total, rel=1e-9)
    assert [one.r_rest.value for one in found] == pytest.approx(section.r_rest, rel=1e-9)
    assert form.sem == pytest.approx(section.sd * sqrt(1 - section.kr20), rel=1e-9)


# ── against the standard library, and by what must hold


def pairs_strategy():
    """Rows of (score, 1 or 0)."""
    return st.lists(st.tuples(st.integers(0, 20), st.integers(0, 1)), min_size=1, max_size=120)


def counted(pairs):
    """Who chose, by score, and all scores."""
    return Counter(score for score, chosen in pairs if chosen), Scores.of(Counter(score for score, _chosen in pairs))


@given(pairs_strategy())
def test_a_correlation_is_that_of_the_standard_library(pairs):
    scores, chosen = zip(*pairs, strict=True)
    found = correlation(*counted(pairs))
    if len(set(scores)) < 2 or len(set(chosen)) < 2:
        assert found is None
    else:
        assert found.value == pytest.approx(stdlib.correlation(scores, chosen), abs=1e-12)
        if found.interval:
            assert -1 <= found.interval[0] <= found.value <= found.interval[1] <= 1


@given(pairs_strategy())
def test_efficiency_is_the_covariance_by_that_of_the_sorted_columns(pairs):
    scores, chosen = zip(*pairs, strict=True)
    found = efficiency(*counted(pairs))
    if len(set(scores)) < 2 or len(set(chosen)) < 2:
        assert found is None
    else:
        best = stdlib.covariance(sorted(scores), sorted(chosen))
        assert found == pytest.approx(stdlib.covariance(scores, chosen) / best, abs=1e-12)
        assert found <= 1 + 1e-12


def test_efficiency_is_1_where_the_strongest_are_right():
    assert efficiency(*counted([(1, 0), (1, 0), (2, 1), (2, 1)])) == pytest.approx(1)


@given(pairs_strategy())
def test_upper_less_lower_lies_between_minus_1_and_1_and_turns_with_the_scores(pairs):
    found = upper_lower(*counted(pairs))
    if found is None:
        assert len({score for score, _chosen in pairs}) == 1
    else:
        assert -1 <= found <= 1
        assert upper_lower(*counted([(-score, chosen) for score, chosen in pairs])) == pytest.approx(-found)


def test_upper_less_lower_is_taken_from_27_percent_on_either_side():
    assert upper_lower(*counted([(score, score >= 50) for score in range(100)])) == 1
    assert upper_lower(*counted([(score, score >= 80) for score in range(100)])) == pytest.approx(20 / 27)


def test_those_tied_at_the_border_count_in_proportion():
    # Of 100, 27 are needed above: 20 with a score of 3 who are right, 7 of the 60 with 2, of whom a third is right.
    rights, scores = {3: 20, 2: 20}, Scores.of({3: 20, 2: 60, 1: 20})
    assert upper_lower(rights, scores) == pytest.approx((20 + 7 / 3) / 27 - (7 / 3) / 27)


@given(st.dictionaries(st.integers(0, 50), st.integers(1, 40), min_size=1))
def test_fifths_ascend_with_the_score(scores):
    found = fifths(scores)
    ordered = [found[score] for score in sorted(scores)]
    assert ordered == sorted(ordered)
    assert set(ordered) <= set(range(FIFTHS))


def test_fifths_are_equal_where_no_score_is_shared():
    assert Counter(fifths({float(score): 1 for score in range(50)}).values()) == dict.fromkeys(range(5), 10)


@given(st.dictionaries(st.integers(0, 300), st.integers(1, 9), min_size=1))
def test_a_median_is_that_of_the_standard_library(counts):
    assert median(counts) == stdlib.median([value for value, count in counts.items() for _ in range(count)])


def test_of_nothing_there_is_no_median():
    assert median({}) is None


CELLS = st.lists(
    st.builds(
        cell,
        st.integers(0, 10),
        st.sampled_from(["a", "b", "c", "d", ""]),
        st.integers(1, 20),
    ),
    min_size=30,
    max_size=60,
)


@given(CELLS, st.booleans(), st.booleans())
def test_the_parts_of_a_question_add_up(cells, is_scored, is_fixed):
    found = item(cells, is_scored=is_scored, is_fixed=is_fixed)
    assert sum(option.chosen for option in found.options) + found.unanswered == found.n == sum(found.fifths)
    assert found.options[0].chosen == found.correct
    assert found.p_interval[0] <= found.p <= found.p_interval[1]
    for option in found.options:
        assert sum(option.fifths) == option.chosen
        assert all(part <= whole for part, whole in zip(option.fifths, found.fifths, strict=True))
    # To choose the key is to be right.
    assert (found.r_rest is None) == (found.options[0].point_biserial is None)
    if found.r_rest:
        assert found.options[0].point_biserial.value == pytest.approx(found.r_rest.value, abs=1e-12)


@given(CELLS)
def test_a_scale_of_other_length_moves_no_correlation(cells):
    """Shares of the others, and points of the others, say the same where all had equally many."""
    fixed, drawn = item(cells), item(cells, is_fixed=False)
    assert fixed.r_rest == drawn.r_rest
    assert drawn.r_total is None


# ── drawn forms, pilots


def test_drawn_forms_are_compared_by_shares():
    # 5 of 10 and 10 of 20 are alike: nothing varies.
    alike = [cell(5, "a", 20), cell(10, "b", 20, of=20)]
    assert item(alike, is_fixed=False).r_rest is None
    better = item([cell(6, "a", 20), cell(10, "b", 20, of=20)], is_fixed=False)
    assert better.r_rest.value == pytest.approx(1)


def test_who_had_no_other_question_has_a_share_of_0():
    assert item([cell(0, "a", 20, of=0), cell(3, "b", 20)], is_fixed=False).r_rest.value == pytest.approx(-1)


def test_a_pilot_is_correlated_with_the_total_of_the_scored():
    cells = [cell(8, "a", 20), cell(2, "b", 20)]
    assert item(cells, is_scored=False).r_rest.value == pytest.approx(1)
    assert item(cells, is_scored=False).r_total is None
    assert item(cells).r_total.value == pytest.approx(1)


# ── gates and refusals


def test_nothing_is_said_under_30_attempts():
    cells = [cell(8, "a", 20), cell(2, "", 9)]
    found = item(cells)
    assert (found.n, found.correct, found.unanswered, found.refusal, found.needed) == (29, 20, 9, Refusal.TOO_FEW, 30)
    assert (found.p, found.r_rest, found.upper_lower, found.fifths, found.flags) == (0.0, None, None, (), ())
    assert item([cell(8, "a", 20), cell(2, "", 10)]).refusal is None


def test_who_chose_what_is_counted_under_30_attempts_too():
    found = item([cell(8, "a", 12), cell(2, "b", 5), cell(1, "", 3)])
    assert found.refusal is Refusal.TOO_FEW
    assert [(one.id, one.is_key, one.chosen) for one in found.options] == [
        (option, option == "a", count) for option, count in zip(OPTIONS, (12, 5, 0, 0), strict=False)
    ]
    assert {(one.share, one.interval, one.fifths, one.point_biserial) for one in found.options} == {
        (0.0, (0.0, 1.0), (), None)
    }


def test_what_nobody_has_answered_is_not_called_hard_nor_its_options_unchosen():
    assert item([cell(8, "", 20), cell(2, "", 20)]).flags == (Flag(Warn.UNANSWERED),)
    assert Flag(Warn.UNANSWERED) not in item([cell(8, "", 39), cell(2, "b", 1)]).flags


def test_reliability_is_refused_with_its_reason():
    items = [cells_of(LSAT6.patterns, number) for number in range(5)]
    assert reliability(items, is_fixed=False).refusal is Refusal.DRAWN
    assert reliability(items[:1], is_fixed=True).refusal is Refusal.TOO_SHORT
    assert reliability([], is_fixed=True).refusal is Refusal.TOO_SHORT
    few = [[cell(1, "a", 29, of=1)], [cell(1, "a", 29, of=1)]]
    assert (reliability(few, is_fixed=True).refusal, reliability(few, is_fixed=True).needed) == (Refusal.TOO_FEW, 30)
    alike = [[cell(1, "a", 30, of=1)], [cell(1, "a", 30, of=1)]]
    assert reliability(alike, is_fixed=True).refusal is Refusal.NO_SPREAD


def test_a_reliability_may_be_negative_and_is_shown():
    # Who has the one right has the other wrong.
    items = [
        [cell(0, "a", 20, of=1), cell(1, "b", 20, of=1), cell(0, "b", 5, of=1)],
        [cell(1, "b", 20, of=1), cell(0, "a", 20, of=1), cell(0, "b", 5, of=1)],
    ]
    found = reliability(items, is_fixed=True)
    assert found.kr20 < 0
    assert found.sem > found.sd


def test_attempts_of_different_questions_do_not_share_a_form():
    assert share_one_form([[cell(1, "a", 30)], [cell(2, "b", 30)]])
    assert not share_one_form([[cell(1, "a", 30)], [cell(2, "b", 29)]])
    assert not share_one_form([[cell(1, "a", 30), cell(1, "a", 3, of=9)]])


def test_no_interval_of_three_people():
    assert fisher(0.5, 3) is None
    assert fisher(1.0, 40) == (1, 1)
    assert fisher(0.0, 4) == pytest.approx((-0.9611, 0.9611), abs=1e-4)


# ── KR-20, SEM


def test_kr20_of_a_worked_example():
    # Four people, three questions: 111, 110, 100, 000. p = 3/4, 2/4, 1/4; variance with n is 5/4.
    assert kr20([0.75, 0.5, 0.25], 1.25) == pytest.approx(1.5 * (1 - 0.625 / 1.25))


def test_lords_error_is_nothing_at_the_ends_and_most_in_the_middle():
    assert [conditional_sem(points, 50) for points in (0, 50)] == [0, 0]
    assert conditional_sem(25, 50) == pytest.approx(sqrt(625 / 49))
    with pytest.raises(ValueError, match="one question"):
        conditional_sem(1, 1)


# ── flags


def option(id_, low, high, *, is_key=False, share=(0.2, 0.4)):
    return OptionStatistics(id_, is_key, 0, 0.3, share, (), Correlation((low + high) / 2, (low, high)))


def flagged(p=(0.4, 0.6), r=(0.2, 0.4), options=()):
    return flags(p, Correlation(sum(r) / 2, r) if r else None, options)


def test_a_good_question_has_no_flag():
    assert flagged(options=[option("a", 0.2, 0.4, is_key=True), option("b", -0.4, -0.2)]) == []


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"p": (0.05, 0.199)}, [Flag(Warn.TOO_HARD)]),
        ({"p": (0.05, 0.2)}, []),
        ({"p": (0.951, 0.99)}, [Flag(Warn.TOO_EASY)]),
        ({"p": (0.95, 0.99)}, []),
        ({"r": (-0.1, 0.099)}, [Flag(Warn.WEAK)]),
        ({"r": (-0.1, 0.1)}, []),
        ({"r": (-0.3, -0.01)}, [Flag(Warn.SUSPECT_KEY), Flag(Warn.WEAK)]),
        ({"r": None}, []),
        ({"options": [option("b", -0.4, -0.2, share=(0.01, 0.049))]}, [Flag(Warn.UNCHOSEN, "b")]),
        ({"options": [option("b", -0.4, -0.2, share=(0.01, 0.05))]}, []),
        ({"options": [option("b", 0.41, 0.6)]}, [Flag(Warn.SUSPECT_KEY, "b")]),
        ({"options": [option("b", 0.4, 0.6)]}, []),
        ({"options": [option("a", 0.41, 0.6, is_key=True, share=(0, 0.01))]}, []),
    ],
)
def test_a_flag_speaks_only_where_its_whole_interval_does(fields, found):
    assert flagged(**fields) == found


def test_a_wrong_key_is_found():
    rows = [*(cell(right, "b", 4) for right in range(6, 11)), *(cell(right, "a", 4) for right in range(5))]
    found = item(rows)
    assert Flag(Warn.SUSPECT_KEY) in found.flags
    assert Flag(Warn.SUSPECT_KEY, "b") in found.flags


@pytest.mark.parametrize("strong", [25, 15])
def test_a_further_key_is_no_distractor(strong):
    cells = [
        *(Cell(right, 10, True, ("b",), strong // 5) for right in range(6, 11)),
        *(Cell(right, 10, right > 2, ("a",) if right > 2 else ("c",), 20) for right in range(5)),
    ]
    found = item(cells, key=AnswerKey(Kind.SINGLE, ("a",), also=(("b",), ("d",))))
    assert {one.id for one in found.options if one.is_key} == {"a", "b", "d"}
    assert not {flag.option for flag in found.flags} & {"a", "b", "d"}
    few = item([cell(8, "b", 5)], key=AnswerKey(Kind.SINGLE, ("a",), also=(("b",),)))
    assert [one.id for one in few.options if one.is_key] == ["a", "b"]


# ── what option tables count


@pytest.mark.parametrize(
    ("key", "response", "found"),
    [
        (KEY, None, None),
        (KEY, ["b"], ("b",)),
        (AnswerKey(Kind.MULTIPLE, ("a", "b")), ["a", "c"], ("a", "c")),
        (AnswerKey(Kind.ORDERING, ("a", "b", "c")), {"a": 1, "b": 3}, ("a",)),
        (AnswerKey(Kind.MATCHING, {"a": "x", "b": "y"}), {"a": "y", "b": "y", "gone": "x"}, ("b",)),
        (AnswerKey(Kind.MATCHING, {"a": "x", "b": "y"}, also=({"a": "y"},)), {"a": "y", "b": "x"}, ("a",)),
    ],
)
def test_an_option_table_counts_what_was_chosen_or_placed_right(key, response, found):
    assert marks(key, response) == found


def test_rows_of_an_ordering_are_all_right_to_place():
    key = AnswerKey(Kind.ORDERING, ("a", "b"))
    cells = [
        Cell(5, 10, True, ("a", "b"), 20),
        Cell(2, 10, False, ("a",), 20),
    ]
    found = item(cells, key=key, options=("a", "b"))
    assert [(row.id, row.is_key, row.chosen) for row in found.options] == [("a", True, 40), ("b", True, 20)]
