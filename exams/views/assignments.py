"""What is set for a cohort: to be changed, and with what single members are granted."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from exams.domain.problems import Problems
from exams.forms.assignments import AccommodationForm, AssignmentForm
from exams.forms.problems import add_problems
from exams.queries import assignments, cohorts
from exams.services import assignments as service
from exams.views.access import instructors_only, own_assignment, own_cohort, telling


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was posted, be it nothing."""
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "POST"])
@never_cache
@instructors_only
@telling
def edit(request: HttpRequest, cohort_id: uuid.UUID, assignment_id: uuid.UUID) -> HttpResponse:
    """Change what may still be changed."""
    row = own_assignment(request, cohort_id, assignment_id, in_use=request.method == "POST")
    has_attempts = row.attempts.exists()
    now = timezone.now()
    form = AssignmentForm(_sent(request), instance=row, has_attempts=has_attempts, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            service.change(row, form.values(), now=now)
        except Problems as refused:
            add_problems(form, refused)
        else:
            messages.success(request, _("The assignment is changed."))
            warn_of_window(request, form)
            return redirect("assignment_live", cohort_id, assignment_id)
    context = {"cohort": row.cohort, "assignment": row, "form": form, "has_attempts": has_attempts}
    return render(request, "exams/instructor/assignment_edit.html", context, status=422 if form.errors else 200)


def warn_of_window(request: HttpRequest, form: AssignmentForm) -> None:
    """Where nobody can have all of the exam's time, say so: it may be meant, or a slip of the hand."""
    if found := form.most_minutes:
        text = _("The window is shorter than the exam: who starts then gets %(most)s of %(minutes)s minutes at most.")
        messages.warning(request, text % {"most": found[0], "minutes": found[1]})


@require_POST
@instructors_only
@telling
def remove(request: HttpRequest, cohort_id: uuid.UUID, assignment_id: uuid.UUID) -> HttpResponse:
    """Set it no more, while nobody has started. Pressed twice it is gone all the same."""
    for row in own_cohort(request, cohort_id, in_use=True).assignments.filter(public_id=assignment_id):
        service.remove(row)
        messages.success(request, _("“%(title)s” is removed.") % {"title": row.title})
    return redirect("cohort", cohort_id)


@require_http_methods(["GET", "POST"])
@never_cache
@instructors_only
@telling
def accommodation(
    request: HttpRequest, cohort_id: uuid.UUID, assignment_id: uuid.UUID, person_id: uuid.UUID
) -> HttpResponse:
    """What one member has more than the others; ``withdraw`` takes it back."""
    row = own_assignment(request, cohort_id, assignment_id, in_use=request.method == "POST")
    member = get_object_or_404(cohorts.members(row.cohort), candidate__public_id=person_id).candidate
    granted = assignments.accommodation_in(row, member)
    if "withdraw" in request.POST:
        service.withdraw(row, member)
        messages.success(request, _("This is taken back. Attempts keep what they began with."))
        return redirect("assignment_live", cohort_id, assignment_id)
    form = AccommodationForm(_sent(request), instance=granted)
    if request.method == "POST" and form.is_valid():
        try:
            service.accommodate(row, member, **form.values(), by=request.user, now=timezone.now())
        except Problems as refused:
            add_problems(form, refused)
        else:
            messages.success(request, _("This holds from the member's next start on."))
            return redirect("assignment_live", cohort_id, assignment_id)
    context = {"cohort": row.cohort, "assignment": row, "member": member, "granted": granted, "form": form}
    return render(request, "exams/instructor/accommodation.html", context, status=422 if form.errors else 200)
