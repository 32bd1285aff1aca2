"""The forms of a question in the author's desk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from adminsortable2.admin import CustomInlineFormSet
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from exams.domain.bank import Case, checksum
from exams.domain.problems import Problem
from exams.forms.checking import beside
from exams.forms.judging import judge, judge_rows
from exams.forms.problems import sentence
from exams.forms.targets import TargetWidget, settle_targets, unsaved_id
from exams.forms.texts import SEPARATOR
from exams.models import Exam, Question, Task
from exams.queries.bank import content_of

CODE_LENGTH = 60
OPTION_LENGTH = 50


def base_of(question: Question) -> str:
    """What a form is about: the content that it was opened with, and the code. The text of a case and pictures are
    written elsewhere, by the author of this form, too."""
    content = content_of(question)
    case = Case(id=content.case.id, text={}) if content.case else None
    return f"{checksum(replace(content, case=case, media={}))}.{question.code}"


class ByDomain(forms.models.ModelChoiceIterator):
    """Task statements under their domains."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for domain, tasks in groupby(self.queryset, key=lambda task: task.domain):
            yield str(domain), [self.choice(task) for task in tasks]


def offer_tasks(field: Any, exam: Exam) -> None:
    """Let a field offer the task statements of an exam, and of no other."""
    field.iterator = ByDomain
    rows = Task.objects.filter(domain__exam=exam).select_related("domain")
    field.queryset = rows.order_by("domain__order", "domain", "order")


