"""Inviting into a cohort, and joining one."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from exams.forms.cohorts import AddressesForm
from exams.models import Cohort, Invitation
from exams.queries import invitations
from exams.services import invitations as service
from exams.views.access import instructors_only, join_address, own_cohort, signed_in, telling
from exams.views.errors import refusal


@require_http_methods(["GET", "POST"])
@never_cache
@instructors_only
@telling
def singly(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """Invite people by a list of their addresses: first a preview, then (``confirmed``) it is done."""
    if request.method == "GET":
        return _page(request, own_cohort(request, cohort_id), AddressesForm())
    found = own_cohort(request, cohort_id, in_use=True)
    form = AddressesForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    preview = invitations.preview(found, form.entries, timezone.now())
    if "confirmed" in request.POST and preview.valid:
        return _invite(request, found, preview.valid)
    context = {"cohort": found, "preview": preview, "get_address": reverse("invitations", args=[cohort_id])}
    return render(request, "exams/instructor/invitations_preview.html", context)


def _page(request: HttpRequest, found: Cohort, form: AddressesForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    context = {
        "cohort": found,
        "form": form,
        "waiting": invitations.waiting(found, now),
        "get_address": reverse("invitations", args=[found.public_id]),
    }
    return render(request, "exams/instructor/invitations.html", context, status=status)


def _invite(request: HttpRequest, found: Cohort, valid: list[str]) -> HttpResponse:
    """Mailed, where there is a mail server. Without one the links are shown, and with one the links of those whom no
    mail reaches; in this answer only: no session keeps them."""

    def link(token: str) -> str:
        return join_address(request, token)

    mails = bool(settings.SENDS_MAIL)
    made = service.invite_each(found, valid, by=request.user, now=timezone.now())
    unsent = service.mail_each(found, made, by=request.user, link=link) if mails else made
    if sent := len(made) - len(unsent):
        text = ngettext("%(number)s person is invited by mail.", "%(number)s people are invited by mail.", sent)
        messages.success(request, text % {"number": sent})
    if not unsent:
        return redirect("invitations", found.public_id)
    context = {
        "cohort": found,
        "links": [(one.email, link(one.token)) for one in unsent],
        "is_failure": mails,
        "get_address": reverse("invitations", args=[found.public_id]),
    }
    return render(request, "exams/instructor/invitations_links.html", context)


@require_POST
@instructors_only
def revoke_single(request: HttpRequest, cohort_id: uuid.UUID, number: int) -> HttpResponse:
    """The link of one person stops working."""
    if not service.revoke_single(own_cohort(request, cohort_id), number, now=timezone.now()):
        raise Http404
    messages.success(request, _("The link no longer works."))
    return redirect("invitations", cohort_id)


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Say who will see what, and let the person decide."""
    if request.method == "GET" and (there := invitations.joined(token, request.user)):
        return render(request, "exams/candidate/joined.html", {"cohort": there})
    try:
        if request.method == "POST":
            joined = service.join(request.user, token, now=timezone.now())
            messages.success(request, _("You have joined %(cohort)s.") % {"cohort": joined.name})
            return redirect("home")
        found = invitations.invited_to(token, timezone.now())
    except Invitation.DoesNotExist:
        return refusal(
            request,
            404,
            _("This link does not lead anywhere."),
            _(
                "It may have expired, been replaced, or been used by as many people as it was made for. Ask the "
                "instructor who sent it for a new one."
            ),
        )
    context = {"cohort": found, "instructors": found.instructors.all(), "token": token}
    return render(request, "exams/candidate/join.html", context)
