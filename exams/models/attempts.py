"""Attempts: the record of one sitting. What it was scored by is kept with it, so that no later change moves a
result."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.domain.attempts import MOST_EXTRA_MINUTES
from exams.models.bank import QuestionVersion
from exams.models.blueprints import Domain, Exam, Task
from exams.models.cohorts import Assignment


class Form(models.Model):
    """A fixed list of questions that all attempts of one assignment share."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="forms")
    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="form")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("fixed form")
        verbose_name_plural = _("fixed forms")

    def __str__(self) -> str:
        return f"{self.exam_id}/{self.pk}"


class FormItem(models.Model):
    """One place of a form; scored or pilot belongs to the place."""

    form = models.ForeignKey(Form, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="+")
    is_scored = models.BooleanField()

    class Meta:
        verbose_name = _("question of a fixed form")
        verbose_name_plural = _("questions of fixed forms")
        ordering: ClassVar[list[str]] = ["form", "position"]
        constraints = (
            models.UniqueConstraint(fields=["form", "position"], name="form_position_unique"),
            models.UniqueConstraint(fields=["form", "version"], name="form_version_unique"),
        )

    def __str__(self) -> str:
        return f"{self.form_id}#{self.position}"


class Attempt(models.Model):
    """One sitting. ``parameters`` is the snapshot (domain.scoring.Parameters) by which it is scored, whatever
    becomes of the exam."""

    class Mode(models.TextChoices):
        EXAM = "exam", _("exam")
        PRACTICE = "practice", _("practice")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attempts")
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="attempts", verbose_name=_("exam"))
    size_code = models.CharField(max_length=20)
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, blank=True, related_name="attempts")
    form = models.ForeignKey(Form, models.PROTECT, null=True, blank=True, related_name="attempts")
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.EXAM)
    language = models.CharField(max_length=10)
    parameters = models.JSONField()
    seed = models.BigIntegerField()
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    is_void = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering: ClassVar[list[str]] = ["-started_at"]
        constraints = (
            models.UniqueConstraint(
                fields=["candidate", "exam"],
                condition=Q(finished_at__isnull=True, mode="exam", is_void=False),
                name="attempt_one_open",
            ),
            models.CheckConstraint(condition=Q(deadline_at__gt=F("started_at")), name="attempt_deadline_after_start"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True)
                | Q(finished_at__gte=F("started_at"), finished_at__lte=F("deadline_at")),
                name="attempt_finished_in_time",
            ),
        )
        indexes = (
            models.Index(fields=["candidate", "exam", "-started_at"], name="attempt_history"),
            models.Index(fields=["assignment", "candidate"], name="attempt_of_assignment"),
            models.Index(fields=["deadline_at"], condition=Q(finished_at__isnull=True), name="attempt_unstamped"),
        )

    def __str__(self) -> str:
        return str(self.public_id)


class Extension(models.Model):
    """Extra time that was given to an attempt while it ran. The attempt's deadline holds it; this says who and why."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="extensions")
    minutes = models.PositiveSmallIntegerField(_("extra minutes"))
    reason = models.TextField(_("reason"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("granted by")
    )
    granted_at = models.DateTimeField(_("granted"))

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering: ClassVar[list[str]] = ["attempt", "granted_at", "pk"]
        constraints = (
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=MOST_EXTRA_MINUTES), name="extension_minutes_sane"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_reason"),
        )

    def __str__(self) -> str:
        return f"+{self.minutes}"


class Intervention(models.Model):
    """That an instructor declared an attempt void, let it count again, or opened a finished one again; who, when and
    why. ``finished_at`` and ``deadline_at`` are the attempt's before."""

    class Kind(models.TextChoices):
        VOID = "void", _("declared void")
        RESTORE = "restore", _("counted again")
        REOPEN = "reopen", _("reopened")

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="interventions")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.TextField(_("reason"))
    finished_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        verbose_name = _("intervention")
        verbose_name_plural = _("interventions")
        ordering: ClassVar[list[str]] = ["attempt", "done_at", "pk"]
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="intervention_has_reason"),)

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.kind}"


class AttemptItem(models.Model):
    """One question of an attempt and its answer.

    ``answer_key`` is the key in force for this item; ``option_order`` the ids in the order drawn for this candidate;
    ``revision`` counts acknowledged changes of response, flag, struck options and note together, ``writer`` says which
    page made the last one.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="items")
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="+")
    is_scored = models.BooleanField()
    answer_key = models.JSONField()
    option_order = models.JSONField()
    response = models.JSONField(null=True, blank=True)
    is_correct = models.BooleanField(default=False)
    is_flagged = models.BooleanField(default=False)
    struck = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True, default="")
    revision = models.PositiveIntegerField(default=0)
    writer = models.CharField(max_length=36, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    seconds_spent = models.PositiveIntegerField(default=0)
    late_response = models.JSONField(null=True, blank=True)
    late_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("question of an attempt")
        verbose_name_plural = _("questions of attempts")
        ordering: ClassVar[list[str]] = ["attempt", "position"]
        constraints = (
            models.UniqueConstraint(fields=["attempt", "position"], name="item_position_unique"),
            models.UniqueConstraint(fields=["attempt", "version"], name="item_version_unique"),
        )

    def __str__(self) -> str:
        return f"{self.attempt_id}#{self.position}"
