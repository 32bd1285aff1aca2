"""Cases: texts that several questions share."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext

from exams.admin.base import DeskAdmin
from exams.admin.editing import GuardedAdmin
from exams.admin.workflow import reasons, tell_waiting, told
from exams.domain.bank import Case as CaseContent
from exams.domain.differences import case_differences
from exams.forms.cases import CaseForm, base_of_case
from exams.forms.texts import TextFormField, TextWidget
from exams.models import Case, Question
from exams.queries import bank
from exams.services import bank as service


@admin.register(Case)
class CaseAdmin(GuardedAdmin, DeskAdmin):
    """Editing a case edits all its questions; each is published on its own."""

    form = CaseForm
    fields = ("exam", "code", "text", "base")
    list_display = ("code", "exam")
    list_filter = ("exam",)
    list_select_related = ("exam",)

    def get_form(self, request: HttpRequest, obj: Case | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type("CaseForm", (form,), {"has_conflict": hasattr(request, "conflict")})

    def _needs_bank(self, request: HttpRequest) -> bool:
        return True  # it writes in its questions

    def _meet(self, request: HttpRequest, case: Case) -> None:
        base = base_of_case(case)
        if request.POST.get("base") == base:
            return
        request.POST = request.POST.copy()
        request.POST["base"] = base
        typed = TextFormField().to_python(TextWidget().value_from_datadict(request.POST, None, "text"))
        mine = CaseContent(id=request.POST.get("code", "").strip(), text=typed)
        request.conflict = told(case_differences(CaseContent(id=case.code, text=case.text), mine))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With what keeping what is typed needs, and what differs from what is stored."""
        case: Case | None = kwargs.get("obj")
        context |= {
            "draft": f"case-{case.pk}" if case and case.pk else "add-case",
            "conflict": getattr(request, "conflict", None),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Case, form: CaseForm, change: bool) -> None:
        # Not obj.questions, which would know the new text already. Nobody else saves one of them meanwhile.
        questions = Question.objects.select_for_update(of=("self",)).filter(case=obj.pk).order_by("pk")
        before = [(question, bank.content_of(question)) for question in questions] if change else []
        super().save_model(request, obj, form, change)
        for question, content in before:
            service.note_revised(question, content, now=timezone.now(), by=request.user)
        tell_waiting(request, [question for question, _content in before])
        self._tell_unready(request, obj)

    def _tell_unready(self, request: HttpRequest, case: Case) -> None:
        """Say which published questions this case keeps from being published again, and why."""
        rows = case.questions.filter(current_version__isnull=False).exclude(status=Question.Status.RETIRED)
        published = list(rows.select_related("exam", "domain", "task", "case"))
        if not published:
            return
        found = bank.publishing_problems(published[0], bank.content_of(published[0]))
        if of_the_case := [problem for problem in found if problem.where.startswith("case.")]:
            text = gettext("Until this case is mended, these questions can't be published again: %(codes)s.")
            codes = ", ".join(question.code for question in published)
            messages.warning(request, reasons(text % {"codes": codes}, of_the_case))
