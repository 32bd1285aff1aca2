"""Pictures of questions: added once, and then as unchanging as the versions that show them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exams.admin.base import DeskAdmin
from exams.forms.pictures import PictureForm
from exams.models import Media


@admin.register(Media)
class MediaAdmin(DeskAdmin):
    """Pictures, as packs and authors brought them."""

    form = PictureForm
    list_display = ("path", "shown", "exam")
    list_filter = ("exam",)
    list_select_related = ("exam",)
    search_fields = ("path",)
    fields = ("exam", "path", "file")

    def get_fields(self, request: HttpRequest, obj: Media | None = None) -> Any:
        """The file while it is added, the picture afterwards."""
        return ("exam", "path", "shown") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Media | None = None) -> Any:
        return ("shown",) if obj else ()

    @admin.display(description=_("picture"))
    def shown(self, obj: Media) -> str:
        return format_html('<img class="picture" src="/media/{}" alt="{}" loading="lazy">', obj.name, obj.path)

    def save_model(self, request: HttpRequest, obj: Media, form: PictureForm, change: bool) -> None:
        text = gettext("Put this into the text, and say between the brackets what is to be seen: %(markdown)s")
        messages.info(request, text % {"markdown": f"![…]({obj.path})"})

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False
