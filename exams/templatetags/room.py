"""The exam room: its questions, and its small pictures of time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from exams.queries.attempts import Room, RoomItem

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
    left. One that the close of an assignment has cut may have less than a whole minute."""
    minutes = max(minutes, 1)
    return {
        "gone": _percent(max(0.0, minutes * 60 - seconds_left), minutes * 60),
        "ticks": [
            {"x": _percent(minute, minutes), "is_major": minute % 30 == 0} for minute in range(0, minutes + 1, 5)
        ],
        "warnings": [_percent(minutes - left, minutes) for left in (30, 15, 5) if left < minutes],
    }


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.3f}%"


@register.simple_tag
def calculator_keys() -> list[tuple[str, str]]:
    """(what is on a key, its name where that says nothing) in rows of four."""
    names = {
        "C": _("clear all"),
        "⌫": _("delete the last digit"),
        "÷": _("divided by"),
        "×": _("times"),
        "−": _("minus"),
        "+": _("plus"),
        "±": _("change the sign"),
        "=": _("equals"),
        ".": _("decimal point"),
    }
    return [(key, str(names.get(key, ""))) for key in "C⌫±÷789×456−123+0.="]


# ── the questions of the room
#
# A question is a few hundred pieces of markup around a few dozen values. All questions of one shape (kind, number of
# options, …) have the same markup, so the template is rendered once per shape and interface language with marks in
# place of the values, and the marks are filled in for each question. Nothing of what is kept belongs to a person.

_MARK = re.compile("\ue000(.*?)\ue001")  # characters of no meaning, which no template has


def _mark(name: str) -> str:
    return f"\ue000{name}\ue001"


def _fill(frame: list[str], values: Mapping[str, str]) -> str:
    """Pieces of markup at even places of ``frame``, names of values between them."""
    return "".join([values[part] if place % 2 else part for place, part in enumerate(frame)])


@register.simple_tag(takes_context=True)
def cellmap(context: Context) -> SafeString:
    """The map of all questions, which the page shows twice."""
    frame = _cell_frame(get_language() or "")
    cells = []
    for item in context["room"].items:
        is_here = item.position == context["here"]
        classes = " qcell--done" if item.is_answered else " qcell--part" if item.is_partly else ""
        classes += " qcell--flag" if item.is_flagged else ""
        values = {
            "position": str(item.position),
            "language": context["language"],
            "classes": f"{classes} qcell--here" if is_here else classes,
            "current": ' aria-current="step"' if is_here else "",
        }
        cells.append(_fill(frame, values))
    return mark_safe(f'<ol class="cellmap" role="list">{"".join(cells)}</ol>')  # noqa: S308 - nothing of it is typed


@lru_cache(maxsize=20)
def _cell_frame(language: str) -> list[str]:
    cell = {name: _mark(name) for name in ("position", "language", "classes", "current")}
    with translation.override(language):
        return _MARK.split(render_to_string("exams/candidate/_cell.html", {"cell": cell}))


@register.simple_tag(takes_context=True)
def questions(context: Context) -> SafeString:
    """Every question of the ``room`` as a form, the one at ``here`` shown."""
    room: Room = context["room"]
    last = len(room.items)
    page = {
        "token": str(context.get("csrf_token", "")),
        "writer": str(context["writer"]),
        "total": str(last),
        "wrong": conditional_escape(context["wrong"]),
    }
    languages = tuple(code for code, _name in context["languages"])
    address = reverse("room", args=[room.attempt.public_id])
    parts: list[str] = []
    for item in room.items:
        is_here = item.position == context["here"]
        shape = _Shape(
            kind=item.kind,
            choose=item.choose,
            options=len(item.options),
            targets=len(item.targets),
            languages=languages,
            has_case=bool(item.case),
            is_first=item.position == 1,
            is_last=item.position == last,
            is_wrong=is_here and bool(context["wrong"]),
        )
        # Not reversed 65 times: addresses of the room stay as they are.
        values = _values(item, languages)
        values.update(page, url=f"{address}items/{item.position}/", hidden="" if is_here else " hidden")
        parts.append(_fill(_frame(shape, get_language() or ""), values))
    return mark_safe("".join(parts))  # noqa: S308 - the template escaped its own, _values the rest


