"""Item statistics kept for lists. Nothing rests on them: `manage.py item_statistics` makes them anew from attempts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from exams.models.bank import QuestionVersion


class ItemStatistic(models.Model):
    """What was known of a version at ``computed_at``.

    ``used`` counts the exams it was given in, ``attempts`` those that were analysed, ``people`` whose they were.
    Figures are empty below their gate. ``flags`` are codes (domain.statistics.Warn), each once, worst first.
    """

    version = models.OneToOneField(QuestionVersion, models.CASCADE, related_name="statistic")
    used = models.PositiveIntegerField()
    attempts = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    p = models.FloatField(null=True)
    p_low = models.FloatField(null=True)
    p_high = models.FloatField(null=True)
    r_rest = models.FloatField(null=True)
    r_low = models.FloatField(null=True)
    r_high = models.FloatField(null=True)
    flags = models.JSONField(default=list)
    computed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("statistics of a version")
        verbose_name_plural = _("statistics of versions")
        ordering: ClassVar[list[str]] = ["version"]

    def __str__(self) -> str:
        return str(self.version_id)
