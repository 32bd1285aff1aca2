"""Inviting into a cohort, and joining. A link's secret is told once and kept as a hash only."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation

from exams.models import Cohort, Invitation, Membership, User
from exams.queries import invitations

INVITATION_LASTS = timedelta(days=14)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who was invited singly, and the secret of their link."""

    email: str
    token: str


def invite(cohort: Cohort, *, by: User, now: datetime, most_uses: int | None = None) -> str:
    """A new link's secret (256 bits) for whoever has it, at most ``most_uses`` people; the one before it stops
    working."""
    with transaction.atomic():
        Cohort.objects.select_for_update().get(pk=cohort.pk)  # two at once: the later one replaces the earlier
        return _new(cohort, "", by, now, most_uses)


def invite_each(cohort: Cohort, addresses: Iterable[str], *, by: User, now: datetime) -> list[Invited]:
    """A link for each of these people (addresses in lower case), good for one of them; an earlier one of theirs stops
    working."""
    with transaction.atomic():
        Cohort.objects.select_for_update().get(pk=cohort.pk)
        return [Invited(email, _new(cohort, email, by, now, 1)) for email in addresses]


def _new(cohort: Cohort, email: str, by: User, now: datetime, most_uses: int | None) -> str:
    token = secrets.token_urlsafe(32)
    cohort.invitations.filter(email=email, revoked_at=None).update(revoked_at=now)
    Invitation.objects.create(
        cohort=cohort,
        email=email,
        token_hash=sha256(token.encode()).hexdigest(),
        most_uses=most_uses,
        created_by=by,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    return token


def mail_each(cohort: Cohort, made: Sequence[Invited], *, by: User, link: Callable[[str], str]) -> list[Invited]:
    """Mail their links to people whose invitations are stored, each in the language they have chosen here, else in
    that of who invites them; ``link`` makes an address of a secret. Returns those who could not be mailed: somebody
    has to be told, and to send them their links. What failed is logged, without anybody's address.

    One refused address does not keep the others from their mail. A server that can't be reached, or falls silent,
    does: waiting for it once is enough.
    """
    chosen = dict(User.objects.filter(email__in=[one.email for one in made]).values_list("email", "language"))
    rest, refused = list(made), []
    try:
        with get_connection() as connection:
            while rest:
                message = _message(cohort, rest[0], by, link, chosen)
                message.connection = connection
                try:
                    message.send()
                except (SMTPRecipientsRefused, SMTPResponseException) as error:
                    _log_unsent(error)
                    refused.append(rest[0])
                del rest[0]
    except OSError as error:  # of which mail errors are
        _log_unsent(error)
    return refused + rest


def _log_unsent(error: OSError) -> None:
    """By kind and number: the text of a mail error tells addresses."""
    number = getattr(error, "smtp_code", error.errno)
    log.error("Invitations could not be mailed: %s %s.", type(error).__name__, number)


def _message(
    cohort: Cohort, one: Invited, by: User, link: Callable[[str], str], chosen: Mapping[str, str]
) -> EmailMessage:
    context = {"cohort": cohort, "by": by, "link": link(one.token), "SITE_NAME": settings.SITE_NAME}
    with translation.override(chosen.get(one.email) or translation.get_language()):
        subject = render_to_string("exams/email/invitation_subject.txt", context)
        body = render_to_string("exams/email/invitation_message.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[one.email])


def revoke_invitation(cohort: Cohort, *, now: datetime) -> None:
    """End the link in force, if there is one."""
    cohort.invitations.filter(email="", revoked_at=None).update(revoked_at=now)


def revoke_single(cohort: Cohort, pk: int, *, now: datetime) -> bool:
    """End the link of one person; whether there was one."""
    rows = cohort.invitations.exclude(email="").filter(pk=pk, revoked_at=None)
    return bool(rows.update(revoked_at=now))


def join(candidate: User, token: str, *, now: datetime) -> Cohort:
    """Become a member, or one again; joining twice changes nothing and takes up one use. Another link that is this
    person's alone ends: nobody else shall come in by it. Raises Invitation.DoesNotExist for a link that is not in
    force."""
    with transaction.atomic():
        row = invitations.in_force(now).get(token_hash=sha256(token.encode()).hexdigest())
        membership, is_new = Membership.objects.get_or_create(
            cohort=row.cohort, candidate=candidate, defaults={"accepted_at": now}
        )
        if not is_new:
            back = Membership.objects.filter(pk=membership.pk).exclude(left_at=None)
            is_new = bool(back.update(accepted_at=now, left_at=None))
        usable = Invitation.objects.filter(invitations.usable(), pk=row.pk)
        if is_new and not usable.update(uses=F("uses") + 1):
            raise Invitation.DoesNotExist  # used up, or withdrawn, at this very moment
        others = Invitation.objects.filter(cohort=row.cohort, email=candidate.email, revoked_at=None)
        others.exclude(pk=row.pk).update(revoked_at=now)
    return row.cohort
