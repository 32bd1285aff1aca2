"""How allauth behaves here."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
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
        """Everybody knows the passwords of demo people, and a database that was tried locally still holds them."""
        if people.is_demo(user.email) and not settings.LOCAL:
            user.is_active = False  # for this request only: it is not saved
        return super().pre_login(request, user, **kwargs)

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """Nobody loses the address they sign in with."""
        return email_address.email != email_address.user.email and super().can_delete_email(email_address)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail may be sent by one person and read by another: in the reader's language, if they have chosen one."""
        reader = context.get("user")
        with translation.override(getattr(reader, "language", "") or translation.get_language()):
            super().send_mail(template_prefix, email, context)


class AddEmailForm(forms.AddEmailForm):
    """A new address takes the place of the old one once it is confirmed.

    allauth's own form takes any unconfirmed address for one that waits to be confirmed, and removes it: where nobody
    has to confirm, that is the address with which one signs in.
    """

    def save(self, request: HttpRequest) -> EmailAddress:
        """Send the link; an earlier change that was not confirmed is forgotten."""
        waiting = EmailAddress.objects.filter(user=self.user, verified=False).exclude(email=self.user.email)
        waiting.delete()
        address = EmailAddress.objects.create(user=self.user, email=self.cleaned_data["email"])
        address.send_confirmation(request)
        return address
