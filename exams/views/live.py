"""The live board of an assignment, and what can be done to a single attempt."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from exams.domain.problems import Problems
from exams.forms.cohort_results import page_number
from exams.forms.live import forms_for
from exams.forms.problems import add_problems
from exams.models import Attempt
from exams.queries import live
from exams.services import attempts, interventions
from exams.views.access import instructors_only, own_assignment, telling

ACTIONS: dict[str, Callable[..., Any]] = {
    "extend": attempts.extend,
    "void": interventions.void,
    "restore": interventions.restore,
    "reopen": interventions.reopen,
}


@require_GET
@never_cache
@instructors_only
def board(request: HttpRequest, cohort_id: uuid.UUID, assignment_id: uuid.UUID) -> HttpResponse:
    """Who sits it now; the whole page, or what changes of it for the script that asks every 10 s."""
    row = own_assignment(request, cohort_id, assignment_id)
    found = live.board(row, timezone.now())
    page = min(page_number(request.GET), found.pages)
    context = {
        "cohort": row.cohort,
        "assignment": row,
        "board": found,
        "rows": found.page(page),
        "page": page,
        "numbers": range(1, found.pages + 1),
    }
    template = "exams/instructor/_board.html" if request.htmx else "exams/instructor/live.html"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@never_cache
@instructors_only
@telling
def attempt(
    request: HttpRequest, cohort_id: uuid.UUID, assignment_id: uuid.UUID, attempt_id: uuid.UUID
) -> HttpResponse:
    """One attempt: its record, and giving it time, declaring it void, letting it count or opening it again."""
    now = timezone.now()
    row = own_assignment(request, cohort_id, assignment_id, in_use=request.method == "POST")
    try:
        found = live.attempt_of(row, attempt_id)
    except Attempt.DoesNotExist:
        raise Http404 from None
    action = next((name for name in ACTIONS if name in request.POST), "")
    left = interventions.minutes_left_at_end(found, now) or None
    forms = forms_for(action, request.POST, minutes=left)
    if action and forms[action].is_valid():
        try:
            ACTIONS[action](found, **forms[action].cleaned_data, by=request.user, now=now)
        except Problems as refused:
            add_problems(forms[action], refused)
        else:
            messages.success(request, _said(action, found, **forms[action].cleaned_data))
            return redirect("assignment_live", cohort_id, assignment_id)
    context = {"cohort": row.cohort, "assignment": row, "watched": live.watched(found, now), "forms": forms}
    return render(
        request, "exams/instructor/live_attempt.html", context, status=422 if request.method == "POST" else 200
    )


def _said(action: str, found: Attempt, *, may_pass_close: bool = False, **_more: Any) -> str:
    """What was done; where the close cuts the time that was given, until when that is."""
    texts = {
        "extend": _("%(name)s has more time."),
        "void": _("The attempt of %(name)s is void."),
        "restore": _("The attempt of %(name)s counts again."),
        "reopen": _("%(name)s can go on."),
    }
    text = texts[action] % {"name": found.candidate.display_name}
    if action not in ("extend", "reopen") or may_pass_close:
        return text
    found.refresh_from_db(fields=["deadline_at"])
    if found.deadline_at != attempts.close_of(found):
        return text
    until = date_format(timezone.localtime(found.deadline_at), "DATETIME_FORMAT")
    return _("%(done)s Until %(until)s: the exam closes then.") % {"done": text, "until": until}
