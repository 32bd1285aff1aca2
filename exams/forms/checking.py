"""What the checker says, beside the fields that it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.template.loader import render_to_string

from exams.forms.problems import place, sentence
from exams.forms.texts import SEPARATOR, TextWidget
from exams.forms.typed import Typed
from exams.queries.checking import Judged

OF_ONE_VALUE = ("case", "shuffle", "as_of", "target")  # fields besides the texts of which something may be said
OF_ROWS = {"options": "options-group", "targets": "options-group", "references": "references-group"}


@dataclass(frozen=True, slots=True)
class Said:
    """A finding in words, and where on the page it stands.

    ``at`` is the id of the input or group of rows that it is about ("" where the page has none), ``reason`` what was
    written to accept it, and ``refusal`` why that was not taken.
    """

    row: Judged
    place: str
    says: str
    at: str
    reason: str = ""
    refusal: str = ""

    @property
    def name(self) -> str:
        """By which the page names the finding: code, place and fingerprint."""
        return name_of(self.row)


def name_of(row: Judged) -> str:
    """Code, place and fingerprint of a finding, as the page sends them back."""
    return f"{row.finding.code} {row.finding.where} {row.text}"


def put(
    rows: Iterable[Judged], form: Typed, data: Mapping[str, Any], *, refused: str = "", refusal: str = ""
) -> list[Said]:
    """Findings with their places on the page whose form holds ``data``; one of them (``refused``, its name) was not
    accepted for a reason (``refusal``)."""
    return [
        Said(
            row,
            place(row.finding.where),
            sentence(row.finding),
            _at(form, row.finding.where, data),
            reason=str(data.get(f"_reason_{row.text}", "")),
            refusal=refusal if refused == name_of(row) else "",
        )
        for row in rows
    ]


def _at(form: Typed, where: str, data: Container[str]) -> str:
    if where in OF_ROWS:
        return OF_ROWS[where]
    name = form.field(where)
    is_sent = name in data or name == "shuffle"  # a box that is not ticked is not sent
    return f"id_{name.replace(SEPARATOR, '_')}" if is_sent else ""


def by_place(said: Iterable[Said]) -> dict[str, list[Said]]:
    """What is said, by the id of the input or group."""
    found: dict[str, list[Said]] = defaultdict(list)
    for one in said:
        found[one.at].append(one)
    return dict(found)


def beside(form: forms.BaseForm, said: Mapping[str, Sequence[Said]], **context: Any) -> None:
    """Give each field of the form a place for what the checker says of it, with what it says now (``by_place``)."""
    for name, field in form.fields.items():
        if isinstance(field.widget, TextWidget):
            field.widget.said = (said, context)
        elif name in OF_ONE_VALUE:
            id_ = form[name].auto_id
            form[name].help_text = render_to_string(
                "exams/author/_beside.html", {**context, "at": id_, "said": said.get(id_, ())}
            )


def sent(forms_of_page: Iterable[forms.BaseForm], formsets: Iterable[Any]) -> dict[str, Any]:
    """What a browser would send of texts, rows and choices that nobody has touched."""
    data: dict[str, Any] = {}
    for form in forms_of_page:
        for field in form:
            value = field.value()
            if isinstance(value, Mapping):
                data |= {f"{field.html_name}{SEPARATOR}{language}": words for language, words in value.items()}
                # An area that is empty is sent, too.
                data |= {f"{field.html_name}{SEPARATOR}{code}": value.get(code, "") for code in TextWidget.shown()}
            elif value is not None and value is not False:
                data[field.html_name] = value
    for formset in formsets:
        data |= {f"{formset.prefix}-TOTAL_FORMS": str(len(formset.forms))}
    return data
