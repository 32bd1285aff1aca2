"""How allauth behaves here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from exams.models import User
from exams.queries import people


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up can be switched off, mail is in its reader's language, and demo people stay at home."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether strangers may make an account."""
        return bool(settings.SIGN_UP_IS_OPEN)

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Everybody knows the passwords of demo people, and a database that was tried in local mode still holds them."""
        if people.is_demo(user.email) and not settings.LOCAL:
            user.is_active = False  # for this request only: it is not saved
        return super().pre_login(request, user, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail may be sent by one person and read by another: in the reader's language, if they have chosen one."""
        reader = context.get("user")
        with translation.override(getattr(reader, "language", "") or translation.get_language()):
            super().send_mail(template_prefix, email, context)
