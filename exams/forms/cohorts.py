"""What instructors send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from exams.models import Assignment, Cohort, Size
from exams.models.texts import in_language
from exams.queries import blueprints


class CohortForm(forms.ModelForm):
    """A cohort's name."""

    class Meta:
        model = Cohort
        fields = ("name",)


class SizeSelect(forms.Select):
    """Sizes that the question bank can't fill are shown and can't be chosen."""

    fillable: Sequence[int] = ()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """An option, switched off where it is impossible."""
        option = super().create_option(name, value, *args, **kwargs)
        if value.value not in self.fillable:
            option["attrs"]["disabled"] = True
            option["label"] = gettext("%(size)s (the question bank is too small)") % {"size": option["label"]}
        return option


class SizeField(forms.ModelChoiceField):
    """A size, said with its exam."""

    def label_from_instance(self, obj: Size) -> str:
        """Such as: MLS-C01, Full: 65 questions, 180 minutes."""
        return gettext("%(exam)s, %(size)s: %(questions)s questions, %(minutes)s minutes") % {
            "exam": obj.exam.code.upper(),
            "size": in_language(obj.title),
            "questions": obj.questions,
            "minutes": obj.minutes,
        }


class AssignmentForm(forms.ModelForm):
    """An exam in one size for a cohort; the size says the exam."""

    size = SizeField(Size.objects.select_related("exam"), label=_("Exam and size"), empty_label=None, widget=SizeSelect)

    class Meta:
        model = Assignment
        fields = ("title", "size", "is_fixed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["size"].widget.fillable = fillable = blueprints.fillable_sizes()
        self.initial.setdefault("size", next(iter(fillable), None))

    def clean_size(self) -> Size:
        """Only what the question bank can fill."""
        size: Size = self.cleaned_data["size"]
        offer = next(found for found in blueprints.offers(size.exam, None) if found.size == size)
        if not offer.offer.possible:
            lacks = pgettext("between two items", ", ").join(
                gettext("%(domain)s %(number)s") % {"domain": domain, "number": number}
                for domain, number in offer.missing
            )
            raise forms.ValidationError(
                _("The question bank is too small for this size. Missing: %(lacks)s. Choose a shorter one."),
                params={"lacks": lacks},
            )
        return size

    def values(self) -> dict[str, Any]:
        """Arguments of services.cohorts.assign."""
        data = self.cleaned_data
        return {
            "exam": data["size"].exam,
            "size": data["size"],
            "title": data["title"],
            "is_fixed": data["is_fixed"],
        }
