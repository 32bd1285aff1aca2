"""What instructors send about an assignment and its members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from exams.domain import assignments as rules
from exams.domain.attempts import MOST_EXTRA_MINUTES, MOST_EXTRA_PERCENT
from exams.domain.problems import Problem, Problems
from exams.forms.numbers import WholeNumberField
from exams.forms.problems import add_problems
from exams.models import Assignment, MemberAccommodation, Size
from exams.models.texts import in_language
from exams.queries import blueprints
from exams.services.assignments import FROZEN

WINDOW = ("size", "opens_at", "closes_at")  # what says how much time there is


class Moment(forms.DateTimeInput):
    """A day and a time, as browsers let people choose them."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A moment of years in which there are exams: the first and the last days of the calendar are no instants in every
    time zone."""

    widget = Moment

    def clean(self, value: Any) -> Any:
        """Refuse what can only be a slip of the hand."""
        found = super().clean(value)
        if found and not 2000 <= found.year <= 2999:
            raise forms.ValidationError(_("This year can't be right. Enter one from 2000 to 2999."))
        return found


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
    """An exam in one size for a cohort; the size says the exam. ``has_attempts``: what they rest on can't be changed
    any more."""

    size = SizeField(Size.objects.select_related("exam"), label=_("Exam and size"), empty_label=None, widget=SizeSelect)
    most_attempts = WholeNumberField(
        low=1,
        high=rules.MOST_ATTEMPTS,
        label=capfirst(_("attempts allowed")),
        required=False,
        help_text=_("For each member; void ones don't count. Without a number, as many as they like."),
    )

    class Meta:
        model = Assignment
        fields = (
            "title",
            "size",
            "is_fixed",
            "opens_at",
            "closes_at",
            "most_attempts",
            "score_release",
            "key_release",
        )
        field_classes = {"opens_at": MomentField, "closes_at": MomentField}
        help_texts = {
            "opens_at": _("Nobody can start before. Without it, it is open at once."),
            "closes_at": _(
                "Nobody can start afterwards, and whoever is still sitting it ends then. Without it, never."
            ),
            "key_release": _(
                "Never before the score. Until then these questions hide their keys everywhere else, too."
            ),
        }

    def __init__(self, *args: Any, now: datetime, has_attempts: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.stored = now, {name: getattr(self.instance, name, None) for name in WINDOW}
        self.fields["size"].widget.fillable = fillable = blueprints.fillable_sizes()
        self.initial.setdefault("size", next(iter(fillable), None))
        if self.is_bound:
            self.data = self.data.copy()
            for name in ("score_release", "key_release"):  # what is not said is what the form proposes
                self.data.setdefault(name, self.initial.get(name) or self.fields[name].initial)
        for name in FROZEN if has_attempts else ():
            self.fields[name].disabled = True
            self.fields[name].help_text = _("Somebody has started, so this stays as it is.")

    @property
    def zone(self) -> str:
        """In whose hours its times are meant."""
        return timezone.get_current_timezone_name()

    def clean_size(self) -> Size:
        """Only what the question bank can fill."""
        size: Size = self.cleaned_data["size"]
        if self.fields["size"].disabled:
            return size
        offer = next(found for found in blueprints.offers(size.exam) if found.size == size)
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

    def clean(self) -> dict[str, Any]:
        """No close that has passed, but for one that is left as it was; browsers send no seconds."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("opens_at", "closes_at"):
            old = self.stored[name]
            if old and data.get(name) == old.replace(second=0, microsecond=0):
                data[name] = old
        if rules.closes_in_the_past(self.now, data.get("closes_at"), before=self.stored["closes_at"]):
            add_problems(self, Problems([Problem("close_past", "closes_at")]))
        return data

    @property
    def most_minutes(self) -> tuple[int, int] | None:
        """(minutes that anybody can have, those of the exam), where the window as it was sent is too short for it;
        None also where nothing of it was changed."""
        data = self.cleaned_data
        if all(data[name] == self.stored[name] for name in WINDOW):
            return None
        most = rules.most_minutes(self.now, opens_at=data["opens_at"], closes_at=data["closes_at"])
        minutes = data["size"].minutes
        return None if most is None or most >= minutes else (most, minutes)

    def values(self) -> dict[str, Any]:
        """What was sent, by field."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class AccommodationForm(forms.ModelForm):
    """What one member is granted in one assignment."""

    percent = WholeNumberField(
        low=0,
        high=MOST_EXTRA_PERCENT,
        initial=0,
        label=capfirst(_("extra time in percent")),
        help_text=_("Of the exam's time, rounded up. What the candidate has in every exam comes on top."),
    )
    minutes = WholeNumberField(low=0, high=MOST_EXTRA_MINUTES, initial=0, label=capfirst(_("extra minutes")))

    class Meta:
        model = MemberAccommodation
        fields = ("percent", "minutes", "closes_at", "may_pass_close", "reason")
        field_classes = {"closes_at": MomentField}
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "closes_at": _("For this member alone. Without it, when it closes for everybody."),
            "may_pass_close": _("Who starts late then has the whole time. Otherwise the close ends it."),
            "reason": _("It stays on record, with your name and the time."),
        }

    def values(self) -> dict[str, Any]:
        """Arguments of services.assignments.accommodate."""
        return dict(self.cleaned_data)
