"""What instructors read of their own cohorts."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from exams.forms.cohort_results import page_number, table_choice
from exams.models import Attempt, Membership
from exams.queries import cohort_members, cohort_progress, cohort_results, cohort_tables, results
from exams.views.access import instructors_only, own_assignment, own_cohort

MOST_AT_RISK = 10  # on the page of an assignment; the table shows them all
SHOWN = {
    "passed": _("Passed"),
    "failed": _("Not passed"),
    "risk": _("At risk"),
    "running": _("Under way"),
    "missing": _("Not started"),
}


def seen_attempt(request: HttpRequest, cohort_id: uuid.UUID, attempt_id: uuid.UUID) -> Attempt:
    """An ended attempt of an assignment of this person's cohort, by somebody who is a member now."""
    try:
        found = own_cohort(request, cohort_id)
        return cohort_members.ended_attempt(found, attempt_id, timezone.now(), reader=request.user)
    except Attempt.DoesNotExist:
        raise Http404 from None


@require_GET
@never_cache
@instructors_only
def assignment(request: HttpRequest, cohort_id: uuid.UUID, assignment_id: uuid.UUID) -> HttpResponse:
    """The spread of scores, members by domains or tasks, where the cohort is weak, and who is at risk."""
    row = own_assignment(request, cohort_id, assignment_id)
    found = cohort_results.assignment_results(row, timezone.now(), reader=request.user)
    at_risk, shown = found.at_risk, cohort_tables.table(found, table_choice(request.GET))
    context = {
        "cohort": row.cohort,
        "assignment": row,
        "results": found,
        "scale": found.scale,
        "table": shown,
        "weakest": found.weakest(found.tasks),
        "numbers": range(1, shown.pages + 1),
        "shows": [(show, SHOWN[show]) for show in cohort_tables.SHOWS if show],
        "at_risk": at_risk[:MOST_AT_RISK],
        "at_risk_count": len(at_risk),
    }
    return render(request, "exams/instructor/assignment.html", context)


@require_GET
@never_cache
@instructors_only
def progress(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """A cohort over all that was set for it."""
    found = own_cohort(request, cohort_id)
    page = cohort_progress.progress(found, timezone.now(), page_number(request.GET), reader=request.user)
    return render(
        request,
        "exams/instructor/progress.html",
        {"cohort": found, "progress": page, "numbers": range(1, page.pages + 1)},
    )


@require_GET
@never_cache
@instructors_only
def member(request: HttpRequest, cohort_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """What one member has done in this cohort's assignments."""
    found = own_cohort(request, cohort_id)
    try:
        person = cohort_members.member(found, member_id)
    except Membership.DoesNotExist:
        raise Http404 from None
    rows = cohort_members.member_attempts(found, person, timezone.now(), reader=request.user)
    return render(request, "exams/instructor/member.html", {"cohort": found, "person": person, "rows": rows})


@require_GET
@never_cache
@instructors_only
def attempt(request: HttpRequest, cohort_id: uuid.UUID, attempt_id: uuid.UUID) -> HttpResponse:
    """The result and the answers of one attempt, as its candidate's review shows them, without private notes."""
    now = timezone.now()
    found = seen_attempt(request, cohort_id, attempt_id)
    language = get_language() or found.language
    if language not in found.exam.languages:
        language = found.exam.languages[0]
    items = results.reviewed(found, language, now, reader=request.user)
    chosen = {"domain": request.GET.get("domain", ""), "show": request.GET.get("show", "")}
    page = results.result(found, now)
    context = {
        "cohort": own_cohort(request, cohort_id),
        "attempt": found,
        "result": page,
        "report": page.report,
        "language": language,
        "chosen": chosen,
        "items": results.filtered(items, **chosen),
        "total": len(items),
        "is_instructor": True,
    }
    return render(request, "exams/instructor/attempt.html", context)
