"""A text in several languages: one JSON object {language: text}."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import get_language


class TextField(models.JSONField):
    """{language: Markdown}. Searchable per language: ``stem__ja__icontains`` works on both databases."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        """The form decides (exams.forms.texts.TextFormField in the admin); without a decision no JSON is shown to
        anybody."""
        return models.Field.formfield(self, **kwargs)


def in_language(text: Mapping[str, str], language: str | None = None) -> str:
    """The text in ``language`` (the active one by default), else in any language it has."""
    language = (language or get_language() or "en").split("-")[0]
    return text.get(language) or next((value for value in text.values() if value), "")
