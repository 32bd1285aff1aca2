"""The queue of candidates' reports. Authors read what is wrong and answer it; who sent it is shown to nobody."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from exams.domain.problems import Problems
from exams.forms.problems import LANGUAGES, sentence
from exams.forms.reports import AnswerForm
from exams.models import Report
from exams.queries import rescoring
from exams.services import reports as service


class StateFilter(admin.SimpleListFilter):
    """What waits for an answer comes first."""

    title = pgettext_lazy("report", "state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("open", _("waits for an answer")), ("answered", pgettext_lazy("report", "answered"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        if self.value() in ("open", "answered"):
            return queryset.filter(answered_at__isnull=self.value() == "open")
        return queryset


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    """To be read and answered. The candidate and the attempt are on no page, in no filter and in no search."""

    list_display = ("start", "category", "about", "sent", "state")
    list_filter = (StateFilter, "category", "version__question__exam")
    list_select_related = ("version__question",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("text", "version__question__code")
    fields = readonly_fields = ("category", "text", "read_in", "about", "sent", "answer", "answered", "answered_by")
    actions = None

    # ── what can be done, and asked

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Nothing but the filters that are offered: a list that can be narrowed by candidate names one."""
        return lookup in ("state", "category__exact", "version__question__exam__id__exact")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return super().get_queryset(request).defer("candidate", "item")

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        context |= {"title": str(kwargs["obj"]), "subtitle": None}  # nothing here is changed by hand
        context |= {"show_save": False, "show_save_and_continue": False, "show_save_and_add_another": False}
        return super().render_change_form(request, context, **kwargs)

    # ── columns

    @admin.display(description=_("read in"))
    def read_in(self, obj: Report) -> str:
        return str(LANGUAGES.get(obj.language, obj.language))

    @admin.display(description=_("report"))
    def start(self, obj: Report) -> str:
        return Truncator(obj.text).chars(80)

    @admin.display(description=_("question"))
    def about(self, obj: Report) -> str:
        version = obj.version
        address = reverse("admin:exams_question_version", args=[version.question_id, version.number])
        words = gettext("%(code)s, version %(number)s") % {"code": version.question.code, "number": version.number}
        return format_html('<a href="{}">{}</a> {}', address, words, rescoring.title_of(version))

    @admin.display(description=_("sent"), ordering="sent_at")
    def sent(self, obj: Report) -> str:
        return date_format(timezone.localtime(obj.sent_at), "DATE_FORMAT")

    @admin.display(description=pgettext_lazy("report", "answered"), ordering="answered_at")
    def answered(self, obj: Report) -> str:
        return date_format(timezone.localtime(obj.answered_at), "DATETIME_FORMAT") if obj.answered_at else "–"

    @admin.display(description=pgettext_lazy("report", "state"), ordering="answered_at")
    def state(self, obj: Report) -> str:
        return str(pgettext_lazy("report", "answered")) if obj.answered_at else str(_("waits for an answer"))

    # ── answering

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.answer_view)
        return [path("<int:object_id>/answer/", view, name="exams_report_answer"), *super().get_urls()]

    def answer_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Write the answer, which closes the report."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        report = get_object_or_404(self.get_queryset(request).select_related("version__question"), pk=object_id)
        form = AnswerForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                service.answer(report, form.cleaned_data["answer"], by=request.user, now=timezone.now())
            except Problems as refused:
                for problem in refused.problems:
                    form.add_error(problem.where or None, sentence(problem))
            else:
                self.log_change(request, report, gettext("Answered."))
                messages.success(request, gettext("The answer is on its way to who sent the report."))
                return redirect("admin:exams_report_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Answer a report"),
            "opts": self.opts,
            "report": report,
            "about": self.about(report),
            "question": report.version.question,
            "form": form,
        }
        status = 422 if form.errors else 200
        return render(request, "admin/exams/report/answer.html", context, status=status)
