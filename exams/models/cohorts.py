"""Cohorts: who may see whose results, and only those of attempts made in their assignments."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.domain.assignments import MOST_ATTEMPTS, KeyRelease, ScoreRelease
from exams.domain.attempts import MOST_EXTRA_MINUTES, MOST_EXTRA_PERCENT
from exams.models.blueprints import Exam, Size


class Cohort(models.Model):
    """A study group or class. One that is archived is to be looked at only: nobody joins or starts in it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    instructors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="taught_cohorts", verbose_name=_("instructors")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

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
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering: ClassVar[list[str]] = ["cohort", "accepted_at"]
        constraints = (models.UniqueConstraint(fields=["cohort", "candidate"], name="membership_unique"),)

    def __str__(self) -> str:
        return f"{self.cohort_id}/{self.candidate_id}"


class Invitation(models.Model):
    """A link by which candidates join: one for whoever has it, or one for a single ``email``. Only the SHA-256 of its
    secret is kept, so that the table opens no door."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="invitations")
    email = models.EmailField(blank=True)  # in lower case
    token_hash = models.CharField(max_length=64, unique=True)
    most_uses = models.PositiveIntegerField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering: ClassVar[list[str]] = ["-created_at"]
        constraints = (
            models.UniqueConstraint(
                fields=["cohort", "email"], condition=Q(revoked_at__isnull=True), name="invitation_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(most_uses__isnull=True) | Q(uses__lte=F("most_uses")), name="invitation_uses_limited"
            ),
        )

    def __str__(self) -> str:
        return f"{self.cohort_id}/{self.pk}"


class Assignment(models.Model):
    """An exam in one size for a cohort, with when it can be sat and what its candidates are shown when."""

    class Scores(models.TextChoices):
        AT_ONCE = ScoreRelease.AT_ONCE.value, _("at once")
        CLOSED = ScoreRelease.CLOSED.value, _("after it has closed")

    class Keys(models.TextChoices):
        AT_ONCE = KeyRelease.AT_ONCE.value, _("at once")
        LAST_DEADLINE = KeyRelease.LAST_DEADLINE.value, _("when the last member's time is up")
        NEVER = KeyRelease.NEVER.value, _("never")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="assignments")
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="assignments")
    size = models.ForeignKey(Size, models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=120)
    is_fixed = models.BooleanField(_("the same questions for everybody"), default=False)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    most_attempts = models.PositiveSmallIntegerField(
        _("attempts allowed"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_ATTEMPTS)],
    )
    score_release = models.CharField(
        _("candidates see their score"), max_length=20, choices=Scores, default=Scores.AT_ONCE
    )
    key_release = models.CharField(
        _("candidates see keys and rationales"), max_length=20, choices=Keys, default=Keys.AT_ONCE
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering: ClassVar[list[str]] = ["-created_at", "-id"]
        constraints = (
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="assignment_opens_before_it_closes",
                violation_error_message=_("It closes before it opens. Correct one of the two times."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=False)
                | Q(score_release=ScoreRelease.AT_ONCE.value) & ~Q(key_release=KeyRelease.LAST_DEADLINE.value),
                name="assignment_waits_for_a_close",
                violation_error_message=_(
                    "Something is to be shown after the close, but this assignment does not close. Set when it closes, "
                    "or show it at once."
                ),
            ),
            models.CheckConstraint(
                condition=Q(is_fixed=False)
                | ~Q(score_release=ScoreRelease.AT_ONCE.value)
                | Q(key_release=KeyRelease.AT_ONCE.value)
                | Q(most_attempts=1, most_attempts__isnull=False),
                name="assignment_keys_not_by_trying",
                violation_error_message=_(
                    "With the same questions for everybody and the score at once, attempt after attempt would tell the "
                    "keys. Allow one attempt, or show the score after the close."
                ),
            ),
            models.CheckConstraint(
                condition=Q(most_attempts__isnull=True) | Q(most_attempts__gte=1, most_attempts__lte=MOST_ATTEMPTS),
                name="assignment_attempts_sane",
            ),
        )

    def __str__(self) -> str:
        return self.title


class MemberAccommodation(models.Model):
    """What one member has more than the others in one assignment: time, a later close (``closes_at``), or leave to go
    on past the close. Attempts keep what they began with."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="accommodations")
    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    percent = models.PositiveSmallIntegerField(
        _("extra time in percent"), default=0, validators=[MaxValueValidator(MOST_EXTRA_PERCENT)]
    )
    minutes = models.PositiveSmallIntegerField(
        _("extra minutes"), default=0, validators=[MaxValueValidator(MOST_EXTRA_MINUTES)]
    )
    closes_at = models.DateTimeField(_("closes later, at"), null=True, blank=True)
    may_pass_close = models.BooleanField(_("time may go on past the close"), default=False)
    reason = models.TextField(_("reason"))
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("accommodation of a member")
        verbose_name_plural = _("accommodations of members")
        ordering: ClassVar[list[str]] = ["assignment", "pk"]
        constraints = (
            models.UniqueConstraint(fields=["assignment", "candidate"], name="member_accommodation_unique"),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=MOST_EXTRA_PERCENT)
                & Q(minutes__gte=0, minutes__lte=MOST_EXTRA_MINUTES),
                name="member_accommodation_figures_sane",
            ),
            models.CheckConstraint(
                condition=Q(percent__gt=0) | Q(minutes__gt=0) | Q(closes_at__isnull=False) | Q(may_pass_close=True),
                name="member_accommodation_gives_something",
                violation_error_message=_("This gives nothing. Enter extra time, a later close, or both."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="member_accommodation_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.assignment_id}/{self.candidate_id}"
