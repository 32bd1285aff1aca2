"""Whose language and time zone a page is in, how much they may send, and what every page knows of the site."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from exams.models import User
from exams.queries import people
from exams.views import errors


def person(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Language: the person's own, else the cookie's, else the browser's, else the site's. Time zone: the person's or
    the site's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user if request.user.is_authenticated else None
        language = (user and user.language) or translation.get_language_from_request(request)
        zone = ZoneInfo(user.time_zone) if user and user.time_zone else None
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(zone):
            response = _too_large(request, user) or get_response(request)
            if isinstance(response, HttpResponseNotAllowed) and not response.content:
                response = errors.not_allowed(request, response)
        response.headers.setdefault("Content-Language", language)
        _mark_person(request, response, was=user)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    return middleware


def _too_large(request: HttpRequest, user: User | None) -> HttpResponse | None:
    """The refusal of what only an author's question may weigh, before anything of it is read."""
    length = request.META.get("CONTENT_LENGTH") or ""
    most: int = settings.MOST_BYTES_BUT_OF_AUTHORS
    if length.isdecimal() and int(length) > most and not (user and user.is_staff):
        return errors.too_large(request, most)
    return None


def _mark_person(request: HttpRequest, response: HttpResponse, *, was: User | None) -> None:
    """Tell this browser's scripts who is here, by a mark that says nothing else; forget everything on signing out.

    Whoever is merely no longer signed in keeps the mark: an exam that goes on offline is still theirs.
    """
    if request.user.is_authenticated:
        mark = people.mark(request.user)
        if request.COOKIES.get(settings.PERSON_COOKIE_NAME) != mark:
            response.set_cookie(
                settings.PERSON_COOKIE_NAME,
                mark,
                max_age=365 * 24 * 3600,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
    elif was:
        response.delete_cookie(settings.PERSON_COOKIE_NAME)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'


def site(request: HttpRequest) -> dict[str, object]:
    """Context of every template."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SIGN_UP_IS_OPEN": settings.SIGN_UP_IS_OPEN,
        "SENDS_MAIL": settings.SENDS_MAIL,
        "LANGUAGES": settings.LANGUAGES,
    }
