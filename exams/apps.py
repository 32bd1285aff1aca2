"""The application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExamsConfig(AppConfig):
    """Questions, attempts, cohorts."""

    name = "exams"
    verbose_name = _("Exams and questions")
    default_auto_field = "django.db.models.BigAutoField"
