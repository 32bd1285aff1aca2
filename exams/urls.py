"""Addresses of the application. Those of the exam room stay as they are: docs and bookmarks rely on them."""

from __future__ import annotations

from django.urls import path, re_path

from exams.views import (
    assignments,
    attempts,
    blueprints,
    cohort_results,
    cohorts,
    exports,
    invitations,
    live,
    own_data,
    reports,
    rescoring,
    site,
    statistics,
)

ASSIGNMENT = "cohorts/<uuid:cohort_id>/assignments/<uuid:assignment_id>/"

urlpatterns = [
    path("", blueprints.home, name="home"),
    path("exams/<slug:code>/", blueprints.exam, name="exam"),
    path("exams/<slug:code>/before/", blueprints.before, name="before"),
    path("exams/<slug:code>/start/", attempts.start, name="start"),
    path("account/", own_data.account, name="own-account"),
    path("account/data/", own_data.download, name="own-data"),
    path("account/delete/", own_data.delete, name="delete-account"),
    path("attempts/sw.js", site.worker, name="worker"),
    path("attempts/<uuid:attempt_id>/", attempts.room, name="room"),
    path("attempts/<uuid:attempt_id>/items/<int:position>/", attempts.item, name="item"),
    path("attempts/<uuid:attempt_id>/time/", attempts.time, name="time"),
    path("attempts/<uuid:attempt_id>/finish/", attempts.finish, name="finish"),
    path("attempts/<uuid:attempt_id>/receipt/", attempts.receipt, name="receipt"),
    path("attempts/<uuid:attempt_id>/result/", attempts.result, name="result"),
    path("attempts/<uuid:attempt_id>/report.pdf", exports.own_report, name="own-report"),
    path("cohorts/", cohorts.index, name="cohorts"),
    path("cohorts/<uuid:cohort_id>/", cohorts.cohort, name="cohort"),
    path("cohorts/<uuid:cohort_id>/rename/", cohorts.rename, name="cohort_rename"),
    path("cohorts/<uuid:cohort_id>/archive/", cohorts.archive, name="cohort_archive"),
    path("cohorts/<uuid:cohort_id>/instructors/", cohorts.add_instructor, name="instructor_add"),
    path(
        "cohorts/<uuid:cohort_id>/instructors/<uuid:person_id>/remove/",
        cohorts.remove_instructor,
        name="instructor_remove",
    ),
    path("cohorts/<uuid:cohort_id>/members/<uuid:person_id>/remove/", cohorts.remove_member, name="member_remove"),
    path("cohorts/<uuid:cohort_id>/invite/", cohorts.invite, name="invite"),
    path("cohorts/<uuid:cohort_id>/revoke/", cohorts.revoke, name="revoke"),
    path("cohorts/<uuid:cohort_id>/invitations/", invitations.singly, name="invitations"),
    path(
        "cohorts/<uuid:cohort_id>/invitations/<int:number>/revoke/", invitations.revoke_single, name="invitation_revoke"
    ),
    path("cohorts/<uuid:cohort_id>/assign/", cohorts.assign, name="assign"),
    path("cohorts/<uuid:cohort_id>/leave/", cohorts.leave, name="leave"),
    path(ASSIGNMENT, cohort_results.assignment, name="assignment"),
    path(f"{ASSIGNMENT}report.pdf", exports.cohort_report, name="cohort-report"),
    path(f"{ASSIGNMENT}reports.zip", exports.all_reports, name="all-reports"),
    path(f"{ASSIGNMENT}<slug:what>.<slug:ending>", exports.sheet, name="sheet"),
    path("cohorts/<uuid:cohort_id>/progress/", cohort_results.progress, name="cohort-progress"),
    path("cohorts/<uuid:cohort_id>/members/<uuid:member_id>/", cohort_results.member, name="member"),
    path("cohorts/<uuid:cohort_id>/attempts/<uuid:attempt_id>/", cohort_results.attempt, name="member-attempt"),
    path("cohorts/<uuid:cohort_id>/attempts/<uuid:attempt_id>/report.pdf", exports.member_report, name="member-report"),
    path(f"{ASSIGNMENT}items/", statistics.items, name="item_analysis"),
    path(f"{ASSIGNMENT}items/<int:version_id>/", statistics.item, name="item_of_assignment"),
    path(f"{ASSIGNMENT}repair/", rescoring.index, name="repairs"),
    path(f"{ASSIGNMENT}repair/<int:version_id>/", rescoring.repair, name="repair"),
    path(f"{ASSIGNMENT}repair/undo/<int:rescore_id>/", rescoring.undo, name="repair-undo"),
    path("attempts/<uuid:attempt_id>/items/<int:position>/report/", reports.report, name="report"),
    path("reports/<int:report_id>/read/", reports.read, name="report-read"),
    path(f"{ASSIGNMENT}edit/", assignments.edit, name="assignment_edit"),
    path(f"{ASSIGNMENT}members/<uuid:person_id>/time/", assignments.accommodation, name="member_accommodation"),
    path(f"{ASSIGNMENT}live/", live.board, name="assignment_live"),
    path(f"{ASSIGNMENT}live/<uuid:attempt_id>/", live.attempt, name="live_attempt"),
    path("join/<str:token>/", invitations.join, name="join"),
    path("healthz", site.healthz, name="healthz"),
    path("language/", site.language, name="language"),
    re_path(r"^media/(?P<name>[0-9a-f]{64}\.(?:svg|png|jpg|webp))$", site.media, name="media"),
    path("scoring/", site.scoring, name="scoring"),
]
