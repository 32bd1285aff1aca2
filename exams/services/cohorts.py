"""Changes to cohorts: making them, who teaches and who is in them, assigning. Inviting is in ``invitations``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from exams.domain.problems import Problem, Problems
from exams.models import Assignment, Cohort, Exam, Membership, Size, User
from exams.queries import cohorts
from exams.services.invitations import INVITATION_LASTS, invite, join, revoke_invitation

__all__ = [
    "INVITATION_LASTS",
    "add_instructor",
    "archive",
    "assign",
    "invite",
    "join",
    "leave",
    "make_cohort",
    "remove_instructor",
    "rename",
    "restore",
    "revoke_invitation",
]


def make_cohort(name: str, *, by: User) -> Cohort:
    """A cohort whose instructor is who made it."""
    with transaction.atomic():
        cohort = Cohort.objects.create(name=name)
        cohort.instructors.add(by)
    return cohort


def rename(cohort: Cohort, name: str) -> None:
    """Give it another name."""
    Cohort.objects.filter(pk=cohort.pk).update(name=name)


def archive(cohort: Cohort, *, now: datetime) -> None:
    """Close it: from now on nobody joins or starts anything in it. Who is sitting an exam goes on to its end."""
    Cohort.objects.filter(pk=cohort.pk, archived_at=None).update(archived_at=now)


def restore(cohort: Cohort) -> None:
    """Bring it back from the archive."""
    Cohort.objects.filter(pk=cohort.pk).update(archived_at=None)


def add_instructor(cohort: Cohort, email: str) -> User:
    """Let another instructor teach it too. Raises Problems (``instructor_unknown``) for an address of nobody, and of
    somebody who is none, alike."""
    person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is None or not cohorts.may_teach(person):
        raise Problems([Problem("instructor_unknown", "email")])
    cohort.instructors.add(person)
    return person


def remove_instructor(cohort: Cohort, person: User) -> None:
    """Let somebody teach it no more; raises Problems (``instructor_last``) for the last one."""
    with transaction.atomic():
        Cohort.objects.select_for_update().get(pk=cohort.pk)  # two who remove each other leave one
        if not cohort.instructors.exclude(pk=person.pk).exists():
            raise Problems([Problem("instructor_last")])
        cohort.instructors.remove(person)


def leave(candidate: User, cohort: Cohort, *, now: datetime) -> None:
    """End a membership, one's own or by an instructor: from now on instructors see nothing of this person any more."""
    Membership.objects.filter(cohort=cohort, candidate=candidate, left_at=None).update(left_at=now)


def assign(cohort: Cohort, exam: Exam, size: Size, *, title: str, is_fixed: bool, by: User, **rules: Any) -> Assignment:
    """Set an exam for everybody who is in the cohort, now or later; ``rules`` are the other fields of Assignment."""
    return Assignment.objects.create(
        cohort=cohort, exam=exam, size=size, title=title, is_fixed=is_fixed, created_by=by, **rules
    )
