"""People sign in by e-mail; what they may do comes from their groups."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exams.domain.attempts import MOST_EXTRA_MINUTES, MOST_EXTRA_PERCENT, extra_minutes

AUTHORS = "Authors"
INSTRUCTORS = "Instructors"


class UserManager(BaseUserManager["User"]):
    """Makes people; e-mail addresses are compared without regard to case."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The person who signs in with this address, in whatever case it is typed."""
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person, saved, with a hashed password (or none that works)."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. ``language`` and ``time_zone`` are empty until chosen: then the site's apply."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)  # in lower case
    display_name = models.CharField(_("name"), max_length=80)
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    is_staff = models.BooleanField(_("may enter the author's desk"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case"),)

    def __str__(self) -> str:
        return self.display_name or self.email

    def clean(self) -> None:
        """Addresses are kept in lower case, so that one person has one."""
        super().clean()
        self.email = self.email.lower()

    def get_full_name(self) -> str:
        """What Django's admin calls the person."""
        return self.display_name

    def get_short_name(self) -> str:
        """As above."""
        return self.display_name


class Accommodation(models.Model):
    """Extra time that a candidate has in every exam, from the next start on. Attempts keep what they began with, so
    changing or deleting it moves no deadline."""

    candidate = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="accommodation", verbose_name=_("candidate")
    )
    percent = models.PositiveSmallIntegerField(
        _("extra time in percent"),
        default=0,
        validators=[MaxValueValidator(MOST_EXTRA_PERCENT)],
        help_text=_("Of the exam's time, rounded up to whole minutes: 50 makes 270 minutes of 180."),
    )
    minutes = models.PositiveSmallIntegerField(
        _("extra minutes"),
        default=0,
        validators=[MaxValueValidator(MOST_EXTRA_MINUTES)],
        help_text=_("In every exam, however long it is; on top of the percentage, if both are given."),
    )
    note = models.TextField(_("note"), blank=True, help_text=_("Why, and on whose word. Seen by administrators only."))

    class Meta:
        verbose_name = _("accommodation")
        verbose_name_plural = _("accommodations")
        ordering: ClassVar[list[str]] = ["candidate__display_name", "pk"]
        constraints = (
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=MOST_EXTRA_PERCENT)
                & Q(minutes__gte=0, minutes__lte=MOST_EXTRA_MINUTES),
                name="accommodation_figures_sane",
            ),
            models.CheckConstraint(
                condition=Q(percent__gt=0) | Q(minutes__gt=0),
                name="accommodation_gives_time",
                violation_error_message=_("This gives no extra time. Enter a percentage, minutes, or both."),
            ),
        )

    def __str__(self) -> str:
        return str(self.candidate)

    def extra_minutes(self, minutes: int) -> int:
        """Whole minutes that it adds to an exam of ``minutes``."""
        return extra_minutes(minutes, percent=self.percent, extra=self.minutes)
