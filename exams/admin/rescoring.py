"""The author's side of repairing a wrong key: a question everywhere, in numbers and without names."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from exams.forms.repairing import Repairing, told
from exams.models import Question
from exams.queries import rescoring


class RepairMixin(admin.ModelAdmin):
    """Pages beside a question, for those who may publish it."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/repair/", view(self.repairs), name="exams_question_repairs"),
            path("<int:pk>/repair/<int:number>/", view(self.repair), name="exams_question_repair"),
            path("<int:pk>/repair/undo/<int:rescore_id>/", view(self.undo), name="exams_question_repair_undo"),
            *super().get_urls(),
        ]

    def _repaired(self, request: HttpRequest, pk: int) -> Question:
        if not self.has_view_permission(request):
            raise Http404
        if not request.user.has_perm("exams.publish_question"):
            raise PermissionDenied
        return get_object_or_404(Question.objects.select_related("exam"), pk=pk)

    def repairs(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The versions that candidates were given, and what was done about them everywhere."""
        question = self._repaired(request, pk)
        history = rescoring.history(version__question=question, assignment=None)
        context = {
            "crumbs": self._crumbs(question)[:-1],
            "rows": [
                (used, reverse("admin:exams_question_repair", args=[pk, used.version.number]))
                for used in rescoring.used_versions(timezone.now(), reader=request.user, question=question)
            ],
            "history": [(row, reverse("admin:exams_question_repair_undo", args=[pk, row.pk])) for row in history],
            "scope": "",
        }
        return render(request, "exams/repair/index.html", context)

    def repair(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Choose what to do about a version, see how many results would change, and do it."""
        question, now = self._repaired(request, pk), timezone.now()
        version = get_object_or_404(question.versions.select_related("question__exam"), number=number)
        page = rescoring.shown(version, request.user, get_language() or "", now)
        work = Repairing(request.POST if request.method == "POST" else None, by=request.user, now=now)
        work.repair(page, None)
        context = {"page": page, "title": rescoring.title_of(version)}
        return self._answer_repair(request, question, work, "exams/repair/repair.html", context)

    def undo(self, request: HttpRequest, pk: int, rescore_id: int) -> HttpResponse:
        """Take one back."""
        question = self._repaired(request, pk)
        done = get_object_or_404(rescoring.undoable(version__question=question, assignment=None), pk=rescore_id)
        work = Repairing(request.POST if request.method == "POST" else None, by=request.user, now=timezone.now())
        work.undo(done)
        context = {"rescore": done, "title": rescoring.title_of(done.version)}
        return self._answer_repair(request, question, work, "exams/repair/undo.html", context)

    def _crumbs(self, question: Question) -> list[tuple[str, str]]:
        return [
            (reverse("admin:exams_question_changelist"), gettext("Questions")),
            (reverse("admin:exams_question_change", args=[question.pk]), question.code),
            (reverse("admin:exams_question_repairs", args=[question.pk]), gettext("Repair a key")),
        ]

    def _answer_repair(
        self, request: HttpRequest, question: Question, work: Repairing, template: str, context: dict[str, Any]
    ) -> HttpResponse:
        back = reverse("admin:exams_question_repairs", args=[question.pk])
        if work.done:
            messages.success(request, told(rescoring.history(pk=work.done.pk).get().results))
            return redirect(back)
        context |= {
            "crumbs": self._crumbs(question),
            "form": work.form,
            "preview": work.preview,
            "people": None,
            "scope": "",
            "back": back,
        }
        return render(request, template, context, status=work.status)
