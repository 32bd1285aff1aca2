"""Reading cohorts: what was set for a candidate, and the cohorts of an instructor."""

from __future__ import annotations

import uuid
from datetime import datetime
from hashlib import sha256

from django.db.models import Count, Q, QuerySet

from exams.models import Assignment, Cohort, Invitation, Membership, User


def assigned_to(candidate: User) -> QuerySet[Assignment]:
    """What was set for this person: assignments of cohorts in which the membership is in force, newest first."""
    return Assignment.objects.filter(
        cohort__memberships__candidate=candidate, cohort__memberships__left_at=None
    ).select_related("cohort", "exam", "size")


def memberships_of(candidate: User) -> QuerySet[Membership]:
    """The cohorts this person is in."""
    return candidate.memberships.filter(left_at=None).select_related("cohort")


def own_cohorts(instructor: User) -> QuerySet[Cohort]:
    """The cohorts that this person teaches, with ``members`` and ``sets`` (assignments) counted."""
    return Cohort.objects.filter(instructors=instructor).annotate(
        members=Count("memberships", filter=Q(memberships__left_at=None), distinct=True),
        sets=Count("assignments", distinct=True),
    )


def own_cohort(instructor: User, public_id: uuid.UUID) -> Cohort:
    """One of the instructor's own; raises Cohort.DoesNotExist for absent ones and others' alike."""
    return own_cohorts(instructor).get(public_id=public_id)


def members(cohort: Cohort) -> QuerySet[Membership]:
    """Memberships in force, by name."""
    return cohort.memberships.filter(left_at=None).select_related("candidate").order_by("candidate__display_name", "pk")


def invitation_in_force(cohort: Cohort, now: datetime) -> Invitation | None:
    """The link by which people can join now, if there is one. Its secret is known to nobody but who was given it."""
    return cohort.invitations.filter(revoked_at=None, expires_at__gt=now).first()


def invited_to(token: str, now: datetime) -> Cohort:
    """The cohort to which a link leads; raises Invitation.DoesNotExist for unknown, revoked and expired ones alike."""
    return (
        Invitation.objects.select_related("cohort")
        .get(token_hash=sha256(token.encode()).hexdigest(), revoked_at=None, expires_at__gt=now)
        .cohort
    )
