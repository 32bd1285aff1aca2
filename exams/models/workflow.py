"""A question's way from draft to published: what was said about it, and who did what and when."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exams.domain.workflow import Action
from exams.models.bank import Question

ACTION_LABELS = [
    (Action.CREATED.value, _("written")),
    (Action.EDITED.value, pgettext_lazy("history", "edited")),
    (Action.SUBMITTED.value, _("sent to review")),
    (Action.RETURNED.value, _("sent back to draft")),
    (Action.PUBLISHED.value, _("published")),
    (Action.RETIRED.value, _("retired")),
    (Action.RESTORED.value, _("older text taken back")),
]


class QuestionEvent(models.Model):
    """Something that was done to a question. Never changed; the person may be gone, or be a pack.

    ``version`` is the one that was made or taken back; ``places`` are what an edit changed (``options.2.text.ja``).
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="events")
    action = models.CharField(max_length=10, choices=ACTION_LABELS)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="question_events")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(null=True)
    places = models.JSONField(default=list)

    class Meta:
        verbose_name = _("step of a question")
        verbose_name_plural = _("steps of questions")
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        indexes = (models.Index(fields=["actor", "-at"], name="event_recent"),)

    def __str__(self) -> str:
        return f"{self.question_id} {self.action}"


class Comment(models.Model):
    """What an author or reviewer says about a question, to each other: candidates never see it."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="comments")
    at = models.DateTimeField()
    text = models.TextField(max_length=2000)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:60]
