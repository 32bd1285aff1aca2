"""The form by which an author adds a picture."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from exams.domain.problems import Problem, Problems
from exams.formats.pictures import LARGEST
from exams.forms.problems import sentence
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
            megabytes = round(file.size / 1_000_000, 1)
            raise ValidationError(sentence(Problem("picture_too_large", "file", {"found": megabytes})))
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
