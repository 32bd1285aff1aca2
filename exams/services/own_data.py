"""Leaving the site for good."""

from __future__ import annotations

import uuid
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction

from exams.models import (
    Accommodation,
    Attempt,
    AttemptItem,
    Extension,
    Intervention,
    Invitation,
    MemberAccommodation,
    Report,
    User,
)
from exams.queries.attempts import open_attempts
from exams.services import attempts

GONE = "gone.invalid"  # a domain that nobody can own
REMOVED = "–"


class AdministratorStays(Exception):
    """An administrator can't leave by the page for everybody: the last one would lock the site."""


@transaction.atomic
def forget(user: User, *, now: datetime) -> None:
    """Make a nameless person of this one, for good.

    What was answered stays, so that first attempts and statistics of questions stay true; it leads back to nobody. Ends
    running attempts, and deletes the name, addresses, sessions, memberships, accommodations, private notes, reports
    of questions, and what others wrote about the person. Raises AdministratorStays, and then changes nothing.
    """
    if user.is_superuser:
        raise AdministratorStays
    for attempt in open_attempts(user, now):
        attempts.finish(attempt, now=now)
    AttemptItem.objects.filter(attempt__candidate=user).exclude(note="", writer="").update(note="", writer="")
    Extension.objects.filter(attempt__candidate=user).update(reason=REMOVED)
    Intervention.objects.filter(attempt__candidate=user).update(reason=REMOVED)
    Invitation.objects.filter(email__in=_addresses(user)).delete()
    Report.objects.filter(candidate=user).delete()
    Invitation.objects.filter(created_by=user, revoked_at=None).update(revoked_at=now)
    _forget_in_history(user)
    user.memberships.all().delete()
    Accommodation.objects.filter(candidate=user).delete()
    MemberAccommodation.objects.filter(candidate=user).delete()
    user.taught_cohorts.clear()
    user.groups.clear()
    user.user_permissions.clear()
    EmailAddress.objects.filter(user=user).delete()
    user.public_id = uuid.uuid4()
    user.email = f"{user.public_id}@{GONE}"
    user.display_name = user.language = user.time_zone = ""
    user.is_active = user.is_staff = False
    user.last_login = None
    user.set_unusable_password()
    user.save()
    _end_sessions(user, now)


def _addresses(user: User) -> set[str]:
    """In lower case, as invitations have them."""
    known = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return {address.lower() for address in (user.email, *known)}


def _forget_in_history(user: User) -> None:
    """The admin's history names what it is about."""
    about: list[tuple[type[User | Accommodation | Attempt], list[int]]] = [
        (User, [user.pk]),
        (Accommodation, list(Accommodation.objects.filter(candidate=user).values_list("pk", flat=True))),
        (Attempt, list(user.attempts.values_list("pk", flat=True))),
    ]
    for model, ids in about:
        kind = ContentType.objects.get_for_model(model)
        LogEntry.objects.filter(content_type=kind, object_id__in=[str(pk) for pk in ids]).update(
            object_repr=REMOVED, change_message=""
        )


def _end_sessions(user: User, now: datetime) -> None:
    """Whose a session is stands inside it, so all that are in force are looked into."""
    for session in Session.objects.filter(expire_date__gt=now).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
