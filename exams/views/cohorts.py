"""The instructor's room, and joining a cohort."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exams.forms.cohorts import AssignmentForm, CohortForm
from exams.models import Cohort, Invitation
from exams.queries import cohorts
from exams.services import cohorts as service
from exams.views.access import signed_in
from exams.views.errors import refusal

INVITATION = "invitation"  # in the session, until it has been shown once


def instructors_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """People who may teach. Which cohorts is another question."""

    @wraps(view)
    @signed_in
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("exams.view_cohort"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _own(request: HttpRequest, cohort_id: uuid.UUID) -> Cohort:
    try:
        return cohorts.own_cohort(request.user, cohort_id)
    except Cohort.DoesNotExist:
        raise Http404 from None


@require_http_methods(["GET", "POST"])
@instructors_only
def index(request: HttpRequest) -> HttpResponse:
    """One's own cohorts; a new one is made here."""
    form = CohortForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cohort = service.make_cohort(form.cleaned_data["name"], by=request.user)
        return redirect("cohort", cohort.public_id)
    return render(
        request, "exams/instructor/cohorts.html", {"cohorts": cohorts.own_cohorts(request.user), "form": form}
    )


@require_GET
@never_cache
@instructors_only
def cohort(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """Members, the link by which they join, and what is set."""
    return _cohort(request, _own(request, cohort_id), AssignmentForm())


def _cohort(request: HttpRequest, found: Cohort, form: AssignmentForm) -> HttpResponse:
    owner, token = request.session.pop(INVITATION, ("", ""))
    link = request.build_absolute_uri(reverse("join", args=[token])) if owner == str(found.public_id) else ""
    context = {
        "cohort": found,
        "members": cohorts.members(found),
        "assignments": found.assignments.select_related("exam", "size"),
        "invitation": cohorts.invitation_in_force(found, timezone.now()),
        "link": link,
        "form": form,
        "get_address": reverse("cohort", args=[found.public_id]),
    }
    return render(request, "exams/instructor/cohort.html", context, status=422 if form.errors else 200)


@require_POST
@instructors_only
def invite(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """A new link, shown once on the page that follows."""
    found = _own(request, cohort_id)
    token = service.invite(found, by=request.user, now=timezone.now())
    request.session[INVITATION] = (str(found.public_id), token)
    return redirect("cohort", cohort_id)


@require_POST
@instructors_only
def revoke(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """The link in force stops working."""
    service.revoke_invitation(_own(request, cohort_id), now=timezone.now())
    messages.success(request, _("The link no longer works."))
    return redirect("cohort", cohort_id)


@require_POST
@instructors_only
def assign(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """Set an exam for the cohort."""
    found = _own(request, cohort_id)
    form = AssignmentForm(request.POST)
    if not form.is_valid():
        return _cohort(request, found, form)
    service.assign(found, by=request.user, **form.values())
    messages.success(request, _("The exam is set. Members see it on their home page."))
    return redirect("cohort", cohort_id)


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Say who will see what, and let the person decide."""
    try:
        if request.method == "POST":
            joined = service.join(request.user, token, now=timezone.now())
            messages.success(request, _("You have joined %(cohort)s.") % {"cohort": joined.name})
            return redirect("home")
        found = cohorts.invited_to(token, timezone.now())
    except Invitation.DoesNotExist:
        return refusal(
            request,
            404,
            _("This link does not lead anywhere."),
            _("It may have expired or been replaced. Ask the instructor who sent it for a new one."),
        )
    context = {"cohort": found, "instructors": found.instructors.all(), "token": token}
    return render(request, "exams/candidate/join.html", context)


@require_POST
@signed_in
def leave(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """End one's own membership."""
    membership = get_object_or_404(cohorts.memberships_of(request.user), cohort__public_id=cohort_id)
    service.leave(request.user, membership.cohort, now=timezone.now())
    messages.success(request, _("You have left %(cohort)s.") % {"cohort": membership.cohort.name})
    return redirect("home")
