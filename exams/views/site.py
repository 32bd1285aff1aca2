"""Pages about the site itself: its health, its language, its pictures."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST, require_safe

from exams.services import people

WORKER = Path(__file__).resolve().parent.parent / "static" / "exams" / "room" / "worker.js"
MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For the proxy: 200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the interface, for this browser and for the person, and go back."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    code = request.POST.get("language")
    if code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=365 * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
        if request.user.is_authenticated:
            people.set_language(request.user, code)
    return response


@require_GET
def media(request: HttpRequest, name: str) -> HttpResponse:
    """A picture of a question. The name holds the hash of its content, so it never changes."""
    path = f"questions/{name}"
    if not default_storage.exists(path):
        raise Http404
    with default_storage.open(path) as file:
        content = file.read()  # 2 MB at most
    return HttpResponse(
        content,
        content_type=MEDIA_TYPES[name.rpartition(".")[2]],
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        },
    )


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of the exam room. It has to lie where the pages lie that it keeps."""
    return HttpResponse(
        WORKER.read_bytes(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@require_safe
def scoring(request: HttpRequest) -> HttpResponse:
    """How scores are computed, in prose."""
    return render(request, "exams/scoring.html")
