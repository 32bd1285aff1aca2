"""What the exam room and the exam's page send."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from exams.domain.problems import Problem, Problems
from exams.services.attempts import Change

MOVES = re.compile(r"stay|review|[1-9][0-9]{0,2}")
LARGEST = 2**31 - 1


class ChangeForm(forms.Form):
    """One question's form. ``go`` says where a browser without script wants to be next."""

    base = forms.IntegerField(min_value=0, max_value=LARGEST)
    rev = forms.IntegerField(min_value=1, max_value=LARGEST)
    writer = forms.RegexField(r"^[0-9A-Za-z-]{1,36}$")
    flag = forms.BooleanField(required=False)
    clear = forms.BooleanField(required=False)
    seconds = forms.IntegerField(min_value=0, max_value=LARGEST, required=False)
    go = forms.RegexField(MOVES, required=False)

    def clean(self) -> dict[str, Any]:
        """A page's next revision lies above the one it was told."""
        cleaned = super().clean() or {}
        if not self.errors and cleaned["rev"] <= cleaned["base"]:
            self.add_error("rev", "rev")
        return cleaned

    def change(self) -> Change:
        """The change; raises Problems (``change_malformed``) for what no page of ours sends."""
        if not self.is_valid():
            raise Problems([Problem("change_malformed", ",".join(self.errors))])
        data = self.cleaned_data
        return Change(
            answer=[] if data["clear"] else self.data.getlist("answer"),
            flagged=data["flag"],
            struck=self.data.getlist("struck"),
            base=data["base"],
            rev=data["rev"],
            writer=data["writer"],
            seconds=data["seconds"] or 0,
        )
