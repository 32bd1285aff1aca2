"""The checker at the author's desk: findings as one types, warnings accepted with a reason, filters by findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from exams.domain.bank import QuestionContent
from exams.domain.checking import stale_before
from exams.domain.problems import Problems
from exams.forms.checking import beside, by_place, put, sent
from exams.forms.problems import sentence
from exams.forms.targets import offer_targets
from exams.forms.typed import Typed, typed
from exams.models import Question
from exams.queries import bank, kept_checks
from exams.queries.checking import Judged, judged, near_duplicates_of
from exams.services import checking


class FindingsFilter(admin.SimpleListFilter):
    """By what is found of a question without reading its text, or was found when it was last checked."""

    title = _("findings")
    parameter_name = "findings"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("errors", _("with something to mend")),
            ("open", _("with open warnings")),
            ("near", _("near-identical to another one")),
            ("stale", _("facts older than 24 months")),
            ("accepted", _("with accepted warnings")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Question]) -> QuerySet[Question]:
        if self.value() == "errors":
            return kept_checks.with_errors(queryset)
        if self.value() == "open":
            return kept_checks.with_warnings(queryset)
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
        return self._fragment(request, question)

    def accept(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Accept one warning about the saved text; what is typed besides stays as it is."""
        question = self._checked(request, pk)
        return self._fragment(request, question, refusal=self.accept_sent(request, question))

    def accept_sent(self, request: HttpRequest, question: Question) -> str:
        """Accept the warning whose button was pressed. The sentence why not, or nothing."""
        code, where, text = [*request.POST.get("_accept", "").split(" "), "", "", ""][:3]
        reason = next(filter(str.strip, request.POST.getlist(f"_reason_{text}")), "")
        try:
            checking.accept(question, code, where, text, reason=reason, by=request.user, now=timezone.now())
        except Problems as refused:
            return sentence(refused.problems[0])
        return ""

    def _checked(self, request: HttpRequest, pk: int) -> Question:
        question = get_object_or_404(Question.objects.select_related("exam", "domain", "task", "case"), pk=pk)
        if not self.has_change_permission(request, question):
            raise Http404
        return question

    def _fragment(self, request: HttpRequest, question: Question, *, refusal: str = "") -> HttpResponse:
        form = typed(request.POST, question.exam)
        content = bank.with_media(form.content, question.exam)
        context = self._said(request, question, content, form, request.POST, refusal)
        is_shown = "HX-Request" in request.headers  # htmx would drop the sentence with the status
        status = 422 if refusal and not is_shown else 200
        return render(request, "exams/author/_findings.html", {**context, "is_fragment": True}, status=status)

    def _said(
        self,
        request: HttpRequest,
        question: Question,
        content: QuestionContent,
        form: Typed,
        data: Mapping[str, Any],
        refusal: str = "",
    ) -> dict[str, Any]:
        """What the templates need to say what is found of a content, by the places of a form that holds ``data``."""
        is_begun = question.pk is not None or not form.is_blank
        rows: list[Judged] = []
        if is_begun:
            near = near_duplicates_of(question, content)
            rows = judged(question, content, on=timezone.localdate(), near=near)
        refused = request.POST.get("_accept", "") if refusal else ""
        said = put(rows, form, data, refused=refused, refusal=refusal)
        return {
            "sum": _sum(rows) if is_begun else "",
            "index": [one for one in said if one.at],
            "elsewhere": [one for one in said if not one.at],
            "beside": by_place(one for one in said if one.at),
            "refusal": "" if any(one.refusal for one in said) else refusal,
            "accepts": reverse("admin:exams_question_accept", args=[question.pk]) if question.pk else "",
        }

    # ── the page

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Each finding beside its field, as the page is sent; the desk's script and htmx keep it so as one types."""
        question: Question | None = kwargs.get("obj")
        form, formsets = context["adminform"].form, [inline.formset for inline in context["inline_admin_formsets"]]
        if "domain" in form.fields:  # not for somebody who may only look
            self._say_beside(request, context, question, form, formsets)
        return super().render_change_form(request, context, *args, **kwargs)

    def _say_beside(
        self, request: HttpRequest, context: dict[str, Any], question: Question | None, form: Any, formsets: list[Any]
    ) -> None:
        rows = [row for formset in formsets for row in formset.forms]
        for formset in formsets:
            formset.at = f"{formset.prefix}-group"
            if formset.prefix == "options":
                offer_targets(formset.forms)
        if form.is_bound:
            data, stored = request.POST, question or Question(exam=form.exam)
        elif question and question.pk:
            data, stored = sent([form, *rows], formsets), question
        else:
            return  # nothing is written yet
        read = typed(data, form.exam)
        content = bank.with_media(read.content, form.exam) if form.is_bound else bank.content_of(stored)
        context |= self._said(request, stored, content, read, data)
        for one in (form, *rows):
            beside(one, context["beside"], accepts=context["accepts"])
        for formset in formsets:
            formset.said = context["beside"].get(formset.at, ())


def _sum(rows: list[Judged]) -> str:
    """How much is to be mended and how many warnings are open, in one line."""
    errors, warnings = sum(row.is_error for row in rows), sum(row.is_open for row in rows)
    accepted = len(rows) - errors - warnings
    words = [
        (errors, ngettext("%(number)s thing to mend", "%(number)s things to mend", errors)),
        (warnings, ngettext("%(number)s warning", "%(number)s warnings", warnings)),
        (accepted, ngettext("%(number)s accepted warning", "%(number)s accepted warnings", accepted)),
    ]
    found = [words % {"number": number} for number, words in words if number]
    return pgettext("between two items", ", ").join(found) or gettext("Nothing was found.")
