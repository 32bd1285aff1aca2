"""Attempts, to be found and given more time. Neither answers nor keys nor scores are here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from exams.admin.base import ToLookAt
from exams.domain.attempts import State
from exams.domain.problems import Problems
from exams.forms.attempts import ExtensionForm
from exams.forms.problems import sentence
from exams.models import Attempt, Extension
from exams.queries import attempts
from exams.services import attempts as service

STATE = pgettext_lazy("attempt", "state")
STATES = {State.OPEN: _("running"), State.CLOSING: _("time is up"), State.FINISHED: _("finished")}


class RunningFilter(admin.SimpleListFilter):
    """Those that can be given more time, and the others."""

    title = STATE
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("running", _("running")), ("over", _("over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Attempt]) -> QuerySet[Attempt]:
        running = attempts.running(timezone.now())
        if self.value() == "running":
            return queryset.filter(running)
        return queryset.exclude(running) if self.value() == "over" else queryset


class ExtensionInline(ToLookAt, admin.StackedInline):
    """What was given, by whom and why; written by the service alone."""

    model = Extension
    extra = 0
    fields = readonly_fields = ("minutes", "reason", "granted_by", "granted_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Extension]:
        return super().get_queryset(request).select_related("granted_by")


@admin.register(Attempt)
class AttemptAdmin(ToLookAt, admin.ModelAdmin):
    """To be looked at; the one thing to be done is giving more time."""

    list_display = ("person", "exam_and_size", "started", "deadline", "state")
    list_display_links = ("person",)
    list_filter = (RunningFilter, "exam")
    list_select_related = ("candidate", "exam")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("candidate__email", "candidate__display_name", "public_id")
    fields = readonly_fields = (
        "person",
        "exam_and_size",
        "assigned",
        "started",
        "deadline",
        "minutes",
        "ended",
        "state",
    )
    inlines = (ExtensionInline,)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Headed by the person, not by an id."""
        attempt: Attempt = kwargs["obj"]
        context["subtitle"] = self.person(attempt)
        context["is_running"] = attempts.state_of(attempt, timezone.now()) is State.OPEN
        return super().render_change_form(request, context, **kwargs)

    # ── columns

    @admin.display(description=_("candidate"), ordering="candidate__display_name")
    def person(self, obj: Attempt) -> str:
        return f"{obj.candidate} ({obj.candidate.email})"

    @admin.display(description=_("exam"), ordering="exam__code")
    def exam_and_size(self, obj: Attempt) -> str:
        return f"{obj.exam.code.upper()}, {obj.size_code}"

    @admin.display(description=_("assignment"))
    def assigned(self, obj: Attempt) -> str:
        return str(obj.assignment or "–")

    @admin.display(description=_("started"), ordering="started_at")
    def started(self, obj: Attempt) -> str:
        return _when(obj.started_at)

    @admin.display(description=_("deadline"), ordering="deadline_at")
    def deadline(self, obj: Attempt) -> str:
        return _when(obj.deadline_at)

    @admin.display(description=_("minutes in all"))
    def minutes(self, obj: Attempt) -> int:
        return attempts.minutes_of(obj)

    @admin.display(description=_("ended"), ordering="finished_at")
    def ended(self, obj: Attempt) -> str:
        return _when(attempts.ended_at(obj, timezone.now()))

    @admin.display(description=STATE)
    def state(self, obj: Attempt) -> str:
        return str(STATES[attempts.state_of(obj, timezone.now())])

    # ── more time

    def get_urls(self) -> list[URLPattern]:
        extend = self.admin_site.admin_view(self.extend)
        return [path("<int:object_id>/extend/", extend, name="exams_attempt_extend"), *super().get_urls()]

    def extend(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Ask how much and why, and give it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        attempt = get_object_or_404(Attempt.objects.select_related("candidate", "exam"), pk=object_id)
        form = ExtensionForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                given = service.extend(attempt, **form.cleaned_data, by=request.user, now=timezone.now())
            except Problems as refused:
                for problem in refused.problems:
                    form.add_error(problem.where or None, sentence(problem))
            else:
                self._say(request, attempt, given)
                return redirect("admin:exams_attempt_change", object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Give extra time"),
            "subtitle": str(attempt.candidate),
            "opts": self.opts,
            "attempt": attempt,
            "state": self.state(attempt),
            "form": form,
        }
        status = 200 if request.method == "GET" else 422
        return render(request, "admin/exams/attempt/extend.html", context, status=status)

    def _say(self, request: HttpRequest, attempt: Attempt, given: Extension) -> None:
        text = ngettext(
            "%(who)s has %(number)s more minute.", "%(who)s has %(number)s more minutes.", given.minutes
        ) % {"who": attempt.candidate, "number": given.minutes}
        self.log_change(request, attempt, f"{text} {given.reason}")
        messages.success(request, text)


def _when(instant: datetime | None) -> str:
    return date_format(timezone.localtime(instant), "DATETIME_FORMAT") if instant else "–"
