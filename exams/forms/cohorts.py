"""What instructors send about a cohort and who is in it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.formats import addresses
from exams.formats.addresses import Entry
from exams.forms.numbers import WholeNumberField
from exams.models import Cohort

MOST_USES = 10_000


class CohortForm(forms.ModelForm):
    """A cohort's name."""

    class Meta:
        model = Cohort
        fields = ("name",)


class LinkForm(forms.Form):
    """For how many a link to join is good."""

    most_uses = WholeNumberField(low=1, high=MOST_USES, label=_("For how many people at most"), required=False)


class InstructorForm(forms.Form):
    """Whom to add."""

    email = forms.EmailField(label=_("E-mail address of another instructor"))


class AddressesForm(forms.Form):
    """A list of addresses, pasted or as a file."""

    addresses = forms.CharField(
        label=_("Addresses"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=addresses.MOST_BYTES,
        help_text=_("One in a line, or with commas between."),
    )
    file = forms.FileField(
        label=_("Or a CSV file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        help_text=_("With a column of addresses; other columns are left alone."),
    )

    def clean_file(self) -> str | None:
        """The text of the file."""
        file = self.cleaned_data["file"]
        if not file:
            return None
        if file.size > addresses.MOST_BYTES:
            raise forms.ValidationError(_("This file is too large. Send a list of addresses only."))
        try:
            return addresses.decode(file.read())
        except UnicodeDecodeError:
            raise forms.ValidationError(_("This file can't be read. Save it as CSV in UTF-8.")) from None

    def clean(self) -> dict[str, Any]:
        """The entries of both; at least one, and not too many."""
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        found = addresses.judged(
            [*addresses.from_csv(data["file"] or ""), *addresses.from_text(data["addresses"] or "")]
        )
        if not found:
            raise forms.ValidationError(_("There is no address. Paste some, or choose a file."))
        if len(found) > addresses.MOST_ADDRESSES:
            raise forms.ValidationError(
                _("These are %(found)s entries; %(most)s can be invited at once. Send them in parts."),
                params={"found": len(found), "most": addresses.MOST_ADDRESSES},
            )
        data["entries"] = found
        return data

    @property
    def entries(self) -> list[Entry]:
        """What was sent, judged."""
        return list(self.cleaned_data["entries"])
