"""Exams with their sizes, domains, tasks and tags."""

from __future__ import annotations

from typing import Any

from adminsortable2.admin import CustomInlineFormSet, SortableAdminBase, SortableStackedInline
from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exams.admin.base import TEXTS, DeskAdmin
from exams.domain.checking import services_from_json
from exams.domain.problems import Problems
from exams.domain.publishing import PublishingRules
from exams.forms.problems import place, sentence
from exams.models import Domain, Exam, Size, Tag, Task
from exams.queries.bank_check import glance
from exams.queries.kept_checks import kept, today
from exams.services.kept_checks import catch_up


class ExamForm(forms.ModelForm):
    """Languages as boxes; publishing rules judged by the rules themselves."""

    languages = forms.MultipleChoiceField(
        label=_("Languages that every question must have"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Exam
        fields = (
            *("code", "version", "title", "languages", "scale_minimum", "scale_pass", "scale_maximum"),
            *("is_current", "retired_on", "has_calculator", "rules", "services", "source", "licence"),
        )

    def clean_rules(self) -> dict[str, Any]:
        rules = self.cleaned_data["rules"] or {}
        if not isinstance(rules, dict):
            raise ValidationError(_('Publishing rules are an object, such as {"single_options": 4}.'))
        try:
            PublishingRules.from_json(rules, [])
        except Problems as refused:
            raise ValidationError([f"{problem.where}: {sentence(problem)}" for problem in refused.problems]) from None
        return rules

    def clean_services(self) -> list[Any]:
        services = self.cleaned_data["services"] or []
        try:
            services_from_json(services)
        except Problems as refused:
            raise ValidationError([f"{problem.where}: {sentence(problem)}" for problem in refused.problems]) from None
        return services

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        low, mark, high = (cleaned.get(f"scale_{name}") for name in ("minimum", "pass", "maximum"))
        if None not in (low, mark, high) and not low < mark < high:
            self.add_error("scale_pass", _("The pass mark lies between the lowest and the highest score."))
        return cleaned


class DomainFormSet(CustomInlineFormSet):
    """The weights of an exam's domains add up to 100."""

    def clean(self) -> None:
        super().clean()
        weights = [
            form.cleaned_data.get("weight") or 0
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        if weights and not any(self.errors) and sum(weights) != 100:
            raise ValidationError(
                _("The weights of the domains add up to %(total)s, not to 100. Correct them."),
                params={"total": sum(weights)},
            )


class SizeInline(admin.StackedInline):
    model = Size
    extra = 0
    formfield_overrides = TEXTS


class DomainInline(SortableStackedInline):
    model = Domain
    formset = DomainFormSet
    extra = 0
    ordering = ("order",)
    show_change_link = True  # leads to its task statements
    formfield_overrides = TEXTS


class TaskInline(SortableStackedInline):
    model = Task
    extra = 0
    ordering = ("order",)
    formfield_overrides = TEXTS


@admin.register(Exam)
class ExamAdmin(SortableAdminBase, DeskAdmin):
    """An exam; every figure of it is data."""

    form = ExamForm
    list_display = ("code", "__str__", "is_current", "scale_pass")
    inlines = (SizeInline, DomainInline)
    search_fields = ("code", "title__ja", "title__en")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:exam_id>/bank/", wrap(self.bank), name="exams_exam_bank"),
            path("<int:exam_id>/bank/findings/", wrap(self.findings), name="exams_exam_findings"),
            *super().get_urls(),
        ]

    def bank(self, request: HttpRequest, exam_id: int) -> HttpResponse:
        """The blueprint against the bank, and what is known of the bank without reading its texts."""
        exam = self._viewed(request, exam_id)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("The bank against the blueprint"),
            "exam": exam,
            "glance": glance(exam, on=timezone.localdate()),
        }
        return render(request, "exams/author/bank.html", context)

    def findings(self, request: HttpRequest, exam_id: int) -> HttpResponse:
        """What the checker finds in the whole bank. A POST checks some of the questions that are behind; the page goes
        on so until none is."""
        if not request.user.has_perm("exams.view_question"):
            raise Http404
        exam, on, was_stuck = self._viewed(request, exam_id), today(), False
        if request.method == "POST":
            was_stuck = not catch_up(exam, on=on)
            if not request.htmx:
                return HttpResponseRedirect(request.path)
        known = kept(exam, on=on)
        context = {
            "exam": exam,
            "kept": known,
            "was_stuck": was_stuck,
            "found": [(row, place(row.finding.where), sentence(row.finding)) for row in known.found],
        }
        if not request.htmx:
            context |= {**self.admin_site.each_context(request), "title": gettext("Findings over the whole bank")}
        template = "_bank_findings.html" if request.htmx else "bank_findings.html"
        return render(request, f"exams/author/{template}", context)

    def _viewed(self, request: HttpRequest, exam_id: int) -> Exam:
        if not self.has_view_permission(request):
            raise Http404
        return get_object_or_404(Exam, pk=exam_id)


@admin.register(Domain)
class DomainAdmin(SortableAdminBase, DeskAdmin):
    """A domain with its task statements; reached from its exam."""

    list_display = ("__str__", "exam", "weight")
    list_filter = ("exam",)
    list_select_related = ("exam",)
    fields = ("exam", "code", "title", "weight")
    inlines = (TaskInline,)


@admin.register(Tag)
class TagAdmin(DeskAdmin):
    """Areas that cut across the domains."""

    list_display = ("code", "__str__", "exam")
    list_filter = ("exam",)
    list_select_related = ("exam",)
