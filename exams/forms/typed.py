"""What stands in the form of a question at this moment, saved or not, right or wrong, as content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from exams.domain.bank import Case, Difficulty, Kind, Option, QuestionContent, Reference, Target, Text
from exams.forms.targets import unsaved_id
from exams.forms.texts import SEPARATOR, TextWidget
from exams.models import Exam, Task

MOST_ROWS = 100  # of options or references that are looked at
LONGEST_NUMBER = 19  # digits


@dataclass(frozen=True, slots=True)
class Typed:
    """The content, and the form's name of each row's field (``options.2.text`` is ``options-3-text``)."""

    content: QuestionContent
    fields: Mapping[str, str]

    @property
    def is_blank(self) -> bool:
        """Whether nothing of the question is written yet."""
        content = self.content
        words = any(content.stem.values()) or any(content.objective.values())
        return not (words or content.options or content.targets or content.references or content.case)

    def field(self, where: str) -> str:
        """The name under which the browser sends what stands at a place: ``options-3-text__ja``."""
        if where.startswith("case."):
            return "case"
        name, _, language = where.rpartition(".")
        if where in self.fields or not name:
            return self.fields.get(where, where)
        return f"{self.fields.get(name, name)}{SEPARATOR}{language}"


def typed(data: Mapping[str, Any], exam: Exam, *, longest: int | None = None) -> Typed:
    """Read what a browser sends of the form, of each text so many characters (``longest``). Raises nothing: what makes
    no sense is as if it were empty."""

    def text(name: str) -> Text:
        return {language: words[:longest] for language, words in _text(data, name).items()}

    kind = _member(Kind, data.get("kind"), Kind.SINGLE)
    fields: dict[str, str] = {}
    options: list[Option] = []
    targets: list[Target] = []
    for row in _rows(data, "options"):
        words, rationale = text(f"{row}-text"), text(f"{row}-rationale")
        code, target = _word(data, f"{row}-code"), _word(data, f"{row}-target")
        if not (words or rationale or code):
            continue
        taken = {one.id for one in (*options, *targets)}
        id_ = code if code and code not in taken else unsaved_id(row)
        if kind is Kind.MATCHING and not target:
            targets.append(Target(id=id_, text=words))
            where = f"targets.{len(targets)}"
        else:
            is_key = kind in (Kind.SINGLE, Kind.MULTIPLE) and bool(data.get(f"{row}-is_key"))
            match = target if kind is Kind.MATCHING else ""
            options.append(Option(id=id_, text=words, rationale=rationale, is_key=is_key, target=match))
            where = f"options.{len(options)}"
        fields |= {f"{where}.{name}": f"{row}-{name}" for name in ("text", "rationale", "target")}
    references: list[Reference] = []
    for row in _rows(data, "references"):
        title, url = text(f"{row}-title"), _word(data, f"{row}-url")
        if title or url:
            references.append(Reference(title=title, url=url))
            fields |= {f"references.{len(references)}.{name}": f"{row}-{name}" for name in ("title", "url")}
    content = QuestionContent(
        kind=kind,
        domain=_code(exam.domains, data.get("domain")),
        task=_code(Task.objects.filter(domain__exam=exam), data.get("task")),
        stem=text("stem"),
        options=tuple(options),
        targets=tuple(targets),
        case=_case(exam, data.get("case")),
        objective=text("objective"),
        references=tuple(references),
        tags=_tags(data, exam),
        difficulty=_member(Difficulty, data.get("difficulty"), Difficulty.MEDIUM),
        shuffle=bool(data.get("shuffle")),
        as_of=_date(_word(data, "as_of")),
        source=text("source"),
        licence=_word(data, "licence"),
    )
    return Typed(content, fields)


def _rows(data: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """Prefixes of a formset's rows that are not to be deleted, in the order of the page: new ones that were not moved
    have no place, and come last."""
    total = _word(data, f"{prefix}-TOTAL_FORMS")
    count = min(_number(total), MOST_ROWS)
    rows = [f"{prefix}-{number}" for number in range(count) if not data.get(f"{prefix}-{number}-DELETE")]

    def place(row: str) -> tuple[bool, int, int]:
        given, is_saved = _number(_word(data, f"{row}-order")), bool(data.get(f"{row}-id"))
        return not (given or is_saved), given, int(row.rpartition("-")[2])

    yield from sorted(rows, key=place)


def _number(word: str) -> int:
    """What the digits say; 0 for anything else, and for more digits than a key of the database has."""
    return int(word) if word.isascii() and word.isdigit() and len(word) < LONGEST_NUMBER else 0


def _text(data: Mapping[str, Any], name: str) -> Text:
    texts = TextWidget().value_from_datadict(data, None, name)
    tidy = {language: words.replace("\r\n", "\n").strip() for language, words in texts.items()}
    return {language: words for language, words in tidy.items() if words}


def _word(data: Mapping[str, Any], name: str) -> str:
    return str(data.get(name) or "").strip()


def _member(members: Any, value: object, default: Any) -> Any:
    return members(value) if value in set(members) else default


def _code(rows: Any, pk: object) -> str:
    found = rows.filter(pk=_number(str(pk or ""))).first()
    return found.code if found else ""


def _case(exam: Exam, pk: object) -> Case | None:
    found = exam.cases.filter(pk=_number(str(pk or ""))).first()
    return Case(id=found.code, text=found.text) if found else None


def _tags(data: Mapping[str, Any], exam: Exam) -> tuple[str, ...]:
    chosen = data.getlist("tags") if hasattr(data, "getlist") else []
    pks = [number for pk in chosen if (number := _number(pk))]
    return tuple(sorted(exam.tags.filter(pk__in=pks).values_list("code", flat=True))) if pks else ()


def _date(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None
