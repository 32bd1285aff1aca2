"""Addresses of the application. Those of the exam room stay as they are: docs and bookmarks rely on them."""

from __future__ import annotations

from django.urls import path, re_path

from exams.views import attempts, blueprints, site

urlpatterns = [
    path("", blueprints.home, name="home"),
    path("exams/<slug:code>/", blueprints.exam, name="exam"),
    path("exams/<slug:code>/start/", attempts.start, name="start"),
    path("attempts/<uuid:attempt_id>/", attempts.room, name="room"),
    path("attempts/<uuid:attempt_id>/items/<int:position>/", attempts.item, name="item"),
    path("attempts/<uuid:attempt_id>/time/", attempts.time, name="time"),
    path("attempts/<uuid:attempt_id>/finish/", attempts.finish, name="finish"),
    path("attempts/<uuid:attempt_id>/result/", attempts.result, name="result"),
    path("healthz", site.healthz, name="healthz"),
    path("language/", site.language, name="language"),
    re_path(r"^media/(?P<name>[0-9a-f]{64}\.(?:svg|png|jpg|webp))$", site.media, name="media"),
    path("scoring/", site.scoring, name="scoring"),
]
