"""Reading cohorts: who is in them, and those that an instructor teaches."""

from __future__ import annotations

import uuid

from django.db.models import Count, Q, QuerySet

from exams.models import Cohort, Membership, User


def memberships_of(candidate: User) -> QuerySet[Membership]:
    """The cohorts this person is in, with their instructors, who see the results."""
    return candidate.memberships.filter(left_at=None).select_related("cohort").prefetch_related("cohort__instructors")


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


def may_teach(person: User) -> bool:
    """Whether this person is an instructor at all. Which cohorts is another question."""
    return person.has_perm("exams.view_cohort")
