"""All addresses of the site."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("", include("exams.urls")),
]

handler400 = "exams.views.errors.bad_request"
handler403 = "exams.views.errors.forbidden"
handler404 = "exams.views.errors.not_found"
handler500 = "exams.views.errors.server_error"
