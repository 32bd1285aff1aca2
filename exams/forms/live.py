"""What instructors send about single attempts. What may be done is the services' to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.forms.attempts import ExtensionForm


class PastCloseForm(ExtensionForm):
    """How much more time, why, and whether it may go on past the close."""

    may_pass_close = forms.BooleanField(label=_("It may go on past the close"), required=False)
    field_order = ("minutes", "may_pass_close", "reason")


class ReopeningForm(PastCloseForm):
    """For how long it goes on, and why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].label = _("Minutes from now")


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays on record with the attempt, with your name and the time."),
    )


FORMS: dict[str, type[forms.Form]] = {
    "extend": PastCloseForm,
    "void": ReasonForm,
    "restore": ReasonForm,
    "reopen": ReopeningForm,
}


def forms_for(action: str, data: Any, *, minutes: int | None) -> dict[str, forms.Form]:
    """All forms of the page of an attempt; the one of ``action`` with what was sent. ``minutes`` is proposed for
    reopening."""
    return {
        name: form(
            data if name == action else None, prefix=name, initial={"minutes": minutes} if name == "reopen" else {}
        )
        for name, form in FORMS.items()
    }
