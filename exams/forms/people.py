"""Forms about people."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from exams.models import User


class SignUpForm(forms.Form):
    """What joining asks besides address and password; allauth derives its own form from this one."""

    field_order = ("display_name", "email", "password1")
    display_name = forms.CharField(
        label=_("Name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Instructors whose cohort you join see it."),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name, and the language in which the page was read."""
        user.display_name = self.cleaned_data["display_name"]
        user.language = get_language() or ""
        user.save(update_fields=["display_name", "language"])
