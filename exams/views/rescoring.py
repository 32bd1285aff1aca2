"""Repairing a wrong key within one's own assignment."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from exams.forms.repairing import Repairing, told
from exams.models import Assignment, QuestionVersion
from exams.queries import rescoring, results
from exams.views.access import instructors_only, own_assignment, telling


def _crumbs(assignment: Assignment, *more: tuple[str, str]) -> list[tuple[str, str]]:
    cohort = assignment.cohort
    ids = [cohort.public_id, assignment.public_id]
    return [
        (reverse("cohorts"), _("Cohorts")),
        (reverse("cohort", args=[cohort.public_id]), cohort.name),
        (reverse("assignment", args=ids), assignment.title),
        (reverse("repairs", args=ids), _("Repair a key")),
        *more,
    ]


@require_GET
@never_cache
@instructors_only
def index(request: HttpRequest, cohort_id: uuid.UUID, assignment_id: uuid.UUID) -> HttpResponse:
    """The questions that were given in this assignment, and what was done about them."""
    assignment, now = own_assignment(request, cohort_id, assignment_id), timezone.now()
    history = rescoring.history(assignment=assignment, seen_by=_reader(request, assignment))
    context = {
        "cohort": assignment.cohort,
        "assignment": assignment,
        "crumbs": _crumbs(assignment)[:-1],
        "rows": [
            (used, reverse("repair", args=[cohort_id, assignment_id, used.version.pk]))
            for used in rescoring.used_versions(now, reader=request.user, assignment=assignment)
        ],
        "history": [(row, reverse("repair-undo", args=[cohort_id, assignment_id, row.pk])) for row in history],
        "scope": assignment.title,
        "hidden": results.hidden_from(request.user, now),
    }
    return render(request, "exams/repair/index.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@instructors_only
@telling
def repair(request: HttpRequest, cohort_id: uuid.UUID, assignment_id: uuid.UUID, version_id: int) -> HttpResponse:
    """Choose what to do about a question, see whose results would change, and do it."""
    is_doing, now = request.method == "POST", timezone.now()
    assignment = own_assignment(request, cohort_id, assignment_id, in_use=is_doing)
    given = QuestionVersion.objects.filter(items__attempt__assignment=assignment).distinct()
    version = get_object_or_404(given.select_related("question__exam"), pk=version_id)
    page = rescoring.shown(version, request.user, get_language() or "", now)
    work = Repairing(request.POST if request.method == "POST" else None, by=request.user, now=now)
    work.repair(page, assignment)
    context = {"crumbs": _crumbs(assignment), "page": page, "title": rescoring.title_of(version)}
    return _answer(request, assignment, work, "exams/repair/repair.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@instructors_only
@telling
def undo(request: HttpRequest, cohort_id: uuid.UUID, assignment_id: uuid.UUID, rescore_id: int) -> HttpResponse:
    """Take one back."""
    assignment = own_assignment(request, cohort_id, assignment_id, in_use=request.method == "POST")
    done = get_object_or_404(rescoring.undoable(assignment=assignment), pk=rescore_id)
    work = Repairing(request.POST if request.method == "POST" else None, by=request.user, now=timezone.now())
    work.undo(done)
    context = {"crumbs": _crumbs(assignment), "rescore": done, "title": rescoring.title_of(done.version)}
    return _answer(request, assignment, work, "exams/repair/undo.html", context)


def _reader(request: HttpRequest, assignment: Assignment) -> rescoring.Reader:
    return rescoring.Reader(assignment.cohort, request.user, timezone.now())


def _answer(
    request: HttpRequest, assignment: Assignment, work: Repairing, template: str, context: dict[str, Any]
) -> HttpResponse:
    ids = [assignment.cohort.public_id, assignment.public_id]
    if work.done:
        done = rescoring.history(pk=work.done.pk, seen_by=_reader(request, assignment)).get()
        messages.success(request, told(done.results))
        return redirect("repairs", *ids)
    context |= {
        "cohort": assignment.cohort,
        "assignment": assignment,
        "form": work.form,
        "preview": work.preview,
        "people": rescoring.people_changed(work.preview) if work.preview else None,
        "scope": assignment.title,
        "back": reverse("repairs", args=ids),
    }
    return render(request, template, context, status=work.status)
