"""Texts in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from exams.models import texts
from exams.rendering import plain_text

register = template.Library()


@register.filter
def in_language(text: Mapping[str, str]) -> str:
    """The text in the language of the page, or in any it has."""
    return texts.in_language(text)


@register.filter
def as_plain(text: str) -> str:
    """What a reader sees of Markdown, in one line."""
    return plain_text(text)
