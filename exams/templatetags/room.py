"""The exam room's small pictures of time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def hms(seconds: float) -> str:
    """Seconds as h:mm:ss, rounded up, so that 0:00:00 means none are left."""
    whole = -int(-seconds // 1)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


@register.filter
def words(text: Mapping[str, str], language: str) -> SafeString:
    """One language of a text that is kept as {language: html}."""
    return clean(text.get(language, ""))


@register.filter
def clean(html: str) -> SafeString:
    """HTML that was cleaned when it was rendered, at publishing; nothing else may be passed."""
    return mark_safe(html)  # noqa: S308


@register.inclusion_tag("exams/candidate/_ruler.html")
def ruler(minutes: int, seconds_left: float) -> dict[str, Any]:
    """The time of an exam as a ruler: a tick each 5 minutes, a longer one each half hour, marks at 30, 15 and 5
    left."""
    return {
        "gone": _percent(minutes * 60 - seconds_left, minutes * 60),
        "ticks": [
            {"x": _percent(minute, minutes), "is_major": minute % 30 == 0} for minute in range(0, minutes + 1, 5)
        ],
        "warnings": [_percent(minutes - left, minutes) for left in (30, 15, 5) if left < minutes],
    }


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.3f}%"
