"""The instructor's room: cohorts, who teaches and who is in them; leaving one."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exams.forms.assignments import AssignmentForm
from exams.forms.cohorts import CohortForm, InstructorForm, LinkForm
from exams.models import Cohort
from exams.queries import cohorts, invitations
from exams.services import cohorts as service
from exams.views.access import instructors_only, join_address, own_cohort, signed_in, telling
from exams.views.assignments import warn_of_window

INVITATION = "invitation"  # in the session, until it has been shown once


@require_http_methods(["GET", "POST"])
@instructors_only
def index(request: HttpRequest) -> HttpResponse:
    """One's own cohorts; a new one is made here."""
    form = CohortForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cohort = service.make_cohort(form.cleaned_data["name"], by=request.user)
        return redirect("cohort", cohort.public_id)
    rows = list(cohorts.own_cohorts(request.user))
    context = {
        "cohorts": [row for row in rows if row.archived_at is None],
        "archived": [row for row in rows if row.archived_at],
        "form": form,
    }
    return render(request, "exams/instructor/cohorts.html", context)


@require_GET
@never_cache
@instructors_only
def cohort(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """Members, the link by which they join, and what is set."""
    return page(request, own_cohort(request, cohort_id))


def page(request: HttpRequest, found: Cohort, **forms: Any) -> HttpResponse:
    """The page of a cohort, with those of its ``forms`` that were refused."""
    now = timezone.now()
    context = {
        "cohort": found,
        "members": cohorts.members(found),
        "instructors": found.instructors.order_by("display_name", "pk"),
        "assignments": found.assignments.select_related("exam", "size"),
        "invitation": invitations.link_of(found, now),
        "waiting": invitations.waiting(found, now).count(),
        "link": link_once(request, found),
        "form": forms.get("form") or AssignmentForm(now=now),
        "link_form": forms.get("link_form") or LinkForm(),
        "name_form": forms.get("name_form") or CohortForm(instance=found, prefix="cohort"),
        "instructor_form": forms.get("instructor_form") or InstructorForm(),
        "get_address": reverse("cohort", args=[found.public_id]),
    }
    return render(request, "exams/instructor/cohort.html", context, status=422 if forms else 200)


def link_once(request: HttpRequest, cohort: Cohort) -> str:
    """The link that was just made for this cohort, told this once; "" otherwise."""
    owner, token = request.session.pop(INVITATION, ("", ""))
    return join_address(request, token) if owner == str(cohort.public_id) else ""


@require_POST
@instructors_only
@telling
def invite(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """A new link, shown once on the page that follows."""
    found = own_cohort(request, cohort_id, in_use=True)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return page(request, found, link_form=form)
    token = service.invite(found, by=request.user, now=timezone.now(), most_uses=form.cleaned_data["most_uses"])
    request.session[INVITATION] = (str(found.public_id), token)
    return redirect("cohort", cohort_id)


@require_POST
@instructors_only
def revoke(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """The link in force stops working."""
    service.revoke_invitation(own_cohort(request, cohort_id), now=timezone.now())
    messages.success(request, _("The link no longer works."))
    return redirect("cohort", cohort_id)


@require_POST
@instructors_only
@telling
def assign(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """Set an exam for the cohort."""
    found = own_cohort(request, cohort_id, in_use=True)
    form = AssignmentForm(request.POST, now=timezone.now())
    if not form.is_valid():
        return page(request, found, form=form)
    values = form.values()
    service.assign(found, values["size"].exam, by=request.user, **values)
    messages.success(request, _("The exam is set. Members see it on their home page."))
    warn_of_window(request, form)
    return redirect("cohort", cohort_id)


@require_POST
@instructors_only
@telling
def rename(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """Give it another name."""
    found = own_cohort(request, cohort_id, in_use=True)
    form = CohortForm(request.POST, prefix="cohort")
    if not form.is_valid():
        return page(request, found, name_form=form)
    service.rename(found, form.cleaned_data["name"])
    messages.success(request, _("The cohort has its new name."))
    return redirect("cohort", cohort_id)


@require_POST
@instructors_only
def archive(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """Into the archive, or (``restore``) back."""
    found = own_cohort(request, cohort_id)
    if "restore" in request.POST:
        service.restore(found)
        messages.success(request, _("The cohort is back in use."))
    else:
        service.archive(found, now=timezone.now())
        messages.success(request, _("The cohort is archived. Its results can still be read."))
    return redirect("cohort", cohort_id)


@require_POST
@instructors_only
@telling
def add_instructor(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """Let another instructor teach it too."""
    found = own_cohort(request, cohort_id, in_use=True)
    form = InstructorForm(request.POST)
    if not form.is_valid():
        return page(request, found, instructor_form=form)
    person = service.add_instructor(found, form.cleaned_data["email"])
    messages.success(request, _("%(name)s teaches this cohort now.") % {"name": person.display_name})
    return redirect("cohort", cohort_id)


@require_POST
@instructors_only
@telling
def remove_instructor(request: HttpRequest, cohort_id: uuid.UUID, person_id: uuid.UUID) -> HttpResponse:
    """Let somebody teach it no more, oneself too; never the last one."""
    found = own_cohort(request, cohort_id)
    person = get_object_or_404(found.instructors, public_id=person_id)
    service.remove_instructor(found, person)
    if person == request.user:
        messages.success(request, _("You no longer teach %(cohort)s.") % {"cohort": found.name})
        return redirect("cohorts")
    messages.success(request, _("%(name)s no longer teaches this cohort.") % {"name": person.display_name})
    return redirect("cohort", cohort_id)


@require_POST
@instructors_only
def remove_member(request: HttpRequest, cohort_id: uuid.UUID, person_id: uuid.UUID) -> HttpResponse:
    """End somebody's membership."""
    found = own_cohort(request, cohort_id)
    membership = get_object_or_404(cohorts.members(found), candidate__public_id=person_id)
    service.leave(membership.candidate, found, now=timezone.now())
    messages.success(request, _("%(name)s is no longer a member.") % {"name": membership.candidate.display_name})
    return redirect("cohort", cohort_id)


@require_POST
@signed_in
def leave(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """End one's own membership."""
    membership = get_object_or_404(cohorts.memberships_of(request.user), cohort__public_id=cohort_id)
    service.leave(request.user, membership.cohort, now=timezone.now())
    messages.success(request, _("You have left %(cohort)s.") % {"cohort": membership.cohort.name})
    return redirect("home")
