"""What options are called on pages of instructors and authors."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def named_in(option: str, letters: Mapping[str, str]) -> str:
    """The letter of an option or target, by its id."""
    return letters.get(option, option)
