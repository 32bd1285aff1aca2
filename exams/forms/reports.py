"""What candidates send about a question, and what authors answer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.models import Report
from exams.models.reports import LONGEST_REPORT


class ReportForm(forms.Form):
    """What is wrong with a question."""

    category = forms.ChoiceField(label=_("What is wrong?"), choices=Report.Category.choices)
    text = forms.CharField(
        label=_("Tell us more"),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_REPORT}),
        help_text=_("Say what you would expect, and where it is written. Authors do not learn who you are."),
    )


class AnswerForm(forms.Form):
    """The answer to a report."""

    answer = forms.CharField(
        label=_("Answer"),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_REPORT}),
        help_text=_("Who sent the report reads it on the home page. It closes the report."),
    )
