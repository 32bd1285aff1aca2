"""Reading cohorts."""

from __future__ import annotations

from django.db.models import QuerySet

from exams.models import Assignment, User


def assigned_to(candidate: User) -> QuerySet[Assignment]:
    """What was set for this person: assignments of cohorts in which the membership is in force, newest first."""
    return Assignment.objects.filter(
        cohort__memberships__candidate=candidate, cohort__memberships__left_at=None
    ).select_related("cohort", "exam", "size")
