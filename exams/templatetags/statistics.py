"""Figures of item analysis, and who chooses what as a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django import template
from django.utils.translation import gettext as _

from exams.templatetags.charts import percent

register = template.Library()
TOP, BASE, GAP = 14, 230, 17  # pixels: the plot's upper and lower edge, and the least distance of two labels
DROP = 4  # pixels from the middle of a label to its baseline
DASHES = ("d0", "d1", "d2", "d3", "d4", "d5")  # patterns of lines; the first is drawn through
DASHED_IN_ORDER = ("key", "plain", "bad")  # the key is drawn through, the others only if all patterns are taken


@register.filter
def plain(value: float) -> str:
    """A figure with two decimals: 0.36."""
    return f"{value:.2f}"


@register.filter
def figure(value: float) -> str:
    """The same, with a minus where it is negative."""
    return f"{value:.2f}".replace("-", "−")


@register.filter
def signed(value: float) -> str:
    """A figure with two decimals and its sign: +0.34, −0.07; what rounds to nothing has none."""
    text = f"{value:+.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text.replace("-", "−")


@register.filter
def share(value: float) -> str:
    """A share as whole percent."""
    return f"{100 * value:.0f}%"


@register.filter
def clock(seconds: float) -> str:
    """Seconds as m:ss, rounded."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"


@register.inclusion_tag("exams/charts/option_lines.html")
def option_lines(rows: Sequence[Any], sizes: Sequence[int], key: str) -> dict[str, Any]:
    """Share choosing each option, by score fifth. ``rows`` have letter, is_key, is_suspect and fifths (counts); of a
    fifth that nobody is in there is no point. ``key`` makes the ids of the drawing unique in the page."""
    highest = max(
        (count / size for row in rows for count, size in zip(row.fifths, sizes, strict=True) if size), default=0
    )
    top = min(1.0, max(0.4, -(-highest // 0.2) * 0.2))  # the labelled line above all points
    lines = [_line(row, sizes, top) for row in rows]
    for number, line in enumerate(sorted(lines, key=lambda line: DASHED_IN_ORDER.index(line["style"]))):
        line["dash"] = DASHES[number % len(DASHES)]
    _spread([line for line in lines if line["points"]])
    return {
        "key": key,
        "lines": sorted(lines, key=lambda line: line["order"]),
        "grid": [
            {"y": f"{_y(step / 5, top):.1f}", "label": f"{20 * step}%", "label_y": f"{_y(step / 5, top) + 4:.1f}"}
            for step in range(round(top * 5) + 1)
        ],
        "fifths": [
            {"x": f"{25 * number}%", "label": label}
            for number, label in enumerate((_("lowest"), _("2nd"), _("3rd"), _("4th"), _("highest")))
        ],
    }


def _y(value: float, top: float) -> float:
    return BASE - (BASE - TOP) * value / top


def _line(row: Any, sizes: Sequence[int], top: float) -> dict[str, Any]:
    points = [
        {"x": percent(place, 0, 4), "y": f"{_y(count / size, top):.1f}"}
        for place, (count, size) in enumerate(zip(row.fifths, sizes, strict=True))
        if size
    ]
    style = "key" if row.is_key else "bad" if row.is_suspect else "plain"
    return {
        "letter": row.letter,
        "is_key": row.is_key,
        "is_suspect": row.is_suspect,
        "style": style,
        "order": {"key": 1, "bad": 2}.get(style, 0),  # what matters is drawn last, over the others
        "points": points,
        "steps": [{"start": one, "end": two} for one, two in pairwise(points)],
        "end_y": points[-1]["y"] if points else "",
    }


def _spread(lines: Sequence[dict[str, Any]]) -> None:
    """Move labels apart from the lines' ends, upwards from the lowest and then down from the top, so that none covers
    another; those of ends that coincide stay in their order."""
    falling = sorted(lines, key=lambda line: float(line["end_y"]))
    places = [float(line["end_y"]) for line in falling]
    for number in reversed(range(len(places) - 1)):
        places[number] = min(places[number], places[number + 1] - GAP)
    for number, place in enumerate(places):
        places[number] = max(place, TOP + GAP * number)
    for line, place in zip(falling, places, strict=True):
        line["mark_y"], line["label_y"] = f"{place:.1f}", f"{place + DROP:.1f}"
