"""Charts as SVG without a viewBox: x in percent, y in pixels, so that one drawing serves every width.

The drawing stretches; lettering and strokes do not. Each chart says its message in its title, and the page has the
numbers beside it. Coordinates are made into text here, so that no language's decimal comma gets into a drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django import template

from exams.domain.cohort_results import bin_size, bins, stretches
from exams.domain.scoring import Scale, ScoreReport

register = template.Library()
FEWEST = 5  # people; under that a spread would show persons
LABEL = 0.08  # of a scale: how much of it a figure covers on the narrowest screen that shows any


class Share(Protocol):
    """What a bar is drawn of: somebody's, or a cohort's, share in 0 to 1 with its interval."""

    share: float
    interval: tuple[float, float]


def percent(value: float, low: float, high: float) -> str:
    """Where ``value`` lies between ``low`` and ``high``, as the coordinate of a chart; always with a point."""
    return f"{100 * (value - low) / (high - low):.2f}%"


def width(start: float, end: float, low: float, high: float) -> str:
    """How wide the stretch from ``start`` to ``end`` is."""
    return percent(low + end - start, low, high)


def tick_step(low: int, high: int) -> int:
    """Distance of the labelled ticks: the least of 1, 2, 5, 10, 20 … that makes ten steps or fewer."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if high - low <= 10 * digit * power:
                return digit * power
        power *= 10


@register.inclusion_tag("exams/charts/score_scale.html")
def score_scale(report: ScoreReport, scale: Scale, key: str) -> dict[str, Any]:
    """The score as a point with its interval on the exam's scale: hollow where it fails. ``key`` makes the ids of the
    drawing unique in the page."""
    low, high = scale.minimum, scale.maximum
    return {
        "key": key,
        "report": report,
        "scale": scale,
        "cut": percent(scale.pass_mark, low, high),
        "cut_at": _inward(scale.pass_mark, low, high),
        "zone": width(scale.pass_mark, high, low, high),
        "point": percent(report.scaled, low, high),
        "band": percent(report.interval[0], low, high) if report.interval else "",
        "band_width": width(*report.interval, low, high) if report.interval else "",
        "ends": _ends(report.interval, scale) if report.interval else [],
        "ticks": _ticks(low, high, scale.pass_mark),
        "figure_at": _inward(report.scaled, low, high),
    }


@register.inclusion_tag("exams/charts/score_point.html")
def score_point(report: ScoreReport, scale: Scale, key: str) -> dict[str, Any]:
    """As ``score_scale``, small enough for a row of a table; the figures stand beside it."""
    low, high = scale.minimum, scale.maximum
    return {
        "key": key,
        "report": report,
        "scale": scale,
        "cut": percent(scale.pass_mark, low, high),
        "zone": width(scale.pass_mark, high, low, high),
        "point": percent(report.scaled, low, high),
        "band": percent(report.interval[0], low, high) if report.interval else "",
        "band_width": width(*report.interval, low, high) if report.interval else "",
    }


@register.inclusion_tag("exams/charts/domain_bar.html")
def domain_bar(row: Share, cut_share: float, key: str) -> dict[str, Any]:
    """One domain's share as a bar with its interval and the cut: outlined under the cut, filled from it on."""
    return {
        "key": key,
        "share": percent(row.share, 0, 1),
        "low": percent(row.interval[0], 0, 1),
        "high": percent(row.interval[1], 0, 1),
        "cut": percent(cut_share, 0, 1),
        "is_over": row.share >= cut_share,
        "percent": round(100 * row.share),
        "low_percent": round(100 * row.interval[0]),
        "high_percent": round(100 * row.interval[1]),
        "cut_percent": round(100 * cut_share),
    }


@register.inclusion_tag("exams/charts/score_spread.html")
def score_spread(scores: Sequence[int], scale: Scale, key: str) -> dict[str, Any]:
    """A dot for each person, binned so that the pass mark is an edge. Empty under five people: the page says why."""
    if len(scores) < FEWEST:
        return {"is_empty": True}
    low, high, mark = scale.minimum, scale.maximum, scale.pass_mark
    size, columns = float(bin_size(scale)), bins(scores, scale)
    tallest = max(columns.values())
    gap = max(7, min(16, 180 // tallest))  # a dot stays visible in the largest group: the drawing grows instead
    base = 30 + max(120, gap * tallest)
    return {
        "is_empty": False,
        "key": key,
        "scale": scale,
        "count": len(scores),
        "over": sum(score >= mark for score in scores),
        "height": str(base + 58),
        "base": str(base),
        "zone_height": str(base - 30),
        "tick_end": str(base + 9),
        "label_y": str(base + 26),
        "cut_end": str(base + 34),
        "cut_label_y": str(base + 50),
        "cut": percent(mark, low, high),
        "cut_at": _inward(mark, low, high),
        "zone": width(mark, high, low, high),
        "dots": [
            {
                "x": percent(max(low, mark + (column + 0.5) * size), low, high),
                "y": f"{base - gap / 2 - 2 - gap * number:.1f}",
                "is_over": column >= 0,
                # A full dot is edged with paper, a hollow one with ink: so both look equally large.
                "radius": f"{gap / 2 if column >= 0 else gap / 2 - 1.5:.1f}",
            }
            for column, people in columns.items()
            for number in range(people)
        ],
        "ticks": _ticks(low, high, mark),
        "counts": [
            {"low": first, "high": last, "people": people} for first, last, people in stretches(scores, scale) if people
        ],
    }


def _ticks(low: int, high: int, mark: int) -> list[dict[str, Any]]:
    """A tick at each round number, labelled but for the pass mark, which has its own label. Every second label may go
    where room is short, but never an outer one."""
    step = tick_step(low, high)
    values = list(range(-(-low // step) * step, high + 1, step))
    last = len(values) - 1
    return [
        {
            "x": percent(value, low, high),
            "value": "" if value == mark else value,
            "at": "" if value == low else "end" if value == high else "mid",
            "is_alt": 0 < index < last and (index % 2 == 1 or index == last - 1),
        }
        for index, value in enumerate(values)
    ]


def _ends(interval: tuple[int, int], scale: Scale) -> list[dict[str, Any]]:
    """The interval's ends, labelled on its outside where there is room and the pass mark's line is not in the way; the
    ticks name the ends of the scale."""
    low, high = scale.minimum, scale.maximum
    start, end = (_share(value, low, high) for value in interval)
    mark = _share(scale.pass_mark, low, high)
    return [
        {
            "x": percent(interval[0], low, high),
            "label": "" if start <= 0 else str(interval[0]),
            "at": "" if start < LABEL or 0 <= start - mark < LABEL else "end",
        },
        {
            "x": percent(interval[1], low, high),
            "label": "" if end >= 1 else str(interval[1]),
            "at": "end" if end > 1 - LABEL or 0 <= mark - end < LABEL else "",
        },
    ]


def _share(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low)


def _inward(value: float, low: float, high: float) -> str:
    """On which side of its place a wide label stands, so that it does not leave the drawing."""
    share = _share(value, low, high)
    return "" if share < 0.15 else "end" if share > 0.85 else "mid"
