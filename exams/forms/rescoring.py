"""What instructors and authors send about a wrong key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exams.domain.rescoring import NEED_SOURCE, Policy
from exams.models import QuestionVersion

CHOICES = [
    (Policy.NEW_KEY.value, _("New key: only what the other version says is right")),
    (Policy.BOTH_KEYS.value, _("Both keys: the old one or the new one")),
    (Policy.FULL_CREDIT.value, _("Full credit: everybody has the point")),
    (Policy.DROP.value, _("Drop the question: it does not count, and the cut is lowered with it")),
]


class ReasonForm(forms.Form):
    """Why. What a reason may be is the service's to say."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "The candidates read it, word for word. Name nobody. They saw the options in another order: quote an "
            "option's text, not its letter."
        ),
    )


class RepairForm(ReasonForm):
    """What to do about a version, given the versions whose keys fit it. Without any, what needs one is not offered."""

    policy = forms.ChoiceField(label=_("What to do"), widget=forms.RadioSelect)
    source = forms.ChoiceField(
        label=_("Whose key"), required=False, widget=forms.RadioSelect, help_text=_("For a new key and for both keys.")
    )
    field_order = ("policy", "source", "reason")

    def __init__(self, data: Any, sources: Sequence[tuple[QuestionVersion, str]]) -> None:
        super().__init__(data)
        self.sources = {str(version.number): version for version, _words in sources}
        fitting = [row for row in CHOICES if sources or Policy(row[0]) not in NEED_SOURCE]
        self.fields["policy"].choices = fitting
        self.fields["policy"].initial = fitting[0][0]
        if sources:
            self.fields["source"].choices = [
                (
                    version.number,
                    gettext("Version %(number)s: %(key)s") % {"number": version.number, "key": words}
                    if words
                    else gettext("Version %(number)s") % {"number": version.number},
                )
                for version, words in sources
            ]
            self.fields["source"].initial = sources[0][0].number
        else:
            del self.fields["source"]

    def values(self) -> tuple[Policy, QuestionVersion | None]:
        """The policy, and the version whose key it takes."""
        policy = Policy(self.cleaned_data["policy"])
        return policy, self.sources.get(self.cleaned_data.get("source", "")) if policy in NEED_SOURCE else None
