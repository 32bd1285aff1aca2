"""What all pages of the author's desk share."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from exams.forms.texts import TextFormField
from exams.models.texts import TextField

TEXTS = {TextField: {"form_class": TextFormField}}


class DeskAdmin(admin.ModelAdmin):
    """Texts side by side, languages beside each other."""

    formfield_overrides = TEXTS
    show_full_result_count = False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Without NULs in what is asked for, on which PostgreSQL would break."""
        if any("\0" in value for values in request.GET.lists() for value in values[1]):
            request.GET = request.GET.copy()
            for name, values in list(request.GET.lists()):
                request.GET.setlist(name, [value.replace("\0", "") for value in values])
        return super().changelist_view(request, extra_context)


class ForAdministrators:
    """What is about candidates is for administrators (superusers) alone, whatever rights a group was given."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser


class ToLookAt(ForAdministrators):
    """The same, to be looked at only."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