class QuestionForm(forms.ModelForm):
    """A question of one exam: domains, tasks, cases and tags of another are not offered and not taken.

    ``base`` says what the author was shown; where somebody has saved since (``has_conflict``) the form is refused once,
    and its page shows both.
    """

    exam: Exam
    has_conflict = False
    base = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Question
        fields = (
            *("code", "kind", "domain", "task", "case", "stem", "objective", "tags", "difficulty", "shuffle"),
            *("as_of", "source", "licence"),
        )
        widgets = {"tags": forms.CheckboxSelectMultiple}
        error_messages = {"as_of": {"invalid": _("This is no date. Write year, month and day, such as 2026-03-31.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "domain" not in self.fields:  # somebody who may only look
            return
        self.instance.exam = self.exam
        self.fields["domain"].queryset = self.exam.domains.all()
        offer_tasks(self.fields["task"], self.exam)
        self.fields["case"].queryset = self.exam.cases.all()
        self.fields["tags"].queryset = self.exam.tags.all()
        self.fields["code"].required = False
        self.fields["base"].initial = base_of(self.instance) if self.instance.pk else ""
        beside(self, {})

    def clean_code(self) -> str:
        """One's own, or one made from the English stem; unique in the exam."""
        code = self.cleaned_data["code"] or _slug(str(self.data.get(self.add_prefix("stem__en"), "")))
        others = self.exam.questions.exclude(pk=self.instance.pk)
        if not self.cleaned_data["code"] and others.filter(code=code).exists():
            code = f"{_cut(code, CODE_LENGTH - 5)}-{get_random_string(4, 'abcdefghjkmnpqrstuvwxyz23456789')}"
        if others.filter(code=code).exists():
            raise ValidationError(_("Another question of this exam has this code. Choose another one."))
        return code

    def clean_as_of(self) -> date | None:
        """Not to come: facts of a later day would not grow old until then."""
        as_of = self.cleaned_data["as_of"]
        if as_of and as_of > timezone.localdate():
            raise ValidationError(_("This day is still to come. Enter the day on which the facts were last checked."))
        return as_of

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.has_conflict:
            self.add_error(
                None,
                _("Somebody else has saved this question since you opened it. Nothing of yours is lost: see below."),
            )
        judge(self, self.exam, is_checked=True)
        domain, task = cleaned.get("domain"), cleaned.get("task")
        if domain and task and task.domain_id != domain.pk:
            self.add_error(
                "task",
                _("This task statement belongs to another domain. Choose one of %(domain)s.") % {"domain": domain},
            )
        return cleaned


class RowForm(forms.ModelForm):
    """A row that can be dragged. An empty one that only got its place by that is still empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        beside(self, {})

    def has_changed(self) -> bool:
        return bool(set(self.changed_data) - (set() if self.instance.pk else {"order"}))


class OptionForm(RowForm):
    """An option; what it matches is chosen from the others."""

    class Meta:
        widgets = {"target": TargetWidget}


class ReferenceForm(RowForm):
    """A reference; its address is written in full."""

    class Meta:
        error_messages = {
            "url": {"invalid": _("This is no address. Write it in full, such as https://docs.example.org/guide.")}
        }


class OptionFormSet(CustomInlineFormSet):
    """Options get an id that lasts when they are first saved, from their English text."""

    def clean(self) -> None:
        judge_rows(self)
        rows = [
            form.cleaned_data
            for form in self.forms
            if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")
        ]
        self._judge_codes()
        taken = {row["code"] for row in rows if row.get("code")}
        for form in self.forms:
            row = form.cleaned_data if hasattr(form, "cleaned_data") else {}
            if not row.get("text") or row.get("code") or row.get("DELETE"):
                continue
            code = base = _slug(row["text"].get("en", ""), OPTION_LENGTH)
            number = 2
            while code in taken:
                code, number = f"{base}-{number}", number + 1
            taken.add(code)
            form.instance.code = row["code"] = code
        settle_targets(self.forms)
        super().clean()

    def _judge_codes(self) -> None:
        """An id that an option above has already is refused beside the field."""
        seen: set[str] = set()
        for form in self.forms:
            row = form.cleaned_data if hasattr(form, "cleaned_data") else {}
            if not (code := row.get("code")) or row.get("DELETE"):
                continue
            if code in seen:
                form.add_error("code", sentence(Problem("option_id_twice", params={"id": code})))
            seen.add(code)


class ReferenceFormSet(CustomInlineFormSet):
    """References, their titles judged as other texts are."""

    def clean(self) -> None:
        judge_rows(self)
        super().clean()


ROWS = {
    "options": ("text", "rationale", "code", "target", "is_key", "order"),
    "references": ("title", "url", "order"),
}


def rebased(data: QueryDict, question: Question) -> QueryDict:
    """What was sent, made to fit the question as it is stored now, so that sending it again overwrites knowingly.

    Options are found again by their id, references by their row. What is gone from the database becomes a new row; what
    has come there meanwhile is added, marked to be deleted, since it is not in what was sent.
    """
    fresh = data.copy()
    fresh["base"] = base_of(question)
    for prefix, fields in ROWS.items():
        stored = {str(row.code if prefix == "options" else row.pk): row for row in getattr(question, prefix).all()}
        sent = _sent_rows(data, prefix)
        known: list[dict[str, Any]] = []
        new: list[dict[str, Any]] = []
        for row in sent:
            found = stored.pop(str(row.get("code" if prefix == "options" else "id", "")), None)
            if found:
                known.append({**row, "id": found.pk})
            elif "DELETE" not in row:
                new.append({**row, "id": ""})
        known += [{**_stored_row(row, fields), "id": row.pk, "DELETE": "on"} for row in stored.values()]
        moved = {row.pop("was", ""): f"{prefix}-{number}" for number, row in enumerate([*known, *new])}
        names = {unsaved_id(was): unsaved_id(now) for was, now in moved.items()}
        for key in [key for key in fresh if key.startswith(f"{prefix}-") and key.split("-")[1].isdigit()]:
            del fresh[key]
        for number, row in enumerate([*known, *new]):
            target = {"target": names.get(row["target"], row["target"])} if "target" in row else {}
            for name, value in {**row, **target, "question": question.pk}.items():
                fresh[f"{prefix}-{number}-{name}"] = str(value)
        fresh[f"{prefix}-TOTAL_FORMS"], fresh[f"{prefix}-INITIAL_FORMS"] = str(len(known) + len(new)), str(len(known))
    return fresh


def _sent_rows(data: QueryDict, prefix: str) -> list[dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    for key in data:
        start, _, rest = key.removeprefix(f"{prefix}-").partition("-")
        if key.startswith(f"{prefix}-") and rest and start.isascii() and start.isdigit():
            rows.setdefault(int(start), {"was": f"{prefix}-{start}"})[rest] = data[key]
    return [rows[number] for number in sorted(rows)]


def _stored_row(row: Any, fields: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in fields:
        value = getattr(row, name)
        if isinstance(value, dict):
            values |= {f"{name}{SEPARATOR}{language}": words for language, words in value.items()}
        elif value is not False:
            values[name] = "on" if value is True else value
    return values


def _slug(text: str, length: int = CODE_LENGTH) -> str:
    words = _cut(slugify(text).replace("_", "-").strip("-"), length)
    return words or f"q-{get_random_string(8, 'abcdefghjkmnpqrstuvwxyz23456789')}"


def _cut(code: str, length: int) -> str:
    """At most so many characters, cut between two words where there are two."""
    return code if len(code) <= length else code[: length + 1].rpartition("-")[0] or code[:length]
