"""People and groups: for administrators."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from exams.admin.base import ForAdministrators
from exams.models import Accommodation, User


class PersonCreationForm(AdminUserCreationForm):
    """By e-mail; a password, or none."""

    class Meta:
        model = User
        fields = ("email", "display_name")


class PersonChangeForm(UserChangeForm):
    """Everything about a person but the password."""

    language = forms.ChoiceField(
        label=_("language"), required=False, choices=[("", _("as the site")), *settings.LANGUAGES]
    )
    time_zone = forms.ChoiceField(
        label=_("time zone"),
        required=False,
        choices=lambda: [("", _("as the site")), *((name, name) for name in sorted(available_timezones()))],
    )

    class Meta:
        model = User
        fields = "__all__"
        widgets = {"groups": forms.CheckboxSelectMultiple}


class AccommodationInline(ForAdministrators, admin.StackedInline):
    """Extra time of a candidate, in force from the next start."""

    model = Accommodation
    fields = ("percent", "minutes", "note")


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Who may do what comes from groups."""

    form, add_form = PersonChangeForm, PersonCreationForm
    ordering = ("email",)
    list_display = ("email", "display_name", "is_staff", "is_active")
    list_filter = ("groups", "is_staff", "is_active")
    search_fields = ("email", "display_name")
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()  # a handful of groups are boxes to tick
    fieldsets = (
        (None, {"fields": ("email", "password", "display_name", "language", "time_zone")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    inlines = (AccommodationInline,)
    add_fieldsets = ((None, {"fields": ("email", "display_name", "usable_password", "password1", "password2")}),)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        """What hangs from a person waits until there is one."""
        return super().get_inlines(request, obj) if obj else ()


@admin.register(Accommodation)
class AccommodationAdmin(ForAdministrators, admin.ModelAdmin):
    """Who has extra time. It is granted on the person's own page."""

    list_display = ("candidate", "percent", "minutes", "note")
    list_select_related = ("candidate",)
    search_fields = ("candidate__email", "candidate__display_name")
    fields = ("candidate", "percent", "minutes", "note")
    readonly_fields = ("candidate",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
