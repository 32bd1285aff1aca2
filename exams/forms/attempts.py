"""What the exam room sends, and what administrators send about an attempt."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from exams.domain.problems import Problem, Problems
from exams.services.saving import Change

ANSWERS = re.compile(r"answer(-[0-9])?")  # of a choice, or of one row of an ordering or matching
MOVES = re.compile(r"stay|review|[1-9][0-9]{0,2}")
LARGEST = 2**31 - 1
NOTE_LENGTH = 2000


class SentChange:
    """One question's form as it was posted. ``go`` says where a browser without script wants to be next.

    This is no Form, which copies all its fields for each post: it is sent at every click, and that would be a tenth of
    what a save costs (docs/performance.md).
    """

    fields: ClassVar[dict[str, forms.Field]] = {
        "base": forms.IntegerField(min_value=0, max_value=LARGEST),
        "rev": forms.IntegerField(min_value=1, max_value=LARGEST),
        "writer": forms.RegexField(r"^[0-9A-Za-z-]{1,36}$"),
        "note": forms.CharField(required=False, strip=False),
        "seconds": forms.IntegerField(min_value=0, max_value=LARGEST, required=False),
        "go": forms.RegexField(MOVES, required=False),
    }

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.go = data.get("go", "")
        self.answer = [word for name in data if ANSWERS.fullmatch(name) for word in data.getlist(name)]
        self.struck = data.getlist("struck")
        self.is_flagged = bool(data.get("flag"))
        self.note = data.get("note", "").replace("\r\n", "\n")  # forms send one kind of line ends, scripts another

    def change(self) -> Change:
        """The change; raises Problems (``change_malformed``) for what no page of ours sends, and ``note_too_long``."""
        values: dict[str, Any] = {}
        wrong = []
        for name, field in self.fields.items():
            try:
                values[name] = field.clean(self.data.get(name))
            except ValidationError:
                wrong.append(name)
        if not wrong and values["rev"] <= values["base"]:  # a page's next revision lies above the one it was told
            wrong.append("rev")
        if wrong:
            raise Problems([Problem("change_malformed", ",".join(wrong))])
        if len(self.note) > NOTE_LENGTH:
            raise Problems([Problem("note_too_long", "note", {"length": len(self.note), "limit": NOTE_LENGTH})])
        return Change(
            answer=[] if self.data.get("clear") else self.answer,
            flagged=self.is_flagged,
            struck=self.struck,
            note=self.note if "note" in self.data else None,
            base=values["base"],
            rev=values["rev"],
            writer=values["writer"],
            seconds=values["seconds"] or 0,
        )


class ExtensionForm(forms.Form):
    """How much more time, and why. What may be given is the service's to say."""

    minutes = forms.IntegerField(label=_("Extra minutes"), widget=forms.NumberInput(attrs={"min": 1}))
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays on record with the attempt, with your name and the time."),
    )
