"""The question bank: working copies that authors edit, and the immutable versions that candidates get."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exams.domain.bank import Difficulty, Kind
from exams.models.blueprints import Domain, Exam, Task, code_validator
from exams.models.texts import TextField, in_language

KIND_LABELS = [
    (Kind.SINGLE.value, _("single choice")),
    (Kind.MULTIPLE.value, _("multiple response")),
    (Kind.ORDERING.value, _("ordering")),
    (Kind.MATCHING.value, _("matching")),
]
DIFFICULTY_LABELS = [
    (Difficulty.EASY.value, _("easy")),
    (Difficulty.MEDIUM.value, _("medium")),
    (Difficulty.HARD.value, _("hard")),
]


class Tag(models.Model):
    """An area of the subject that cuts across the domains."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="tags", verbose_name=_("exam"))
    code = models.CharField(_("code"), max_length=60, validators=[code_validator])
    title = TextField(_("title"))

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering: ClassVar[list[str]] = ["exam", "code"]
        constraints = (models.UniqueConstraint(fields=["exam", "code"], name="tag_code_unique"),)

    def __str__(self) -> str:
        return in_language(self.title)


class Case(models.Model):
    """A text that several questions share; it is published inside each of them."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="cases", verbose_name=_("exam"))
    code = models.CharField(_("code"), max_length=80, validators=[code_validator])
    text = TextField(_("text"))

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering: ClassVar[list[str]] = ["exam", "code"]
        constraints = (models.UniqueConstraint(fields=["exam", "code"], name="case_code_unique"),)

    def __str__(self) -> str:
        return self.code


class Media(models.Model):
    """A picture: the ``path`` that texts of the exam name, and the ``name`` (SHA-256 and ending) under which it is
    stored."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="media", verbose_name=_("exam"))
    path = models.CharField(_("path"), max_length=200)
    name = models.CharField(_("stored as"), max_length=80)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering: ClassVar[list[str]] = ["exam", "path"]
        constraints = (models.UniqueConstraint(fields=["exam", "path"], name="media_path_unique"),)

    def __str__(self) -> str:
        return self.path


class Question(models.Model):
    """The working copy of a question. Editing it never withdraws what is published; retiring does.

    ``checksum`` is the working copy's; the current version's differs where there are unpublished edits.
    ``loaded_checksum``
    is that of the content which a pack brought last: where the working copy's differs, somebody has edited it.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        PUBLISHED = "published", _("published")
        RETIRED = "retired", _("retired")

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="questions", verbose_name=_("exam"))
    code = models.CharField(_("code"), max_length=80, validators=[code_validator])
    kind = models.CharField(_("kind"), max_length=10, choices=KIND_LABELS, default=Kind.SINGLE.value)
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="questions", verbose_name=_("domain"))
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("task statement")
    )
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("case")
    )
    stem = TextField(_("stem"))
    objective = TextField(_("objective"), blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="questions", verbose_name=_("tags"))
    difficulty = models.CharField(
        _("difficulty"), max_length=10, choices=DIFFICULTY_LABELS, default=Difficulty.MEDIUM.value
    )
    shuffle = models.BooleanField(_("shuffle the options"), default=True)
    as_of = models.DateField(_("facts checked on"), null=True, blank=True)
    source = TextField(_("source"), blank=True)
    licence = models.CharField(_("licence"), max_length=80, blank=True)
    revised_at = models.JSONField(_("languages last revised"), default=dict, editable=False)  # {language: ISO instant}
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    retired_by_pack = models.BooleanField(default=False, editable=False)  # as it vanished from it: it may come back
    current_version = models.ForeignKey(
        "QuestionVersion",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("current version"),
    )
    checksum = models.CharField(max_length=64, blank=True, editable=False)
    near_group = models.PositiveBigIntegerField(null=True, editable=False)  # of near-identical ones: its smallest id
    loaded_checksum = models.CharField(max_length=64, blank=True, editable=False)
    updated_at = models.DateTimeField(_("edited"), auto_now=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering: ClassVar[list[str]] = ["exam", "code"]
        indexes = (
            models.Index(
                fields=["exam", "domain"],
                condition=Q(current_version__isnull=False) & ~Q(status="retired"),
                name="question_pool",
            ),
        )
        constraints = (models.UniqueConstraint(fields=["exam", "code"], name="question_code_unique"),)
        permissions = (("publish_question", _("Can publish and retire questions")),)

    def __str__(self) -> str:
        return self.code


class Option(models.Model):
    """An option of a choice, a step of an ordering, a prompt or (without ``target``, in a matching) a target."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="options")
    code = models.CharField(_("id"), max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = TextField(_("text"))
    rationale = TextField(_("rationale"), blank=True)
    is_key = models.BooleanField(_("key"), default=False)
    target = models.CharField(_("matches"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering: ClassVar[list[str]] = ["order", "id"]
        constraints = (models.UniqueConstraint(fields=["question", "code"], name="option_code_unique"),)

    def __str__(self) -> str:
        return in_language(self.text)[:60]


class Reference(models.Model):
    """Where the issuer's documentation says so."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="references")
    title = TextField(_("title"))
    url = models.URLField(_("address"), max_length=500)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering: ClassVar[list[str]] = ["order", "id"]

    def __str__(self) -> str:
        return in_language(self.title)


class QuestionVersion(models.Model):
    """What publishing makes: never changed, never deleted while used.

    ``content`` is the frozen document (domain.bank.to_json). ``domain``, ``task``, ``case_code``, ``answer_key``,
    ``option_ids`` and ``shuffle`` repeat parts of it as columns, so that drawing a form reads no document.
    ``question_html`` (safe to show during an attempt) and ``review_html`` (rationales; not before the end) are
    rendered under ``renderer_version`` and can be rebuilt.
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField()
    checksum = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=KIND_LABELS)
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="+")
    case_code = models.CharField(max_length=80, blank=True)
    answer_key = models.JSONField()
    option_ids = models.JSONField()
    shuffle = models.BooleanField(default=True)
    sketches = models.JSONField(default=dict)  # {language: domain.duplicates.Sketch}, to find near-identical ones by
    question_html = models.JSONField()
    review_html = models.JSONField()
    renderer_version = models.PositiveIntegerField()
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering: ClassVar[list[str]] = ["question", "-number"]
        constraints = (models.UniqueConstraint(fields=["question", "number"], name="version_number_unique"),)

    def __str__(self) -> str:
        return f"{self.question_id} v{self.number}"
