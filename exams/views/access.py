"""Who may see what. Somebody else's object and a missing one answer the same 404."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from exams.models import Assignment, Attempt, Exam, Size
from exams.queries import attempts, cohorts
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


def own_attempt(request: HttpRequest, attempt_id: uuid.UUID) -> Attempt:
    """The attempt, if it is this person's own."""
    try:
        return attempts.own_attempt(request.user, attempt_id)
    except Attempt.DoesNotExist:
        raise Http404 from None


def sitting_asked_for(request: HttpRequest, code: str, asked: QueryDict) -> tuple[Exam, Size, Assignment | None]:
    """The exam in the ``size`` that is asked for, or in that of an ``assignment`` of this person's."""
    exam = get_object_or_404(Exam, code=code)
    if "assignment" not in asked:
        return exam, get_object_or_404(exam.sizes, code=asked.get("size", "")), None
    assigned = cohorts.assigned_to(request.user)
    assignment = get_object_or_404(assigned, public_id=_uuid(asked["assignment"]), exam=exam)
    return exam, assignment.size, assignment


def _uuid(value: str) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except ValueError:
        raise Http404 from None
