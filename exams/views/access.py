"""Who may see what. Somebody else's object and a missing one answer the same 404."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from exams.domain.problems import Problem, Problems
from exams.forms.problems import sentence
from exams.models import Assignment, Attempt, Cohort, Exam, Size
from exams.queries import assignments, attempts, blueprints, cohorts
from exams.views.errors import refusal, wants_json

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """People only: others are sent to sign in and back; the exam room's script is told 401 and redirected nowhere."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if wants_json(request):
            return refusal(request, 401, _("You are no longer signed in."), _("Sign in again; your answers are kept."))
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")

    return guarded


def instructors_only(view: View) -> View:
    """People who may teach. Which cohorts is another question."""

    @wraps(view)
    @signed_in
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not cohorts.may_teach(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def telling(view: View) -> View:
    """What a service refuses in a cohort is told on the cohort's page, where no form of the view's own tells it."""

    @wraps(view)
    def guarded(request: HttpRequest, cohort_id: uuid.UUID, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, cohort_id, **kwargs)
        except Problems as refused:
            for problem in refused.problems:
                messages.error(request, sentence(problem))
            return redirect("cohort", cohort_id)

    return guarded


def own_cohort(request: HttpRequest, cohort_id: uuid.UUID, *, in_use: bool = False) -> Cohort:
    """The cohort, if this person teaches it; with ``in_use`` raises Problems (``cohort_archived``) for one that is
    only to be looked at."""
    try:
        found = cohorts.own_cohort(request.user, cohort_id)
    except Cohort.DoesNotExist:
        raise Http404 from None
    if in_use and found.archived_at:
        raise Problems([Problem("cohort_archived")])
    return found


def own_assignment(
    request: HttpRequest, cohort_id: uuid.UUID, assignment_id: uuid.UUID, *, in_use: bool = False
) -> Assignment:
    """An assignment of a cohort that this person teaches; ``in_use`` as of ``own_cohort``."""
    found = own_cohort(request, cohort_id, in_use=in_use)
    return get_object_or_404(found.assignments.select_related("exam", "size", "cohort"), public_id=assignment_id)


def join_address(request: HttpRequest, token: str) -> str:
    """The link by which people join, in full."""
    return request.build_absolute_uri(reverse("join", args=[token]))


def own_attempt(request: HttpRequest, attempt_id: uuid.UUID) -> Attempt:
    """The attempt, if it is this person's own."""
    try:
        return attempts.own_attempt(request.user, attempt_id)
    except Attempt.DoesNotExist:
        raise Http404 from None


def sitting_asked_for(request: HttpRequest, code: str, asked: QueryDict) -> tuple[Exam, Size, Assignment | None]:
    """The exam in the ``size`` that is asked for, or in that of an ``assignment`` of this person's."""
    exam = get_object_or_404(blueprints.exams(), code=code)
    if "assignment" not in asked:
        size = next((row for row in exam.sizes.all() if row.code == asked.get("size")), None)
        if size is None:
            raise Http404
        return exam, size, None
    assigned = assignments.assigned_to(request.user)
    assignment = get_object_or_404(assigned, public_id=_uuid(asked["assignment"]), exam=exam)
    return exam, assignment.size, assignment


def _uuid(value: str) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except ValueError:
        raise Http404 from None
