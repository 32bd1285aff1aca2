"""Candidates' reports: something is wrong with a question."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exams.models.attempts import AttemptItem
from exams.models.bank import QuestionVersion

LONGEST_REPORT = 1000  # characters


class Report(models.Model):
    """What a candidate says is wrong with a version, and what an author answers. Authors never learn who sent it."""

    class Category(models.TextChoices):
        KEY = "key", _("The key is wrong")
        AMBIGUOUS = "ambiguous", _("More than one answer is right, or none")
        OUTDATED = "outdated", _("It is out of date")
        LANGUAGE = "language", _("The wording or the translation is wrong")
        DISPLAY = "display", _("It is not shown properly")
        OTHER = "other", _("Something else")

    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="reports", verbose_name=_("version"))
    item = models.ForeignKey(AttemptItem, models.CASCADE, related_name="reports")
    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reports")
    category = models.CharField(_("category"), max_length=12, choices=Category)
    text = models.TextField(_("text"), max_length=LONGEST_REPORT)
    language = models.CharField(_("read in"), max_length=10)
    sent_at = models.DateTimeField(_("sent"))
    answer = models.TextField(_("answer"), blank=True, max_length=LONGEST_REPORT)
    answered_at = models.DateTimeField(pgettext_lazy("report", "answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports of candidates")
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints = (
            models.UniqueConstraint(
                fields=["candidate", "version"], condition=Q(answered_at__isnull=True), name="report_one_open"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="report_has_text"),
        )

    def __str__(self) -> str:
        return str(_("Report %(number)s") % {"number": self.pk})
