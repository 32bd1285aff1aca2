"""Form field of a text in several languages: one input per language, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import pgettext

from exams.domain.bank import LONGEST_TEXT
from exams.domain.problems import Problem
from exams.forms.problems import LANGUAGES, sentence
from exams.rendering import unprintable

SEPARATOR = "__"


class TextWidget(forms.Widget):
    """One area per language of the site. Languages that it does not show travel along hidden, so that they survive.

    Where the checker has a place beside the areas (forms.checking), ``said`` is what it says, by an area's id, and what
    the template of that needs besides.
    """

    template_name = "exams/widgets/text.html"
    use_fieldset = True
    said: tuple[Mapping[str, Sequence[Any]], Mapping[str, Any]] | None = None

    @staticmethod
    def shown() -> list[str]:
        """The languages that have an area."""
        return [code for code, _label in settings.LANGUAGES]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        texts = value if isinstance(value, Mapping) else {}
        own = context["widget"]["attrs"]
        base = own.pop("id", f"id_{name}")
        said, besides = self.said or ({}, {})
        context |= besides
        context["widget"]["has_findings"] = self.said is not None
        context["widget"]["error"] = f"{base}_error" if "aria-invalid" in own else ""
        context["widget"]["languages"] = [
            {
                "code": code,
                "label": label,
                "name": f"{name}{SEPARATOR}{code}",
                "id": f"{base}_{code}",
                "text": texts.get(code, ""),
                "said": said.get(f"{base}_{code}", ()),
            }
            for code, label in settings.LANGUAGES
        ]
        context["widget"]["hidden"] = [
            {"name": f"{name}{SEPARATOR}{code}", "text": text}
            for code, text in texts.items()
            if code not in self.shown()
        ]
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        """{language: text as typed} of all that was sent."""
        start = f"{name}{SEPARATOR}"
        return {key.removeprefix(start): str(data[key]) for key in data if key.startswith(start)}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not self.value_from_datadict(data, files, name)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_{settings.LANGUAGES[0][0]}"


class TextFormField(forms.Field):
    """{language: text}, without the languages that were left empty; at least one where the field is required."""

    widget = TextWidget

    def __init__(self, *, encoder: object = None, decoder: object = None, **kwargs: Any) -> None:
        # A model's JSON field passes an encoder, a decoder and, for its default, a hidden copy: a text needs none of
        # them.
        super().__init__(**{**kwargs, "show_hidden_initial": False})

    def to_python(self, value: Any) -> dict[str, str]:
        """Line ends as in Unix, no space around."""
        texts = {language: text.replace("\r\n", "\n").strip() for language, text in (value or {}).items()}
        return {language: text for language, text in texts.items() if text}

    def validate(self, value: dict[str, str]) -> None:
        """What no database takes or is too long is refused, with its language, unless the page has a checker that says
        so: then ``forms.judging`` does."""
        super().validate(value)
        if self.widget.said is not None:
            return
        colon = pgettext("between a place and a sentence", ": ")
        bad = []
        for language, text in value.items():
            if len(text) > LONGEST_TEXT:
                bad.append((language, Problem("text_too_long", params={"length": len(text), "limit": LONGEST_TEXT})))
            elif unprintable(text):
                bad.append((language, Problem("control_character")))
        if bad:
            raise ValidationError([f"{LANGUAGES.get(language, language)}{colon}{sentence(it)}" for language, it in bad])

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)
