"""What stands in the edit form of a question, taken as it is: half-written text is checked, too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from exams.domain.bank import Case, Kind, Option, QuestionContent, Reference, Target
from exams.forms.texts import TextFormField, TextWidget
from exams.models import Exam

MOST_ROWS = 100  # of options or references; a question has about five


def posted_content(data: Mapping[str, Any], exam: Exam) -> QuestionContent:
    """The content that the form's fields would make. What can't be understood is left out: saving says so."""
    kind = Kind(data["kind"]) if data.get("kind") in set(Kind) else Kind.SINGLE
    rows, targets = _options(data, kind)
    number = str(data.get("case", ""))
    case = exam.cases.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
    return QuestionContent(
        kind=kind,
        domain="",
        task="",
        stem=_text(data, "stem"),
        options=tuple(
            Option(
                id=str(data.get(f"{row}-code") or row),
                text=_text(data, f"{row}-text"),
                rationale=_text(data, f"{row}-rationale"),
                is_key=bool(data.get(f"{row}-is_key")),
                target=str(data.get(f"{row}-target", "")),
            )
            for row in rows
        ),
        targets=tuple(
            Target(id=str(data.get(f"{row}-code") or row), text=_text(data, f"{row}-text")) for row in targets
        ),
        case=Case(id=case.code, text=case.text) if case else None,
        objective=_text(data, "objective"),
        references=tuple(
            Reference(title=_text(data, f"{row}-title"), url=str(data.get(f"{row}-url", "")))
            for row in _rows(data, "references")
        ),
        shuffle=bool(data.get("shuffle")),
        as_of=_day(data.get("as_of", "")),
    )


def field_of(where: str, data: Mapping[str, Any]) -> str:
    """The id of the input in which a place in the question (``options.2.text.ja``) was typed, "" where it is none."""
    kind = Kind(data["kind"]) if data.get("kind") in set(Kind) else Kind.SINGLE
    options, targets = _options(data, kind)
    rows = {"options": options, "targets": targets, "references": list(_rows(data, "references"))}
    part, *rest = where.split(".")
    if part in rows and len(rest) == 3 and int(rest[0]) <= len(rows[part]):
        return f"id_{rows[part][int(rest[0]) - 1]}-{rest[1]}_{rest[2]}"
    if part in ("stem", "objective") and rest and data:
        return f"id_{part}_{rest[0]}"
    return "id_as_of" if where == "as_of" and data else ""


def _options(data: Mapping[str, Any], kind: Kind) -> tuple[list[str], list[str]]:
    """The rows of options and those of a matching's targets, which match nothing themselves."""
    rows = list(_rows(data, "options"))
    targets = [row for row in rows if kind is Kind.MATCHING and not data.get(f"{row}-target")]
    return [row for row in rows if row not in targets], targets


def _rows(data: Mapping[str, Any], name: str) -> Iterator[str]:
    """The prefixes of the rows that are not to be deleted and have a text, in the order they were dragged into."""
    total = str(data.get(f"{name}-TOTAL_FORMS", ""))
    count = min(int(total), MOST_ROWS) if total.isdecimal() and len(total) < 6 else 0
    rows = [f"{name}-{number}" for number in range(count)]
    part = {"options": "text", "references": "title"}[name]
    filled = [
        row
        for row in rows
        if not data.get(f"{row}-DELETE") and (_text(data, f"{row}-{part}") or data.get(f"{row}-url"))
    ]
    return iter(sorted(filled, key=lambda row: _place(data.get(f"{row}-order"))))


def _place(value: object) -> int:
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 6 else MOST_ROWS


def _text(data: Mapping[str, Any], name: str) -> dict[str, str]:
    return TextFormField(required=False).to_python(TextWidget().value_from_datadict(data, None, name))


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
