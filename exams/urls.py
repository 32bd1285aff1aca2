"""Addresses of the application. Those of the exam room stay as they are: docs and bookmarks rely on them."""

from __future__ import annotations

from django.urls import path, re_path

from exams.views import assignments, attempts, blueprints, cohorts, invitations, live, site

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
    path("cohorts/<uuid:cohort_id>/assignments/<uuid:assignment_id>/", cohorts.assignment, name="assignment"),
    path("cohorts/<uuid:cohort_id>/assignments/<uuid:assignment_id>/edit/", assignments.edit, name="assignment_edit"),
    path(
        "cohorts/<uuid:cohort_id>/assignments/<uuid:assignment_id>/members/<uuid:person_id>/time/",
        assignments.accommodation,
        name="member_accommodation",
    ),
    path("cohorts/<uuid:cohort_id>/assignments/<uuid:assignment_id>/live/", live.board, name="assignment_live"),
    path(
        "cohorts/<uuid:cohort_id>/assignments/<uuid:assignment_id>/live/<uuid:attempt_id>/",
        live.attempt,
        name="live_attempt",
    ),
    path("join/<str:token>/", invitations.join, name="join"),
    path("healthz", site.healthz, name="healthz"),
    path("language/", site.language, name="language"),
    re_path(r"^media/(?P<name>[0-9a-f]{64}\.(?:svg|png|jpg|webp))$", site.media, name="media"),
    path("scoring/", site.scoring, name="scoring"),
]
