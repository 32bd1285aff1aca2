"""Figures, and the drawing of who chooses what."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from exams.templatetags.statistics import clock, figure, option_lines, plain, share, signed

EVEN = (10, 10, 10, 10, 10)


def row(letter, fifths, *, is_key=False, is_suspect=False):
    return SimpleNamespace(letter=letter, fifths=fifths, is_key=is_key, is_suspect=is_suspect)


@pytest.mark.parametrize(
    ("value", "text"), [(0.336, "+0.34"), (-0.07, "−0.07"), (0.004, "0.00"), (-0.004, "0.00"), (1, "+1.00")]
)
def test_a_correlation_has_its_sign(value, text):
    assert signed(value) == text


def test_figures_have_a_point_in_every_language():
    assert (plain(0.356), figure(-0.5), share(0.146), clock(112.4), clock(59.6)) == (
        "0.36",
        "−0.50",
        "15%",
        "1:52",
        "1:00",
    )


def test_a_share_is_drawn_at_its_height():
    drawn = option_lines([row("A", (0, 2, 4, 6, 8), is_key=True)], EVEN, "x")
    (line,) = drawn["lines"]
    assert [point["x"] for point in line["points"]] == ["0.00%", "25.00%", "50.00%", "75.00%", "100.00%"]
    assert [float(point["y"]) for point in line["points"]] == [230, 176, 122, 68, 14]
    assert [step["label"] for step in drawn["grid"]] == ["0%", "20%", "40%", "60%", "80%"]
    assert line["style"] == "key"


def test_everybody_reaches_the_top_and_nothing_goes_over_it():
    drawn = option_lines([row("A", EVEN)], EVEN, "x")
    assert drawn["grid"][-1]["label"] == "100%"
    assert {point["y"] for point in drawn["lines"][0]["points"]} == {"14.0"}


def test_an_empty_fifth_has_no_point():
    (line,) = option_lines([row("A", (0, 5, 5, 5, 5))], (0, 10, 10, 10, 10), "x")["lines"]
    assert len(line["points"]) == 4
    assert len(line["steps"]) == 3


def test_of_nobody_nothing_is_drawn():
    drawn = option_lines([row("A", (0,) * 5)], (0,) * 5, "x")
    assert drawn["lines"][0]["points"] == []
    assert "lab--key" not in render_to_string("exams/charts/option_lines.html", drawn)


def test_labels_at_the_ends_do_not_cover_each_other():
    rows = [row(letter, (2, 2, 2, 2, count)) for letter, count in zip("ABCDE", (0, 0, 1, 0, 1), strict=True)]
    places = sorted(float(line["label_y"]) for line in option_lines(rows, EVEN, "x")["lines"])
    assert all(lower - upper >= 17 for upper, lower in pairwise(places))
    assert places[-1] <= 234


def test_labels_of_lines_that_all_end_at_the_top_stay_in_the_drawing():
    rows = [row(letter, EVEN) for letter in "ABCDE"]
    places = sorted(float(line["label_y"]) for line in option_lines(rows, EVEN, "x")["lines"])
    assert places == [18, 35, 52, 69, 86]


def test_the_key_and_what_is_suspect_are_drawn_over_the_others_and_differ_in_more_than_colour():
    rows = [row("A", EVEN, is_key=True), row("B", (1,) * 5, is_suspect=True), row("C", (2,) * 5)]
    drawn = option_lines(rows, EVEN, "x")
    assert [line["letter"] for line in drawn["lines"]] == ["C", "A", "B"]
    svg = render_to_string("exams/charts/option_lines.html", drawn)
    assert svg.count("dot--bad") == 5
    assert svg.count("lab--key") == svg.count("lab--bad") == 1
    assert 'role="img"' in svg


def test_options_whose_lines_end_together_keep_their_order_and_each_has_a_way_to_its_label():
    drawn = option_lines([row(letter, (1, 2, 3, 4, 5)) for letter in "ABC"], EVEN, "x")
    by_height = sorted(drawn["lines"], key=lambda line: float(line["label_y"]))
    assert [line["letter"] for line in by_height] == ["A", "B", "C"]
    svg = render_to_string("exams/charts/option_lines.html", drawn)
    assert all(f'd="M9 {line["end_y"]}L18 {line["mark_y"]}"' in svg for line in drawn["lines"])


def test_labels_stay_inside_the_drawing_where_all_end_at_its_top():
    drawn = option_lines([row(letter, EVEN, is_key=True) for letter in "ABCDE"], EVEN, "x")
    assert [line["mark_y"] for line in drawn["lines"]] == ["14.0", "31.0", "48.0", "65.0", "82.0"]


@pytest.mark.parametrize("keys", ["", "B", "BD", "ABCDEF"])
@pytest.mark.parametrize("suspects", ["", "C", "CE"])
def test_no_two_options_have_the_same_pattern_and_a_key_is_drawn_through(keys, suspects):
    rows = [
        row(letter, (1, 2, 3, 2, 1), is_key=letter in keys, is_suspect=letter in suspects and letter not in keys)
        for letter in "ABCDEF"
    ]
    found = {line["letter"]: line["dash"] for line in option_lines(rows, EVEN, "x")["lines"]}
    assert len(set(found.values())) == 6
    assert found[keys[:1] or "A"] == "d0"


def test_a_seventh_option_has_a_pattern_too():
    lines = option_lines([row(letter, (1, 2, 3, 2, 1)) for letter in "ABCDEFG"], EVEN, "x")["lines"]
    assert [line["dash"] for line in lines] == ["d0", "d1", "d2", "d3", "d4", "d5", "d0"]
