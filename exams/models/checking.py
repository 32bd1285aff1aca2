"""What the checker's warnings came to: those that an author has accepted, and which questions are near-identical."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.models.bank import Question


class Waiver(models.Model):
    """A warning that was accepted, with the reason, for one text (``text``: domain.checking.fingerprint). ``by`` is
    nobody for one that a pack brought."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="waivers")
    code = models.CharField(max_length=40)
    where = models.CharField(max_length=80)
    text = models.CharField(max_length=16)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = _("accepted warning")
        verbose_name_plural = _("accepted warnings")
        ordering: ClassVar[list[str]] = ["question", "id"]
        constraints = (models.UniqueConstraint(fields=["question", "code", "where", "text"], name="waiver_unique"),)

    def __str__(self) -> str:
        return f"{self.code} {self.where}"


class NearDuplicate(models.Model):
    """Two questions whose versions in force are near-identical in a language. Kept so that drawing a form needs no
    search; ``Question.near_group`` is made of it."""

    first = models.ForeignKey(Question, models.CASCADE, related_name="+")
    second = models.ForeignKey(Question, models.CASCADE, related_name="+")
    language = models.CharField(max_length=20)
    percent = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("near-identical questions")
        verbose_name_plural = _("near-identical questions")
        ordering: ClassVar[list[str]] = ["first", "second", "language"]
        constraints = (
            models.UniqueConstraint(fields=["first", "second", "language"], name="near_duplicate_unique"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="near_duplicate_ascends"),
        )

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id} {self.language}"
