"""Changes to cohorts: making them, inviting, joining, leaving, assigning."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from exams.models import Assignment, Cohort, Exam, Invitation, Membership, Size, User
from exams.queries import cohorts

INVITATION_LASTS = timedelta(days=14)


def make_cohort(name: str, *, by: User) -> Cohort:
    """A cohort whose instructor is who made it."""
    with transaction.atomic():
        cohort = Cohort.objects.create(name=name)
        cohort.instructors.add(by)
    return cohort


def invite(cohort: Cohort, *, by: User, now: datetime) -> str:
    """A new link's secret (256 bits), told this once and kept as a hash only; the link before it stops working."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        Cohort.objects.select_for_update().get(pk=cohort.pk)  # two at once: the later one replaces the earlier
        revoke_invitation(cohort, now=now)
        Invitation.objects.create(
            cohort=cohort,
            token_hash=sha256(token.encode()).hexdigest(),
            created_by=by,
            created_at=now,
            expires_at=now + INVITATION_LASTS,
        )
    return token


def revoke_invitation(cohort: Cohort, *, now: datetime) -> None:
    """End the link in force, if there is one."""
    cohort.invitations.filter(revoked_at=None).update(revoked_at=now)


def join(candidate: User, token: str, *, now: datetime) -> Cohort:
    """Become a member, or one again; joining twice changes nothing. Raises Invitation.DoesNotExist for a link that
    is not in force."""
    with transaction.atomic():
        cohort = cohorts.invited_to(token, now)
        membership, is_new = Membership.objects.get_or_create(
            cohort=cohort, candidate=candidate, defaults={"accepted_at": now}
        )
        if not is_new and membership.left_at is not None:
            Membership.objects.filter(pk=membership.pk).update(accepted_at=now, left_at=None)
    return cohort


def leave(candidate: User, cohort: Cohort, *, now: datetime) -> None:
    """End one's membership: from now on its instructors see nothing of this person any more."""
    Membership.objects.filter(cohort=cohort, candidate=candidate, left_at=None).update(left_at=now)


def assign(cohort: Cohort, exam: Exam, size: Size, *, title: str, is_fixed: bool, by: User) -> Assignment:
    """Set an exam for everybody who is in the cohort, now or later."""
    return Assignment.objects.create(cohort=cohort, exam=exam, size=size, title=title, is_fixed=is_fixed, created_by=by)
