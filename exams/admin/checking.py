"""The checker at the author's desk: findings as one types, warnings accepted with a reason, filters by findings."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from exams.domain.bank import QuestionContent
from exams.domain.checking import stale_before
from exams.domain.problems import Problems
from exams.forms.problems import place, sentence
from exams.forms.texts import SEPARATOR
from exams.forms.typed import Typed, typed
from exams.models import Question
from exams.queries import bank
from exams.queries.checking import judged, near_duplicates_of
from exams.services import checking


class FindingsFilter(admin.SimpleListFilter):
    """By what is found of a question without reading its text."""

    title = _("findings")
    parameter_name = "findings"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("near", _("near-identical to another one")),
            ("stale", _("facts older than 24 months")),
            ("accepted", _("with accepted warnings")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Question]) -> QuerySet[Question]:
        if self.value() == "near":
            return queryset.exclude(near_group=None)
        if self.value() == "stale":
            return queryset.filter(as_of__lt=stale_before(timezone.localdate()))
        if self.value() == "accepted":
            return queryset.filter(pk__in=queryset.filter(waivers__isnull=False).values("pk"))
        return queryset


class CheckingAdmin(admin.ModelAdmin):
    """What the admin of questions inherits."""

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        return [
            path("findings/", site.admin_view(require_POST(self.findings)), name="exams_question_findings_new"),
            path("<int:pk>/findings/", site.admin_view(require_POST(self.findings)), name="exams_question_findings"),
            path("<int:pk>/accept/", site.admin_view(require_POST(self.accept)), name="exams_question_accept"),
            *super().get_urls(),
        ]

    def findings(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """What is to be said of the form's fields as they were sent. Nothing is saved."""
        if pk is None:
            exam = self._wanted_exam(request)
            if exam is None or not self.has_add_permission(request):
                raise Http404
            question = Question(exam=exam)
        else:
            question = self._checked(request, pk)
        form = typed(request.POST, question.exam)
        return self._fragment(request, question, form.content, form=form)

    def accept(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Accept one warning about the saved text."""
        question = self._checked(request, pk)
        code, where, text, reason = (request.POST.get(name, "") for name in ("code", "where", "text", "reason"))
        refusal = ""
        try:
            checking.accept(question, code, where, text, reason=reason, by=request.user, now=timezone.now())
        except Problems as refused:
            refusal = sentence(refused.problems[0])
        return self._fragment(request, question, bank.content_of(question), refusal=refusal)

    def _checked(self, request: HttpRequest, pk: int) -> Question:
        question = get_object_or_404(Question.objects.select_related("exam", "domain", "task", "case"), pk=pk)
        if not self.has_change_permission(request, question):
            raise Http404
        return question

    def _fragment(
        self,
        request: HttpRequest,
        question: Question,
        content: QuestionContent,
        *,
        form: Typed | None = None,
        refusal: str = "",
    ) -> HttpResponse:
        near = near_duplicates_of(question, content)
        rows = [
            {
                "row": row,
                "place": place(row.finding.where),
                "says": sentence(row.finding),
                "field": _input(form, row.finding.where, request) if form else "",
            }
            for row in judged(question, content, on=timezone.localdate(), near=near)
        ]
        context = {"question": question, "rows": rows, "refusal": refusal}
        is_shown = "HX-Request" in request.headers  # htmx would drop the sentence with the status
        status = 422 if refusal and not is_shown else 200
        return render(request, "exams/author/_findings.html", context, status=status)


def _input(form: Typed, where: str, request: HttpRequest) -> str:
    """The id of the input in which a place in the question was typed, "" where it is none."""
    name = form.field(where)
    return f"id_{name.replace(SEPARATOR, '_')}" if name in request.POST else ""
