"""Charts: where things are drawn, and what a drawing may not hold under the strict policy."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from exams.domain.cohort_results import bin_size, bins, stretches
from exams.domain.scoring import DomainResult, DomainTally, Scale, score
from exams.templatetags.charts import percent, tick_step, width
from tests.domain.makers import PARAMETERS

AWS = Scale(100, 750, 1000)
FULL = replace(PARAMETERS, weights={"a": 100})
FAILED = score(FULL, [DomainTally("a", 33, 50, 50)])
JUST_PASSED = score(FULL, [DomainTally("a", 36, 50, 50)])
CIRCLE = re.compile(r'<circle class="([^"]*)" cx="([^"]*)" cy="([^"]*)" r="([^"]*)"/>')
COORDINATE = re.compile(r' (?:x|y|x1|x2|y1|y2|cx|cy|r|width|height)="([^"]*)"')


@st.composite
def scales(draw):
    low, mark, high = sorted(draw(st.sets(st.integers(0, 1000), min_size=3, max_size=3)))
    return Scale(low, mark, high)


def shown(tag, language="en", **context):
    with translation.override(language):
        return Template("{% load charts %}{% " + tag + " %}").render(Context(context))


def scale_of(report, scale=AWS, **more):
    return shown("score_scale report scale key", report=report, scale=scale, **{"key": "score", **more})


def bar_of(correct, total, interval=(0.4, 0.9), cut=0.72, **more):
    row = DomainResult("a", correct, total, correct / total, interval, None)
    return shown("domain_bar row cut key", row=row, cut=cut, **{"key": "a", **more})


def spread_of(scores, scale=AWS, **more):
    return shown("score_spread scores scale key", scores=scores, scale=scale, **{"key": "spread", **more})


def texts(html, of_class):
    return re.findall(rf'<text class="{of_class}" x="([^"]*)" y="[^"]*">([^<]*)<', html)


DRAWINGS = [
    scale_of,
    lambda report, **more: bar_of(7, 10, **more),
    lambda report, **more: spread_of([700] * 30, **more),
]


# Geometry


def test_places_are_shares_of_the_scale():
    assert [percent(value, 100, 1000) for value in (100, 550, 750, 1000)] == ["0.00%", "50.00%", "72.22%", "100.00%"]
    assert width(750, 1000, 100, 1000) == "27.78%"


@given(scales(), st.data())
def test_more_is_never_further_left(scale, data):
    low, high = scale.minimum, scale.maximum
    one, other = sorted(data.draw(st.tuples(st.integers(low, high), st.integers(low, high))))
    assert 0 <= float(percent(one, low, high)[:-1]) <= float(percent(other, low, high)[:-1]) <= 100


@pytest.mark.parametrize(
    ("scale", "step"), [((100, 1000), 100), ((0, 100), 10), ((200, 800), 100), ((0, 20), 2), ((0, 3), 1)]
)
def test_ticks_stand_at_round_numbers_of_any_scale(scale, step):
    assert tick_step(*scale) == step


# The score on its scale


def test_the_score_its_interval_and_the_pass_mark_stand_where_they_belong():
    html = scale_of(FAILED)
    assert (FAILED.scaled, FAILED.interval) == (696, (571, 800))
    assert CIRCLE.findall(html) == [("pt--hollow", "66.22%", "109", "7")]
    assert '<rect class="band" x="52.33%" y="102" width="25.44%"' in html
    assert '<rect class="zone" x="72.22%" y="90" width="27.78%"' in html
    assert '<line class="cut" x1="72.22%" x2="72.22%"' in html
    assert "Score 696 on a scale from 100 to 1000; pass mark 750; 95% interval 571 to 800" in html
    assert texts(html, "cut-text mid") == [("72.22%", "Pass mark 750")]


def test_a_passing_score_is_a_full_point_on_the_line_of_the_pass_mark():
    assert CIRCLE.findall(scale_of(JUST_PASSED)) == [("pt", "72.22%", "109", "7")]


def test_a_score_without_an_interval_is_a_point_alone():
    html = scale_of(score(FULL, [DomainTally("a", 0, 50, 0)]))
    assert CIRCLE.findall(html) == [("pt--hollow", "0.00%", "109", "7")]
    assert "band" not in html
    assert "interval" not in html


def test_the_outer_labels_stay_where_room_is_short_and_stand_inside():
    ticks = re.findall(r'<text class="([^"]*)" x="[^"]*" y="152">(\d+)<', scale_of(FAILED))
    assert ticks[0] == ("", "100")
    assert ticks[-2:] == [("mid alt", "900"), ("end", "1000")]


def test_labels_at_the_interval_stand_outside_it_and_leave_out_the_scales_own_ends():
    assert texts(scale_of(FAILED), "strong end") == [("52.33%", "571")]
    assert texts(scale_of(FAILED), "strong ") == [("77.78%", "800")]
    full = scale_of(score(FULL, [DomainTally("a", 50, 50, 50)]))
    assert re.findall(r'class="strong [^"]*" x="[^"]*" y="88">(\d+)', full) == ["936"]


@pytest.mark.parametrize(("scaled", "anchor"), [(100, ""), (550, "mid"), (1000, "end")])
def test_the_figure_does_not_leave_the_drawing(scaled, anchor):
    assert f'<text class="fig {anchor}"' in scale_of(replace(FAILED, scaled=scaled))


# A domain's bar


def test_a_bar_its_interval_and_the_cut_start_at_zero():
    html = bar_of(7, 10)
    assert '<rect class="bar--under" x="0" y="9" width="70.00%"' in html
    assert '<line class="whisk" x1="40.00%" x2="90.00%"' in html
    assert '<line class="cut" x1="72.00%" x2="72.00%"' in html
    assert "70% correct, 95% interval 40 to 90%, cut 72%" in html


@pytest.mark.parametrize(("correct", "total", "look"), [(17, 25, "bar--under"), (18, 25, "bar"), (19, 25, "bar")])
def test_a_bar_is_filled_from_the_cut_on(correct, total, look):
    assert f'<rect class="{look}"' in bar_of(correct, total, cut=36 / 50)


def test_the_interval_does_not_lie_on_the_bar_whose_colour_it_has():
    html = bar_of(9, 10)
    bar_end = 9 + 8
    assert '<rect class="bar" x="0" y="9" width="90.00%" height="8"' in html
    assert all(float(y) > bar_end for y in re.findall(r'class="whisk"[^>]* y1="([^"]*)"', html))


def test_the_share_can_be_read_on_a_phone():
    assert '<text x="0" y="42">70% (40–90%)</text>' in bar_of(7, 10)


# A spread


@pytest.mark.parametrize("people", range(5))
def test_under_five_people_nothing_is_drawn(people):
    assert spread_of([700] * people).strip() == ""


def test_each_person_is_a_dot_hollow_under_the_pass_mark():
    dots = CIRCLE.findall(spread_of([749, 750, 750, 1000, 100]))
    assert [(look, x) for look, x, _y, _r in dots] == [
        ("pt--hollow", "2.78%"),
        ("pt--hollow", "69.44%"),
        ("pt", "75.00%"),
        ("pt", "75.00%"),
        ("pt", "97.22%"),
    ]
    assert [y for _look, _x, y, _r in dots][2:4] == ["140.0", "124.0"]
    assert "Scores of 5 people; 3 of them reach the pass mark of 750." in spread_of([749, 750, 750, 1000, 100])


@given(scales(), st.data())
def test_the_pass_mark_is_an_edge_and_nobody_is_lost(scale, data):
    scores = data.draw(st.lists(st.integers(scale.minimum, scale.maximum), min_size=1, max_size=40))
    counts, size = bins(scores, scale), bin_size(scale)
    over = sum(score >= scale.pass_mark for score in scores)
    assert sum(people for column, people in counts.items() if column >= 0) == over
    assert sum(counts.values()) == len(scores)
    assert scale.pass_mark + (max(counts) + 1) * size <= scale.maximum + 1e-6


@given(scales(), st.data())
def test_stretches_cover_the_scale_without_a_gap_and_hold_what_their_bins_do(scale, data):
    scores = data.draw(st.lists(st.integers(scale.minimum, scale.maximum), max_size=40))
    found = stretches(scores, scale)
    assert (found[0][0], found[-1][1]) == (scale.minimum, scale.maximum)
    assert [high + 1 for _low, high, _people in found[:-1]] == [low for low, _high, _people in found[1:]]
    assert all(people == sum(low <= score <= high for score in scores) for low, high, people in found)
    assert scale.pass_mark in {low for low, _high, _people in found}


@pytest.mark.parametrize("people", [5, 40, 400])
def test_every_dot_can_be_seen_and_lies_in_the_drawing(people):
    html = spread_of([760] * people + [400])
    dots = CIRCLE.findall(html)
    assert len(dots) == people + 1
    assert min(float(r) for *_, r in dots) >= 2
    assert min(float(y) - float(r) for *_, y, r in dots) >= 0
    assert len({(x, y) for _look, x, y, _r in dots}) == people + 1


# All of them


@pytest.mark.parametrize("draw", DRAWINGS)
def test_a_drawing_names_itself_and_keeps_to_the_policy(draw):
    html = draw(FAILED, key="here")
    (label,) = re.findall(r'<svg class="chart" height="\d+" role="img" aria-labelledby="([^"]*)"', html)
    assert f'<title id="{label}">' in html
    assert label.startswith("here-")
    assert "viewBox" not in html
    assert "style=" not in html
    assert not re.search(r"\son\w+=", html)


@pytest.mark.parametrize("draw", DRAWINGS)
def test_two_drawings_in_a_page_have_ids_of_their_own(draw):
    ids = re.findall(r' id="([^"]*)"', draw(FAILED, key="one") + draw(FAILED, key="two"))
    assert len(ids) == len(set(ids)) == 2


@pytest.mark.parametrize("draw", DRAWINGS)
def test_what_comes_from_outside_is_escaped(draw):
    html = draw(FAILED, key='"><script>')
    assert "<script>" not in html
    assert "&quot;&gt;&lt;script&gt;" in html


@pytest.mark.parametrize("language", ["ja", "de"])
@pytest.mark.parametrize("draw", DRAWINGS)
def test_coordinates_are_the_same_in_every_language(draw, language, settings):
    settings.USE_THOUSAND_SEPARATOR = True
    found = COORDINATE.findall(draw(FAILED, language=language))
    assert found == COORDINATE.findall(draw(FAILED))
    assert all(re.fullmatch(r"\d+(\.\d+)?%?", value) for value in found)


def test_a_tall_drawing_has_plain_coordinates_too(settings):
    settings.USE_THOUSAND_SEPARATOR = True
    html = spread_of([760] * 400, language="de")
    assert all(re.fullmatch(r"\d+(\.\d+)?%?", value) for value in COORDINATE.findall(html))
