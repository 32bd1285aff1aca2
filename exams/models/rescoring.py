"""Repairs of wrong keys, and what each changed: kept for good, so that it can be told and taken back."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exams.domain.rescoring import Policy
from exams.models.attempts import Attempt, AttemptItem
from exams.models.bank import QuestionVersion
from exams.models.cohorts import Assignment

POLICY_LABELS = [
    (Policy.NEW_KEY.value, _("new key")),
    (Policy.BOTH_KEYS.value, _("both keys count")),
    (Policy.FULL_CREDIT.value, _("everybody has the point")),
    (Policy.DROP.value, _("the question does not count")),
    (Policy.UNDO.value, _("taken back")),
]


class Rescore(models.Model):
    """One repair of a version's key: in the attempts of an ``assignment``, or everywhere (None).

    ``key`` (domain.responses.AnswerKey) is what it puts in force, None for one that takes another back (``undo_of``).
    """

    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="rescores")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, blank=True, related_name="rescores")
    policy = models.CharField(_("policy"), max_length=12, choices=POLICY_LABELS)
    source = models.ForeignKey(QuestionVersion, models.PROTECT, null=True, blank=True, related_name="+")
    key = models.JSONField(null=True)
    undo_of = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    reason = models.TextField(_("reason"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    made_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("repair of a key")
        verbose_name_plural = _("repairs of keys")
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="rescore_has_reason"),
            models.CheckConstraint(
                condition=Q(policy="undo", undo_of__isnull=False, key__isnull=True)
                | (~Q(policy="undo") & Q(undo_of__isnull=True, key__isnull=False)),
                name="rescore_has_key_or_undoes",
            ),
        )

    def __str__(self) -> str:
        return f"{self.version_id}: {self.policy}"


class RescoredItem(models.Model):
    """How one answer was marked before and after a repair. Who starts later begins with the key in force, which is no
    change and not noted here."""

    rescore = models.ForeignKey(Rescore, models.CASCADE, related_name="items")
    item = models.ForeignKey(AttemptItem, models.CASCADE, related_name="rescores")
    key_before = models.JSONField()
    key_after = models.JSONField()
    was_scored = models.BooleanField()
    is_scored = models.BooleanField()
    was_correct = models.BooleanField()
    is_correct = models.BooleanField()

    class Meta:
        verbose_name = _("answer scored anew")
        verbose_name_plural = _("answers scored anew")
        ordering: ClassVar[list[str]] = ["rescore", "pk"]
        constraints = (models.UniqueConstraint(fields=["rescore", "item"], name="rescored_item_once"),)

    def __str__(self) -> str:
        return f"{self.rescore_id}/{self.item_id}"


class RescoredAttempt(models.Model):
    """What a repair made of a result that stood already."""

    rescore = models.ForeignKey(Rescore, models.CASCADE, related_name="attempts")
    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="rescores")
    points_before = models.PositiveSmallIntegerField()
    points_after = models.PositiveSmallIntegerField()
    total_before = models.PositiveSmallIntegerField()
    total_after = models.PositiveSmallIntegerField()
    cut_before = models.PositiveSmallIntegerField()
    cut_after = models.PositiveSmallIntegerField()
    passed_before = models.BooleanField()
    passed_after = models.BooleanField()

    class Meta:
        verbose_name = _("result scored anew")
        verbose_name_plural = _("results scored anew")
        ordering: ClassVar[list[str]] = ["rescore", "pk"]
        constraints = (models.UniqueConstraint(fields=["rescore", "attempt"], name="rescored_attempt_once"),)

    def __str__(self) -> str:
        return f"{self.rescore_id}/{self.attempt_id}"
