"""Questions: edited as working copies, previewed as the exam shows them, published as versions."""

from __future__ import annotations

from typing import Any

from adminsortable2.admin import SortableAdminBase, SortableStackedInline
from django.contrib import admin, messages
from django.db.models import QuerySet, URLField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from exams.admin.base import TEXTS, DeskAdmin
from exams.admin.checking import CheckingAdmin, FindingsFilter
from exams.domain.bank import QuestionContent
from exams.domain.problems import Problems
from exams.forms.bank import OptionFormSet, QuestionForm, RowForm
from exams.forms.problems import place, sentence
from exams.models import Exam, Option, Question, Reference
from exams.queries import bank
from exams.services import bank as service


class OptionInline(SortableStackedInline):
    """Options, dragged into order; what is key is a box."""

    model = Option
    form = RowForm
    formset = OptionFormSet
    ordering = ("order",)
    fields = ("text", "is_key", "rationale", ("code", "target"), "order")
    formfield_overrides = TEXTS

    def get_extra(self, request: HttpRequest, obj: Question | None = None, **kwargs: Any) -> int:
        return 0 if obj else 4


class ReferenceInline(SortableStackedInline):
    """Where the issuer says so."""

    model = Reference
    form = RowForm
    ordering = ("order",)
    fields = ("title", "url", "order")
    formfield_overrides = {**TEXTS, URLField: {"assume_scheme": "https"}}

    def get_extra(self, request: HttpRequest, obj: Question | None = None, **kwargs: Any) -> int:
        return 0 if obj else 1


@admin.register(Question)
class QuestionAdmin(SortableAdminBase, CheckingAdmin, DeskAdmin):
    """Editing never withdraws what is published; publishing what breaks a rule is refused, and the edits stay."""

    form = QuestionForm
    inlines = (OptionInline, ReferenceInline)
    list_display = ("code", "stem_start", "kind", "domain", "state", "updated_at")
    list_filter = ("exam", "domain", "kind", "status", "tags", FindingsFilter)
    list_select_related = ("exam", "domain", "current_version")
    list_per_page = 50
    search_fields = ("code", "stem__ja", "stem__en")
    actions = ("publish_selected", "retire_selected")
    fieldsets = (
        (None, {"fields": ("kind", ("domain", "task"), "case", "stem")}),
        (_("What it is about"), {"fields": ("objective", "tags", ("difficulty", "as_of"), "shuffle")}),
        (_("Where it comes from"), {"classes": ("collapse",), "fields": ("code", "source", "licence")}),
    )

    # ── the form

    def get_form(self, request: HttpRequest, obj: Question | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type("QuestionForm", (form,), {"exam": obj.exam if obj else self._wanted_exam(request)})

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
        code = request.GET.get("exam")
        found = list(Exam.objects.filter(code=code) if code else Exam.objects.all()[:2])
        return found[0] if len(found) == 1 else None

    def save_model(self, request: HttpRequest, obj: Question, form: QuestionForm, change: bool) -> None:
        request.content_before = bank.content_of(Question.objects.get(pk=obj.pk)) if change else None
        obj.exam = form.exam
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: QuestionForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        service.note_revised(form.instance, request.content_before, now=timezone.now())

    def response_add(self, request: HttpRequest, obj: Question, post_url_continue: str | None = None) -> HttpResponse:
        return self._publish_after_saving(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Question) -> HttpResponse:
        return self._publish_after_saving(request, obj) or super().response_change(request, obj)

    def _publish_after_saving(self, request: HttpRequest, obj: Question) -> HttpResponse | None:
        if "_publish" not in request.POST or not self.has_publish_permission(request):
            return None
        self._publish(request, obj)
        return HttpResponseRedirect(reverse("admin:exams_question_change", args=[obj.pk]))

    def has_delete_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        """What candidates have been given can't be deleted, only retired."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.versions.exists())

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No deleting by the dozen: versions would stand in the way of some."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    # ── publishing

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Whether this person may publish and retire."""
        return request.user.has_perm("exams.publish_question")

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        """Each on its own: one that is refused does not hold up the others."""
        for question in queryset:
            self._publish(request, question)

    @admin.action(description=_("Retire"), permissions=["publish"])
    def retire_selected(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        """New attempts get them no more."""
        number = len(queryset)
        for question in queryset:
            service.retire(question)
        text = ngettext("%(number)s question retired.", "%(number)s questions retired.", number)
        messages.success(request, text % {"number": number})

    def _publish(self, request: HttpRequest, question: Question) -> None:
        try:
            published = service.publish(question, by=request.user, now=timezone.now())
        except Problems as refused:
            text = gettext("“%(code)s” is saved but was not published:") % {"code": question.code}
            colon = pgettext("between a place and a sentence", ": ")
            found = [(place(problem.where), colon, sentence(problem)) for problem in refused.problems]
            rows = format_html_join("", "<li>{}{}{}</li>", found)
            messages.error(request, format_html("{}<ul>{}</ul>", text, rows))
            return
        if published.is_new:
            text = gettext("“%(code)s” is published as version %(number)s. New attempts get it.")
        elif published.is_back:
            text = gettext("“%(code)s” is no longer retired. New attempts get version %(number)s again.")
        else:
            text = gettext("“%(code)s” has no changes since version %(number)s, which stays in force.")
        messages.success(request, text % {"code": question.code, "number": published.version.number})

    # ── the list

    @admin.display(description=_("stem"))
    def stem_start(self, obj: Question) -> str:
        return bank.stem_start(obj)

    @admin.display(description=_("state"), ordering="status")
    def state(self, obj: Question) -> str:
        version = obj.current_version
        if version is None or obj.status == Question.Status.RETIRED:
            return obj.get_status_display()
        if version.checksum != obj.checksum:
            return gettext("version %(number)s, edited since") % {"number": version.number}
        return gettext("published, version %(number)s") % {"number": version.number}

    # ── preview and history

    def get_urls(self) -> list[URLPattern]:
        return [
            path("<int:pk>/preview/", self.admin_site.admin_view(self.preview), name="exams_question_preview"),
            path("<int:pk>/versions/", self.admin_site.admin_view(self.versions), name="exams_question_versions"),
            path(
                "<int:pk>/versions/<int:number>/",
                self.admin_site.admin_view(self.version),
                name="exams_question_version",
            ),
            *super().get_urls(),
        ]

    def _viewed(self, request: HttpRequest, pk: int) -> Question:
        if not self.has_view_permission(request):
            raise Http404
        return get_object_or_404(Question.objects.select_related("exam", "domain", "task", "case"), pk=pk)

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The working copy as a candidate would see it, and what keeps it from being published."""
        question = self._viewed(request, pk)
        content = bank.content_of(question)
        found = bank.publishing_problems(question, content)
        context = {
            "problems": [(place(problem.where), sentence(problem)) for problem in found],
            "is_working_copy": True,
        }
        return self._show(request, question, content, context)

    def versions(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every version, newest first."""
        question = self._viewed(request, pk)
        context = {"question": question, "versions": question.versions.select_related("published_by")}
        return render(request, "exams/author/versions.html", context)

    def version(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """One version, as it is kept."""
        question = self._viewed(request, pk)
        row = get_object_or_404(question.versions.select_related("published_by"), number=number)
        return self._show(request, question, bank.content_of_version(row), {"version": row})

    def _show(
        self, request: HttpRequest, question: Question, content: QuestionContent, more: dict[str, Any]
    ) -> HttpResponse:
        context = {"question": question, "sides": bank.preview(content, question.exam), **more}
        return render(request, "exams/author/preview.html", context)