@register.simple_tag
def sample(item: RoomItem, languages: Iterable[str]) -> SafeString:
    """One question as the room shows it, for its author: nothing of it can be sent."""
    codes = tuple(languages)
    shape = _Shape(
        kind=item.kind,
        choose=item.choose,
        options=len(item.options),
        targets=len(item.targets),
        languages=codes,
        has_case=bool(item.case),
        is_first=True,
        is_last=True,
        is_wrong=False,
    )
    values = _values(item, codes) | dict.fromkeys(("token", "writer", "wrong", "url", "hidden"), "")
    return mark_safe(_fill(_frame(shape, get_language() or ""), values | {"total": "1"}))  # noqa: S308 - as above


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """All that decides the markup of a question."""

    kind: str
    choose: int
    options: int
    targets: int
    languages: tuple[str, ...]
    has_case: bool
    is_first: bool
    is_last: bool
    is_wrong: bool


@lru_cache(maxsize=500)
def _frame(shape: _Shape, language: str) -> list[str]:
    """The template rendered for a shape."""

    def texts(name: str) -> list[dict[str, str]]:
        return [{"language": code, "html": _mark(f"{name}.{code}")} for code in shape.languages]

    item: dict[str, Any] = {
        name: _mark(name)
        for name in (
            *("position", "url", "base", "rev", "seconds", "token", "writer", "hidden", "total", "first", "last"),
            *("note", "noted", "flagged", "previous", "next"),
        )
    }
    item |= {
        "kind": shape.kind,
        "choose": shape.choose,
        "is_choice": shape.kind in ("single", "multiple"),
        "is_single": shape.kind == "single",
        "is_matching": shape.kind == "matching",
        "is_first": shape.is_first,
        "is_last": shape.is_last,
        "has_languages": len(shape.languages) > 1,
        "wrong": _mark("wrong") if shape.is_wrong else "",
        "case": texts("case") if shape.has_case else [],
        "stem": texts("stem"),
        "targets": [
            {"label": _mark(f"label{number}"), "wire": _mark(f"wire{number}"), "texts": texts(f"target{number}")}
            for number in range(shape.targets)
        ],
        "options": [
            {
                "position": number,
                "letter": _mark(f"letter{number}"),
                "texts": texts(f"option{number}"),
                "checked": _mark(f"checked{number}"),
                "struck": _mark(f"struck{number}"),
                "cells": [
                    {
                        "label": _mark(f"label{cell}"),
                        "wire": _mark(f"wire{cell}"),
                        "checked": _mark(f"checked{number}.{cell}"),
                    }
                    for cell in range(shape.targets)
                ],
            }
            for number in range(shape.options)
        ],
    }
    with translation.override(language):
        return _MARK.split(render_to_string("exams/candidate/_item.html", {"item": item}))


def _values(item: RoomItem, languages: Iterable[str]) -> dict[str, str]:
    """What belongs to one question. Its texts were cleaned when they were rendered, at publishing."""
    values = {
        "position": str(item.position),
        "base": str(item.revision),
        "rev": str(item.revision + 1),
        "seconds": str(item.seconds),
        "first": str(item.span[0]),
        "last": str(item.span[1]),
        "note": escape(item.note),
        "noted": " open" if item.note else "",
        "flagged": " checked" if item.is_flagged else "",
        "previous": str(item.position - 1),
        "next": str(item.position + 1),
    }
    for code in languages:
        values[f"case.{code}"] = item.case.get(code, "")
        values[f"stem.{code}"] = item.stem.get(code, "")
    for number, target in enumerate(item.targets):
        values[f"label{number}"], values[f"wire{number}"] = target.label, str(target.wire)
        for code in languages:
            values[f"target{number}.{code}"] = target.html.get(code, "")
    for option in item.options:
        number = option.position
        values[f"letter{number}"] = option.letter
        values[f"checked{number}"] = " checked" if option.is_chosen else ""
        values[f"struck{number}"] = " checked" if option.is_struck else ""
        for code in languages:
            values[f"option{number}.{code}"] = option.html.get(code, "")
        for cell, target in enumerate(item.targets):
            values[f"checked{number}.{cell}"] = " checked" if option.given == target.label else ""
    return values
