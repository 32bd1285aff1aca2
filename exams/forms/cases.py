"""The form of a case in the author's desk."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.forms.judging import judge
from exams.models import Case


def base_of_case(case: Case) -> str:
    """What a form is about: all that it was opened with."""
    said = json.dumps([case.exam_id, case.code, case.text], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


class CaseForm(forms.ModelForm):
    """A case; its text is judged as those of questions are.

    ``base`` says what the author was shown; where somebody has saved since (``has_conflict``) the form is refused once,
    and its page shows both.
    """

    has_conflict = False
    base = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base"].initial = base_of_case(self.instance) if self.instance.pk else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.has_conflict:
            self.add_error(
                None, _("Somebody else has saved this case since you opened it. Nothing of yours is lost: see below.")
            )
        judge(self, cleaned.get("exam"))
        return cleaned
