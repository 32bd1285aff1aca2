"""Writing: a question is shown as a candidate will see it; nothing is saved over what another has saved meanwhile."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from csp.decorators import csp_replace
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse

from exams.admin.workflow import told
from exams.domain.bank import LONGEST_TEXT
from exams.domain.differences import differences
from exams.forms.bank import base_of, rebased
from exams.forms.typed import typed
from exams.models import Exam, Question
from exams.queries import bank
from exams.queries.preview import sample
from exams.services import checking

SAVED_COOKIE = "mogi_saved"  # tells the desk's script which texts it need keep no longer, with dots between
MOST_SAVED = 9  # before the latest


class GuardedAdmin:
    """A form that is not saved over what another has saved since it was opened, and whose text the browser keeps."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Saving holds the row, so that what the form is compared with is what it would overwrite."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            row = None
            with suppress(ValueError):  # an address that names no number
                row = self._locked(request, object_id) if object_id else None
            if row and self.has_change_permission(request, row):
                self._meet(request, row)
            response = super().changeform_view(request, object_id, form_url, extra_context)
        in_window = "popup_response_data" in (getattr(response, "context_data", None) or {})  # which closes itself
        if in_window or (response.status_code == 302 and (row or not object_id)):  # what is gone leads elsewhere, too
            before = request.COOKIES.get(SAVED_COOKIE, "").split(".")[-MOST_SAVED:]  # what a window saved
            saved = ".".join(filter(None, [*before, request.POST.get("draft", "")[:80]]))
            response.set_cookie(SAVED_COOKIE, saved, max_age=3600, samesite="Lax")
        return response

    def _locked(self, request: HttpRequest, object_id: str) -> Any:
        """The row, held until the end of the transaction, or None. Raises ValueError for what is no number."""
        rows = self.model.objects.filter(pk=object_id)
        exam = rows.values_list("exam", flat=True).first() if self._needs_bank(request) else None
        if exam:
            checking.hold(exam)
        return rows.select_for_update(of=("self",), no_key=True).first()  # a question refers to its case as it is saved

    def _needs_bank(self, request: HttpRequest) -> bool:
        """Whether saving goes on to what needs the whole bank, which is held before any of its rows."""
        raise NotImplementedError

    def _meet(self, request: HttpRequest, row: Any) -> None:
        """Where somebody has saved since this form was opened (its ``base`` is another), make it about what is stored
        now, and have it refused once: ``request.conflict`` is what differs."""
        raise NotImplementedError


class EditingAdmin(GuardedAdmin):
    """The form's page, on top of Django's."""

    def get_urls(self) -> list[URLPattern]:
        live = self.admin_site.admin_view(csp_replace({"frame-ancestors": ["'self'"]})(self.live))
        return [path("live/<slug:code>/", live, name="exams_question_live"), *super().get_urls()]

    # ── live preview

    def live(self, request: HttpRequest, code: str) -> HttpResponse:
        """The form as it stands, in the clothes of the exam room; for a frame on the form's own page. Keeps nothing."""
        if not self.has_view_permission(request):
            raise Http404
        exam = get_object_or_404(Exam, code=code)
        languages = list(exam.languages)
        context: dict[str, Any] = {"exam": exam, "languages": languages}
        if request.method == "POST":
            seed = request.POST.get("seed", "")
            number = int(seed[:9]) if seed.isascii() and seed.isdigit() else 0
            form = typed(request.POST, exam, longest=LONGEST_TEXT)
            context["item"] = None if form.is_blank else sample(form.content, exam, seed=number)
        response = render(request, "exams/author/live.html", context)
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response

    # ── two authors at one question

    def _needs_bank(self, request: HttpRequest) -> bool:
        return "_publish" in request.POST

    def _meet(self, request: HttpRequest, question: Question) -> None:
        stored = bank.content_of(question)
        if request.POST.get("base") == base_of(question):
            return
        request.POST = rebased(request.POST, question)
        mine = bank.with_media(typed(request.POST, question.exam).content, question.exam)
        request.conflict = told(differences(stored, mine))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With what the desk's parts around Django's form need."""
        question: Question | None = kwargs.get("obj")
        exam = question.exam if question and question.pk else self._wanted_exam(request)
        context |= {
            "exam": exam,
            "live": reverse("admin:exams_question_live", args=[exam.code]) if exam else "",
            "draft": str(question.pk) if question and question.pk else f"add-{exam.code if exam else ''}",
            "conflict": getattr(request, "conflict", None),
            "last_event": question.events.select_related("actor").first() if question and question.pk else None,
            **self.workflow_context(request, question),
        }
        return super().render_change_form(request, context, *args, **kwargs)
