"""What the exam room sends, and what administrators send about an attempt."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.domain.problems import Problem, Problems
from exams.services.attempts import Change

ANSWERS = re.compile(r"answer(-[0-9])?")  # of a choice, or of one row of an ordering or matching
MOVES = re.compile(r"stay|review|[1-9][0-9]{0,2}")
LARGEST = 2**31 - 1
NOTE_LENGTH = 2000


class ChangeForm(forms.Form):
    """One question's form. ``go`` says where a browser without script wants to be next."""

    base = forms.IntegerField(min_value=0, max_value=LARGEST)
    rev = forms.IntegerField(min_value=1, max_value=LARGEST)
    writer = forms.RegexField(r"^[0-9A-Za-z-]{1,36}$")
    flag = forms.BooleanField(required=False)
    clear = forms.BooleanField(required=False)
    note = forms.CharField(required=False, strip=False)
    seconds = forms.IntegerField(min_value=0, max_value=LARGEST, required=False)
    go = forms.RegexField(MOVES, required=False)

    def clean(self) -> dict[str, Any]:
        """A page's next revision lies above the one it was told."""
        cleaned = super().clean() or {}
        if not self.errors and cleaned["rev"] <= cleaned["base"]:
            self.add_error("rev", "rev")
        return cleaned

    @property
    def answer(self) -> list[str]:
        """The words of the answer as they were sent: a choice has one field for all, a row one of its own."""
        return [word for name in self.data if ANSWERS.fullmatch(name) for word in self.data.getlist(name)]

    @property
    def struck(self) -> list[str]:
        """The options that are struck out, as they were sent."""
        return self.data.getlist("struck")

    @property
    def note_text(self) -> str:
        """The note as it was sent, but with one kind of line ends."""
        return str(self.data.get("note", "")).replace("\r\n", "\n")

    def change(self) -> Change:
        """The change; raises Problems (``change_malformed``) for what no page of ours sends, and ``note_too_long``."""
        if not self.is_valid():
            raise Problems([Problem("change_malformed", ",".join(self.errors))])
        data = self.cleaned_data
        if len(self.note_text) > NOTE_LENGTH:
            raise Problems([Problem("note_too_long", "note", {"length": len(self.note_text), "limit": NOTE_LENGTH})])
        return Change(
            answer=[] if data["clear"] else self.answer,
            flagged=data["flag"],
            struck=self.struck,
            note=self.note_text if "note" in self.data else None,
            base=data["base"],
            rev=data["rev"],
            writer=data["writer"],
            seconds=data["seconds"] or 0,
        )


class ExtensionForm(forms.Form):
    """How much more time, and why. What may be given is the service's to say."""

    minutes = forms.IntegerField(label=_("Extra minutes"), widget=forms.NumberInput(attrs={"min": 1}))
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays on record with the attempt, with your name and the time."),
    )
