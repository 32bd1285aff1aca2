"""Charts as SVG without a viewBox: x in percent, y in pixels, so that one drawing serves every width.

The drawing stretches; lettering and strokes do not. Each chart says its message in its title, and the page has the
numbers beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

from exams.domain.scoring import DomainResult, Scale, ScoreReport

register = template.Library()
FEWEST = 5  # people; under that a spread would show persons


def percent(value: float, low: float, high: float) -> str:
    """Where ``value`` lies between ``low`` and ``high``, as the coordinate of a chart; always with a point."""
    return f"{100 * (value - low) / (high - low):.2f}%"


def width(start: float, end: float, low: float, high: float) -> str:
    """How wide the stretch from ``start`` to ``end`` is."""
    return percent(low + end - start, low, high)


@register.inclusion_tag("exams/charts/score_scale.html")
def score_scale(report: ScoreReport, scale: Scale, key: str) -> dict[str, Any]:
    """The score as a point with its interval on the exam's scale. ``key`` makes the ids of the drawing unique in the
    page."""
    low, high = scale.minimum, scale.maximum
    return {
        "key": key,
        "report": report,
        "scale": scale,
        "cut": percent(scale.pass_mark, low, high),
        "zone": width(scale.pass_mark, high, low, high),
        "point": percent(report.scaled, low, high),
        "band": percent(report.interval[0], low, high) if report.interval else "",
        "band_end": percent(report.interval[1], low, high) if report.interval else "",
        "band_width": width(*report.interval, low, high) if report.interval else "",
        "ticks": _ticks(low, high),
        "figure_at": _figure_anchor(report.scaled, low, high),
    }


@register.inclusion_tag("exams/charts/domain_bar.html")
def domain_bar(row: DomainResult, cut_share: float, key: str) -> dict[str, Any]:
    """One domain's share as a bar with its interval and the cut: outlined under the cut, filled from it on."""
    return {
        "key": key,
        "share": f"{100 * row.share:.2f}%",
        "low": f"{100 * row.interval[0]:.2f}%",
        "high": f"{100 * row.interval[1]:.2f}%",
        "cut": f"{100 * cut_share:.2f}%",
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
    size = (high - mark) / 5 or 1
    columns: dict[int, list[int]] = {}
    for score in sorted(scores):
        columns.setdefault(min(4, int((score - mark) // size)), []).append(score)
    tallest = max(len(column) for column in columns.values())
    gap = min(22, 180 // tallest)
    base = 30 + max(120, gap * tallest)
    return {
        "is_empty": False,
        "key": key,
        "scale": scale,
        "count": len(scores),
        "over": sum(score >= mark for score in scores),
        "height": base + 58,
        "base": base,
        "zone_height": base - 30,
        "tick_end": base + 9,
        "label_y": base + 26,
        "cut_end": base + 34,
        "cut_label_y": base + 50,
        "cut": percent(mark, low, high),
        "zone": width(mark, high, low, high),
        "radius": min(9, gap / 2 - 0.5),
        "dots": [
            {
                "x": percent(max(low, mark + (column + 0.5) * size), low, high),
                "y": f"{base - gap / 2 - 2 - gap * number:.1f}",
                "is_over": column >= 0,
            }
            for column, members in columns.items()
            for number, _score in enumerate(members)
        ],
        "ticks": _ticks(low, high),
    }


def _ticks(low: int, high: int) -> list[dict[str, Any]]:
    """A labelled tick at each full hundred; every second label may go where there is little room."""
    return [
        {"x": percent(value, low, high), "value": value, "at": _anchor(value, low, high), "is_alt": index % 2}
        for index, value in enumerate(range(-(-low // 100) * 100, high + 1, 100))
    ]


def _anchor(value: float, low: float, high: float) -> str:
    """On which side of its tick a label stands, so that none leaves the drawing."""
    return "" if value == low else "end" if value == high else "mid"


def _figure_anchor(value: float, low: float, high: float) -> str:
    share = (value - low) / (high - low)
    return "" if share < 0.15 else "end" if share > 0.85 else "mid"
