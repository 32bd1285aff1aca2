"""What a prompt of a matching question matches: chosen from the targets that the form holds, saved or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language

WORDS = 60  # characters of a target's text that its name in the list has


class TargetWidget(forms.TextInput):
    """A list of ``targets`` (id and words of each), or a plain input where there are none to choose from; the desk's
    script makes a list of that, too, and keeps all lists in step with what is typed."""

    template_name = "exams/widgets/target.html"
    targets: Sequence[tuple[str, str]] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        known = [id_ for id_, _words in self.targets]
        lost = [(value, value)] if value and value not in known else []  # never dropped in silence
        context["widget"]["targets"] = [*self.targets, *lost] if self.targets else []
        return context


def unsaved_id(prefix: str) -> str:
    """What stands for the id of a row that has none yet (``options-3-new``), until it is saved."""
    return f"{prefix}-new"


def offer_targets(forms_of_rows: Sequence[forms.BaseForm]) -> None:
    """Let each row choose among the others that match nothing themselves."""
    rows = [(form, form["code"].value() or unsaved_id(form.prefix)) for form in forms_of_rows]
    targets = [
        (id_, words)
        for form, id_ in rows
        if not (form["target"].value() or form.data.get(f"{form.prefix}-DELETE")) and (words := _words(form))
    ]
    for form, own in rows:
        form.fields["target"].widget.targets = [target for target in targets if target[0] != own]


def _words(form: forms.BaseForm) -> str:
    texts = form["text"].value() or {}
    words = " ".join(str(texts.get(get_language()) or next(filter(None, texts.values()), "")).split())
    return words if len(words) <= WORDS else f"{words[:WORDS]}…"


def settle_targets(forms_of_rows: Sequence[forms.BaseForm]) -> None:
    """Once every row has its id: name targets that had none until now by it."""
    ids = {unsaved_id(form.prefix): row["code"] for form, row in _cleaned(forms_of_rows) if row.get("code")}
    for form, row in _cleaned(forms_of_rows):
        if row.get("target") in ids:
            form.instance.target = row["target"] = ids[row["target"]]


def _cleaned(forms_of_rows: Sequence[forms.BaseForm]) -> list[tuple[Any, dict[str, Any]]]:
    return [(form, form.cleaned_data) for form in forms_of_rows if getattr(form, "cleaned_data", None)]
