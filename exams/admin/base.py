"""What all pages of the author's desk share."""

from __future__ import annotations

from django.contrib import admin

from exams.forms.texts import TextFormField
from exams.models.texts import TextField

TEXTS = {TextField: {"form_class": TextFormField}}


class DeskAdmin(admin.ModelAdmin):
    """Texts side by side, languages beside each other."""

    formfield_overrides = TEXTS
    show_full_result_count = False
