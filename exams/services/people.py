"""Changes to people."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from exams.models import User
from exams.queries.people import DEMO_PEOPLE, DemoPerson


class NotLocal(Exception):
    """Demo people have passwords that everybody knows, so they are made in local mode only."""


def set_language(user: User, language: str) -> None:
    """The language in which this person reads the site from now on, on every device."""
    User.objects.filter(pk=user.pk).update(language=language)


@transaction.atomic
def make_demo_people() -> list[DemoPerson]:
    """Make the demo people, or put back what was changed of what lets them in and what they may do.

    Again changes nothing. Raises NotLocal outside of local mode.
    """
    if not settings.LOCAL:
        raise NotLocal
    for person in DEMO_PEOPLE:
        user, is_new = User.objects.get_or_create(email=person.email, defaults={"display_name": person.name})
        user.is_active, user.is_staff, user.is_superuser = True, person.is_staff, person.is_superuser
        if is_new or not user.check_password(person.password):
            user.set_password(person.password)
        user.save()
        user.groups.set(Group.objects.filter(name=person.group))
        EmailAddress.objects.update_or_create(
            email=person.email, defaults={"user": user, "verified": True, "primary": True}
        )
    return list(DEMO_PEOPLE)
