"""Exams and their blueprints. Every figure of an exam is data here, loaded from its pack."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exams.models.texts import TextField, in_language

code_validator = RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("Use lower-case letters, digits and hyphens."))


class Exam(models.Model):
    """An exam. ``languages`` lists those that every question must have; ``rules`` are the publishing rules."""

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[code_validator])
    version = models.CharField(_("version of the guide"), max_length=20, blank=True)
    title = TextField(_("title"))
    languages = models.JSONField(_("languages"), default=list)
    scale_minimum = models.PositiveIntegerField(_("lowest score"))
    scale_pass = models.PositiveIntegerField(_("pass mark"))
    scale_maximum = models.PositiveIntegerField(_("highest score"))
    is_current = models.BooleanField(_("current"), default=True)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    has_calculator = models.BooleanField(_("offers a calculator"), default=False)
    rules = models.JSONField(_("publishing rules"), default=dict, blank=True)
    services = models.JSONField(_("services renamed or closed"), default=list, blank=True)  # domain.checking.Service
    source = TextField(_("source"), blank=True)
    licence = models.CharField(_("licence"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("exam")
        verbose_name_plural = _("exams")
        ordering: ClassVar[list[str]] = ["-is_current", "code"]
        constraints = (
            models.CheckConstraint(
                condition=Q(scale_minimum__lt=F("scale_pass"), scale_pass__lt=F("scale_maximum")),
                name="exam_scale_ascends",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code.upper()} {in_language(self.title)}"


class Size(models.Model):
    """A size in which an exam is offered; ``cut`` in whole raw points."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="sizes")
    code = models.CharField(_("code"), max_length=20, validators=[code_validator])
    title = TextField(_("title"))
    questions = models.PositiveSmallIntegerField(pgettext_lazy("size", "questions"), validators=[MinValueValidator(1)])
    scored = models.PositiveSmallIntegerField(_("of which scored"), validators=[MinValueValidator(1)])
    minutes = models.PositiveSmallIntegerField(_("minutes"), validators=[MinValueValidator(1)])
    cut = models.PositiveSmallIntegerField(_("cut in raw points"), validators=[MinValueValidator(1)])
    cut_assumed = models.BooleanField(_("the cut is our assumption"), default=True)

    class Meta:
        verbose_name = _("size")
        verbose_name_plural = _("sizes")
        ordering: ClassVar[list[str]] = ["exam", "-questions"]
        constraints = (
            models.UniqueConstraint(fields=["exam", "code"], name="size_code_unique"),
            models.CheckConstraint(
                condition=Q(cut__gte=1, cut__lte=F("scored"), scored__lte=F("questions"), minutes__gte=1),
                name="size_figures_fit",
                violation_error_message=_(
                    "The cut can't be above the scored questions, nor these above all questions. Correct the figures."
                ),
            ),
        )

    def __str__(self) -> str:
        return in_language(self.title)


class Domain(models.Model):
    """A domain of the blueprint; ``weight`` in percent of the exam."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="domains", verbose_name=_("exam"))
    code = models.CharField(_("code"), max_length=60, validators=[code_validator])
    title = TextField(_("title"))
    weight = models.PositiveSmallIntegerField(
        _("weight in percent"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("domain")
        verbose_name_plural = _("domains")
        ordering: ClassVar[list[str]] = ["exam", "order", "id"]
        constraints = (models.UniqueConstraint(fields=["exam", "code"], name="domain_code_unique"),)

    def __str__(self) -> str:
        return in_language(self.title)


class Task(models.Model):
    """A task statement under a domain."""

    domain = models.ForeignKey(Domain, models.CASCADE, related_name="tasks")
    code = models.CharField(_("code"), max_length=20)
    statement = TextField(_("statement"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("task statement")
        verbose_name_plural = _("task statements")
        ordering: ClassVar[list[str]] = ["domain", "order", "id"]
        constraints = (models.UniqueConstraint(fields=["domain", "code"], name="task_code_unique"),)

    def __str__(self) -> str:
        return f"{self.code} {in_language(self.statement)}"
