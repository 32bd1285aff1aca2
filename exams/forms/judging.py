"""What is wrong with texts as they are typed, told beside their field."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext

from exams.domain.bank import Kind
from exams.forms.problems import LANGUAGES, sentence
from exams.forms.texts import TextFormField
from exams.models import Exam
from exams.rendering import text_problems


def judge(
    form: forms.BaseForm,
    exam: Exam | None,
    pictures: set[str] | None = None,
    *,
    is_checked: bool = False,
    but: Container[str] = (),
) -> None:
    """Add what is wrong with each text of the form to its field; ``pictures`` are the exam's, if they are known. Where
    the page ``is_checked``, it says beside the text what the checker finds, and the error no more than that there is
    something: ``but`` of these fields, which the checker does not know."""
    for name, field in form.fields.items():
        texts = getattr(form, "cleaned_data", {}).get(name)
        if not isinstance(field, TextFormField) or not texts:
            continue
        if pictures is None:
            pictures = set(exam.media.values_list("path", flat=True)) if exam else set()
        colon = pgettext("between a place and a sentence", ": ")
        said = [
            f"{LANGUAGES.get(language, language)}{colon}{sentence(problem)}"
            for language, text in texts.items()
            for problem in text_problems(text, pictures=pictures)
        ]
        if said and is_checked and name not in but:
            said = [gettext("Mend what is said of this text, then save again.")]
        if said:
            form.add_error(name, ValidationError(said))


def judge_rows(formset: Any) -> None:
    """The same for the rows of a question."""
    exam = formset.instance.exam if formset.instance.exam_id else None
    pictures = set(exam.media.values_list("path", flat=True)) if exam else set()
    for form in formset.forms:
        if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE"):
            is_target = formset.data.get("kind") == Kind.MATCHING and not form.cleaned_data.get("target")
            judge(form, exam, pictures, is_checked=True, but={"rationale"} if is_target else ())
