"""Texts in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from exams.models import texts

register = template.Library()


@register.filter
def in_language(text: Mapping[str, str]) -> str:
    """The text in the language of the page, or in any it has."""
    return texts.in_language(text)
