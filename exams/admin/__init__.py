"""The author's desk: Django's admin in our colours. What is about candidates is for administrators alone."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from exams.admin import attempts, bank, blueprints, cases, people, pictures, reports

admin.site.site_header = _("Author's desk")
admin.site.site_title = "Mogi"
admin.site.index_title = _("Exams and questions")
admin.site.enable_nav_sidebar = False

__all__ = ["attempts", "bank", "blueprints", "cases", "people", "pictures", "reports"]
