"""What the checker's warnings came to: those that an author has accepted, which questions are near-identical, and what
was found in each, kept for pages about whole banks."""

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
    where = models.CharField(max_length=120)
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


class KeptCheck(models.Model):
    """That a question's working copy, as its ``checksum`` names it, was checked on a day under the exam's ``demands``
    (queries.kept_checks.demands). ``longest`` has {language: [right, chance]} of domain.checking.longest_option_odds,
    and is empty where the question is no choice. Nothing rests on it: it is made anew where it is behind."""

    question = models.OneToOneField(Question, models.CASCADE, related_name="kept_check")
    checksum = models.CharField(max_length=64)
    demands = models.CharField(max_length=16)
    on = models.DateField()
    longest = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("check of a question")
        verbose_name_plural = _("checks of questions")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.question_id} {self.on}"


class KeptFinding(models.Model):
    """A finding of the last check of a question: the fields of a domain.checking.Finding, and its fingerprint."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="kept_findings")
    level = models.CharField(max_length=10)
    code = models.CharField(max_length=40)
    where = models.CharField(max_length=120)
    text = models.CharField(max_length=16)
    params = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering: ClassVar[list[str]] = ["level", "question", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.code} {self.where}"
