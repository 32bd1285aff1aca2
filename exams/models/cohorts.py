"""Cohorts: who may see whose results, and only those of attempts made in their assignments."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exams.models.blueprints import Exam, Size


class Cohort(models.Model):
    """A study group or class."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    instructors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="taught_cohorts", verbose_name=_("instructors")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering: ClassVar[list[str]] = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A candidate who has accepted that the cohort's instructors see what is done in its assignments. Ended by
    leaving."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="memberships")
    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    accepted_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["cohort", "accepted_at"]
        constraints = (models.UniqueConstraint(fields=["cohort", "candidate"], name="membership_unique"),)

    def __str__(self) -> str:
        return f"{self.cohort_id}/{self.candidate_id}"


class Invitation(models.Model):
    """A link by which candidates join. Only the SHA-256 of its secret is kept, so that the table opens no door."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        constraints = (
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(revoked_at__isnull=True), name="invitation_one_in_force"
            ),
        )

    def __str__(self) -> str:
        return f"{self.cohort_id}/{self.pk}"


class Assignment(models.Model):
    """An exam in one size for a cohort."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="assignments")
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="assignments")
    size = models.ForeignKey(Size, models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=120)
    is_fixed = models.BooleanField(_("the same questions for everybody"), default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering: ClassVar[list[str]] = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.title
