"""Refusals: what happened and what to do, as a page or, where the exam room's script asks, as JSON."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _


def refusal(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """A refusal with ``status`` that says what is wrong and how to mend it."""
    if wants_json(request):
        return JsonResponse({"state": "refused", "message": f"{title} {sentence}"}, status=status)
    context = {"status": status, "title": title, "sentence": sentence}
    if request.method != "GET":
        context["get_address"] = "/"  # many addresses that take a form can't be opened
    body = loader.render_to_string("error.html", context, request)
    return HttpResponse(body, status=status)


def wants_json(request: HttpRequest) -> bool:
    """Whether the exam room's script asks (a browser's navigation never prefers JSON)."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """No token, or an old one: the page was open since before a sign-in elsewhere, or cookies are off."""
    return refusal(
        request,
        403,
        _("This page had become out of date."),
        _("Go back, reload the page and send it again. If that does not help, allow cookies for this site."),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What the browser sent cannot be understood, or is more than is taken."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return refusal(request, 400, _("This request can't be understood."), _("Go back, reload the page and try again."))


def too_large(request: HttpRequest, most: int) -> HttpResponse:
    """A form of over ``most`` bytes."""
    return refusal(
        request,
        400,
        _("The form is larger than %(most)s MB, so nothing was saved.") % {"most": f"{most / 1024 / 1024:g}"},
        _(
            "Go back: what you have typed is still there. Shorten the longest text, or choose a smaller file, then "
            "send it again."
        )
        if request.user.is_authenticated
        else _("Go back: what you have typed is still there. Sign in again in another tab, then send it again."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Signed in, but not for this."""
    return refusal(
        request,
        403,
        _("This page is not open to you."),
        _("Sign in as somebody who may see it, or ask an administrator."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Absent, or somebody else's: the two look alike."""
    return refusal(
        request, 404, _("There is no such page."), _("It may have been removed, or belong to somebody else.")
    )


def not_allowed(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """An address that only takes a form was opened, or the other way round; ``refused`` says what it takes."""
    response = refusal(
        request,
        405,
        _("This address can't be opened."),
        _("It only takes what a form sends. Go back, or start from the home page."),
    )
    response.headers["Allow"] = refused.headers["Allow"]
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault. Nothing here may need the database or a template."""
    return HttpResponse(
        "<!doctype html><meta charset=utf-8><title>500</title><h1>500</h1>"
        "<p lang=ja>サーバーで問題が起きました。少し待ってから、もう一度お試しください。"
        "<p lang=en>Something went wrong on the server. Wait a moment and try again.",
        status=500,
    )
