"""The forms of a question in the author's desk."""

from __future__ import annotations

from typing import Any

from adminsortable2.admin import CustomInlineFormSet
from django import forms
from django.core.exceptions import ValidationError
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from exams.models import Exam, Question, Task

CODE_LENGTH = 60
OPTION_LENGTH = 50


class QuestionForm(forms.ModelForm):
    """A question of one exam: domains, tasks, cases and tags of another are not offered and not taken."""

    exam: Exam

    class Meta:
        model = Question
        fields = (
            *("code", "kind", "domain", "task", "case", "stem", "objective", "tags", "difficulty", "shuffle"),
            *("as_of", "source", "licence"),
        )
        widgets = {"tags": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "domain" not in self.fields:  # somebody who may only look
            return
        self.instance.exam = self.exam
        self.fields["domain"].queryset = self.exam.domains.all()
        self.fields["task"].queryset = Task.objects.filter(domain__exam=self.exam).order_by("domain__order", "order")
        self.fields["case"].queryset = self.exam.cases.all()
        self.fields["tags"].queryset = self.exam.tags.all()
        self.fields["code"].required = False

    def clean_code(self) -> str:
        """One's own, or one made from the English stem; unique in the exam."""
        code = self.cleaned_data["code"] or _slug(str(self.data.get(self.add_prefix("stem__en"), "")))
        others = self.exam.questions.exclude(pk=self.instance.pk)
        if not self.cleaned_data["code"] and others.filter(code=code).exists():
            code = f"{_cut(code, CODE_LENGTH - 5)}-{get_random_string(4, 'abcdefghjkmnpqrstuvwxyz23456789')}"
        if others.filter(code=code).exists():
            raise ValidationError(_("Another question of this exam has this code. Choose another one."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        domain, task = cleaned.get("domain"), cleaned.get("task")
        if domain and task and task.domain_id != domain.pk:
            self.add_error(
                "task",
                _("This task statement belongs to another domain. Choose one of %(domain)s.") % {"domain": domain},
            )
        return cleaned


class RowForm(forms.ModelForm):
    """A row that can be dragged. An empty one that only got its place by that is still empty."""

    def has_changed(self) -> bool:
        return bool(set(self.changed_data) - (set() if self.instance.pk else {"order"}))


class OptionFormSet(CustomInlineFormSet):
    """Options get an id that lasts when they are first saved, from their English text."""

    def clean(self) -> None:
        rows = [
            form.cleaned_data
            for form in self.forms
            if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")
        ]
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
        super().clean()


def _slug(text: str, length: int = CODE_LENGTH) -> str:
    words = _cut(slugify(text).replace("_", "-").strip("-"), length)
    return words or f"q-{get_random_string(8, 'abcdefghjkmnpqrstuvwxyz23456789')}"


def _cut(code: str, length: int) -> str:
    """At most so many characters, cut between two words where there are two."""
    return code if len(code) <= length else code[: length + 1].rpartition("-")[0] or code[:length]
