"""Questions: the form and the list. Writing, steps to publishing and bulk actions each have their file."""

from __future__ import annotations

from typing import Any

from adminsortable2.admin import SortableAdminBase, SortableStackedInline
from django.contrib import admin, messages
from django.db.models import URLField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exams.admin.base import TEXTS, DeskAdmin
from exams.admin.checking import CheckingAdmin
from exams.admin.editing import EditingAdmin
from exams.admin.listing import ListingAdmin
from exams.admin.rescoring import RepairMixin
from exams.admin.statistics import HasStatistics
from exams.admin.workflow import WorkflowAdmin
from exams.forms.bank import OptionForm, OptionFormSet, QuestionForm, ReferenceForm, ReferenceFormSet
from exams.models import Exam, Option, Question, Reference
from exams.queries import bank
from exams.queries.kept_checks import today
from exams.services import bank as service
from exams.services import kept_checks

ROWS = "admin/exams/question/rows.html"
OF_THE_EXAM = {"domain", "task", "tags"}  # changed on its page, not from here


class OptionInline(SortableStackedInline):
    """Options, dragged into order; what is key is a box."""

    model = Option
    form = OptionForm
    formset = OptionFormSet
    template = ROWS
    ordering = ("order",)
    fields = ("text", "is_key", "rationale", ("code", "target"), "order")
    formfield_overrides = TEXTS

    def get_extra(self, request: HttpRequest, obj: Question | None = None, **kwargs: Any) -> int:
        return 0 if obj else 4


class ReferenceInline(SortableStackedInline):
    """Where the issuer says so."""

    model = Reference
    form = ReferenceForm
    formset = ReferenceFormSet
    template = ROWS
    ordering = ("order",)
    fields = ("title", "url", "order")
    formfield_overrides = {**TEXTS, URLField: {"assume_scheme": "https"}}

    def get_extra(self, request: HttpRequest, obj: Question | None = None, **kwargs: Any) -> int:
        return 0 if obj else 1


@admin.register(Question)
class QuestionAdmin(
    RepairMixin,
    HasStatistics,
    EditingAdmin,
    WorkflowAdmin,
    ListingAdmin,
    SortableAdminBase,
    CheckingAdmin,
    DeskAdmin,
):
    """Editing never withdraws what is published; publishing what breaks a rule is refused, and the edits stay."""

    form = QuestionForm
    inlines = (OptionInline, ReferenceInline)
    fieldsets = (
        (None, {"fields": ("kind", ("domain", "task"), "case", "stem", "base")}),
        (_("What it is about"), {"fields": ("objective", "tags", ("difficulty", "as_of"), "shuffle")}),
        (_("Where it comes from"), {"classes": ("collapse",), "fields": ("code", "source", "licence")}),
    )

    # ── the form

    def get_form(self, request: HttpRequest, obj: Question | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        exam = obj.exam if obj else self._wanted_exam(request)
        made = type("QuestionForm", (form,), {"exam": exam, "has_conflict": hasattr(request, "conflict")})
        for name in OF_THE_EXAM & made.base_fields.keys():
            widget = made.base_fields[name].widget
            widget.can_add_related = widget.can_change_related = widget.can_delete_related = False
            widget.can_view_related = False
        return made

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The exam first, since everything else hangs from it; where there is one only, it is that."""
        if not self.has_add_permission(request) or self._wanted_exam(request):
            return super().add_view(request, form_url, extra_context)
        context = {
            **self.admin_site.each_context(request),
            "exams": Exam.objects.all(),
            "title": gettext("Add a question"),
        }
        return render(request, "exams/author/choose_exam.html", context)

    def _wanted_exam(self, request: HttpRequest) -> Exam | None:
        code = request.GET.get("exam", "").replace("\0", "")
        found = list(Exam.objects.filter(code=code) if code else Exam.objects.all()[:2])
        return found[0] if len(found) == 1 else None

    def save_model(self, request: HttpRequest, obj: Question, form: QuestionForm, change: bool) -> None:
        request.content_before = bank.content_of(Question.objects.get(pk=obj.pk)) if change else None
        obj.exam = form.exam
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: QuestionForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        service.drop_unused(form.instance)
        service.note_revised(form.instance, request.content_before, now=timezone.now(), by=request.user)
        kept_checks.keep(form.instance, on=today())

    def response_add(self, request: HttpRequest, obj: Question, post_url_continue: str | None = None) -> HttpResponse:
        return self._step_after_saving(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Question) -> HttpResponse:
        return self._step_after_saving(request, obj) or super().response_change(request, obj)

    def _step_after_saving(self, request: HttpRequest, obj: Question) -> HttpResponse | None:
        if "_accept" in request.POST:
            if refusal := self.accept_sent(request, obj):
                messages.error(request, refusal)
            return HttpResponseRedirect(reverse("admin:exams_question_change", args=[obj.pk]))
        step = "publish" if "_publish" in request.POST else "submit" if "_review" in request.POST else ""
        if not step or (step == "publish" and not self.has_publish_permission(request)):
            return None
        self.take_after_saving(request, obj, step)
        return HttpResponseRedirect(reverse("admin:exams_question_change", args=[obj.pk]))

    def delete_model(self, request: HttpRequest, obj: Question) -> None:
        """Held first, so that nobody notes what was found in it meanwhile."""
        Question.objects.select_for_update().filter(pk=obj.pk).order_by().first()
        super().delete_model(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        """What candidates have been given can't be deleted, only retired."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.versions.exists())
