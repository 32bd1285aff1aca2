"""Addresses of the application. Those of the exam room stay as they are: docs and bookmarks rely on them."""

from __future__ import annotations

from django.urls import path, re_path

from exams.views import attempts, blueprints, cohorts, reports, rescoring, site

urlpatterns = [
    path("", blueprints.home, name="home"),
    path("exams/<slug:code>/", blueprints.exam, name="exam"),
    path("exams/<slug:code>/before/", blueprints.before, name="before"),
    path("exams/<slug:code>/start/", attempts.start, name="start"),
    path("attempts/sw.js", site.worker, name="worker"),
    path("attempts/<uuid:attempt_id>/", attempts.room, name="room"),
    path("attempts/<uuid:attempt_id>/items/<int:position>/", attempts.item, name="item"),
    path("attempts/<uuid:attempt_id>/time/", attempts.time, name="time"),
    path("attempts/<uuid:attempt_id>/finish/", attempts.finish, name="finish"),
    path("attempts/<uuid:attempt_id>/receipt/", attempts.receipt, name="receipt"),
    path("attempts/<uuid:attempt_id>/result/", attempts.result, name="result"),
    path("cohorts/", cohorts.index, name="cohorts"),
    path("cohorts/<uuid:cohort_id>/", cohorts.cohort, name="cohort"),
    path("cohorts/<uuid:cohort_id>/invite/", cohorts.invite, name="invite"),
    path("cohorts/<uuid:cohort_id>/revoke/", cohorts.revoke, name="revoke"),
    path("cohorts/<uuid:cohort_id>/assign/", cohorts.assign, name="assign"),
    path("cohorts/<uuid:cohort_id>/leave/", cohorts.leave, name="leave"),
    path("cohorts/<uuid:cohort_id>/assignments/<uuid:assignment_id>/", cohorts.assignment, name="assignment"),
    path("cohorts/<uuid:cohort_id>/assignments/<uuid:assignment_id>/repair/", rescoring.index, name="repairs"),
    path(
        "cohorts/<uuid:cohort_id>/assignments/<uuid:assignment_id>/repair/<int:version_id>/",
        rescoring.repair,
        name="repair",
    ),
    path(
        "cohorts/<uuid:cohort_id>/assignments/<uuid:assignment_id>/repair/undo/<int:rescore_id>/",
        rescoring.undo,
        name="repair-undo",
    ),
    path("attempts/<uuid:attempt_id>/items/<int:position>/report/", reports.report, name="report"),
    path("reports/<int:report_id>/read/", reports.read, name="report-read"),
    path("join/<str:token>/", cohorts.join, name="join"),
    path("healthz", site.healthz, name="healthz"),
    path("language/", site.language, name="language"),
    re_path(r"^media/(?P<name>[0-9a-f]{64}\.(?:svg|png|jpg|webp))$", site.media, name="media"),
    path("scoring/", site.scoring, name="scoring"),
]
