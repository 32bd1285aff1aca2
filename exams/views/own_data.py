"""One's own account: taking one's data along, and leaving for good."""

from __future__ import annotations

import json

from allauth.account.forms import ReauthenticateForm
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from exams.queries import cohorts
from exams.queries.attempts import open_attempts
from exams.queries.own_data import own_data
from exams.services.own_data import AdministratorStays, forget
from exams.views.access import signed_in
from exams.views.errors import refusal


@require_GET
@never_cache
@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """What can be done with one's account."""
    context = {"memberships": cohorts.memberships_of(request.user)}
    return render(request, "exams/account.html", context)


@require_GET
@never_cache
@signed_in
def download(request: HttpRequest) -> HttpResponse:
    """Everything that is kept of this person."""
    content = json.dumps(own_data(request.user, timezone.now()), ensure_ascii=False, indent=1)
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="mogi-own-data.json"'
    return response


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def delete(request: HttpRequest) -> HttpResponse:
    """Ask for the password, and then forget who this is."""
    now = timezone.now()
    if request.method == "POST" and not ratelimit.consume(request, action="reauthenticate", user=request.user):
        return refusal(request, 429, _("Too many attempts."), _("Wait some minutes, then try again."))
    form = ReauthenticateForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            forget(request.user, now=now)
        except AdministratorStays:
            messages.error(request, _("An administrator hands the site over to another one first."))
            return redirect("own-account")
        logout(request)
        messages.success(request, _("Your account is deleted."))
        return redirect("home")
    context = {"form": form, "running": open_attempts(request.user, now)}
    return render(request, "exams/account_delete.html", context, status=422 if form.errors else 200)
