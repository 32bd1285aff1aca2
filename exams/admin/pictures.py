"""Pictures of questions: added once, and then as unchanging as the versions that show them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exams.admin.base import DeskAdmin
from exams.domain.problems import Problems
from exams.formats.pictures import LARGEST
from exams.forms.problems import SENTENCES, sentence
from exams.models import Media
from exams.services import pictures


class PictureForm(forms.ModelForm):
    """A file and the path by which texts name it. What can't be shown is refused before anything is kept."""

    file = forms.FileField(
        label=_("file"),
        help_text=_("PNG, JPEG, WebP, or an SVG with nothing but shapes and words; 2 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".svg,.png,.jpg,.jpeg,.webp"}),
    )

    class Meta:
        model = Media
        fields = ("exam", "path")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "path" in self.fields:
            self.fields["path"].required = False
            self.fields["path"].help_text = _("Such as media/roc-curve-en.svg. Left empty, it is the file's name.")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:  # not read at all
            params = {"found": round(file.size / 1_000_000, 1)}
            raise ValidationError(SENTENCES["picture_too_large"], params=params)
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, exam = cleaned.get("file"), cleaned.get("exam")
        if file is None or exam is None:
            return cleaned
        path = cleaned.get("path") or f"media/{file.name}"
        try:
            self.made = pictures.add(exam, path, file.read())
        except Problems as refused:
            for problem in refused.problems:
                self.add_error("path" if problem.where == "path" else "file", sentence(problem))
        return cleaned

    def save(self, commit: bool = True) -> Media:
        """It is kept already."""
        return self.made

    def save_m2m(self) -> None:
        """There is nothing of the kind."""


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
