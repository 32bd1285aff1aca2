"""The question to try the room with: it is about the room itself and counts nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exams.queries.attempts import letter

STEM = _("What happens to a question that you leave unanswered?")
OPTIONS = (
    _("It is left out of the score."),
    _("It counts as wrong."),
    _("It costs a point."),
    _("The exam can't be finished."),
)
RIGHT = 1
CHOICES = [(position, text) for position, text in enumerate(OPTIONS)]


@dataclass(frozen=True, slots=True)
class TryOption:
    """An option as the room shows it."""

    position: int
    letter: str
    text: Promise
    is_chosen: bool
    is_struck: bool


class TryOutForm(forms.Form):
    """A try at it. Nothing is kept; ``check`` is sent by the button."""

    answer = forms.TypedChoiceField(choices=CHOICES, coerce=int, empty_value=None, required=False)
    struck = forms.TypedMultipleChoiceField(choices=CHOICES, coerce=int, required=False)
    check = forms.BooleanField(required=False)

    @property
    def stem(self) -> Promise:
        """The question."""
        return STEM

    @property
    def options(self) -> list[TryOption]:
        """The options, as they were left."""
        self.full_clean()
        answer, struck = self.cleaned_data.get("answer"), self.cleaned_data.get("struck", [])
        return [
            TryOption(position, letter(position), text, position == answer, position in struck)
            for position, text in CHOICES
        ]

    @property
    def verdict(self) -> str:
        """right, wrong, open (nothing was chosen), or empty until the button was pressed."""
        self.full_clean()
        if not self.cleaned_data.get("check"):
            return ""
        answer = self.cleaned_data.get("answer")
        return "open" if answer is None else "right" if answer == RIGHT else "wrong"
