"""What is kept of a person, for that person."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress

from exams.domain.scoring import ScoreReport
from exams.models import Attempt, AttemptItem, MemberAccommodation, QuestionVersion, User
from exams.models.texts import in_language
from exams.queries import reports, results
from exams.queries.attempts import own_attempts
from exams.queries.people import accommodation_of

FORMAT = 1


def own_data(user: User, now: datetime) -> dict[str, Any]:
    """Everything that is kept of this person, as plain JSON: profile, memberships, attempts with answers and notes.

    A score is in it once its result may be seen (``results.history``). Which answers were right is not: the page of a
    result says that, and hides it where it must.
    """
    accommodation = accommodation_of(user)
    scores = {past.attempt.pk: past.report for past in results.history(user, now)}
    answers = _answers(user)
    return {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "profile": {
            "name": user.display_name,
            "email": user.email,
            "addresses": list(
                EmailAddress.objects.filter(user=user).order_by("pk").values("email", "verified", "primary")
            ),
            "language": user.language,
            "time_zone": user.time_zone,
            "joined_at": user.date_joined.isoformat(),
            "last_signed_in_at": _iso(user.last_login),
            "groups": list(user.groups.order_by("name").values_list("name", flat=True)),
            "extra_time": accommodation and {"percent": accommodation.percent, "minutes": accommodation.minutes},
        },
        "memberships": [
            {"cohort": row.cohort.name, "accepted_at": row.accepted_at.isoformat(), "left_at": _iso(row.left_at)}
            for row in user.memberships.select_related("cohort").order_by("accepted_at", "pk")
        ],
        "taught_cohorts": list(user.taught_cohorts.order_by("name").values_list("name", flat=True)),
        "reports": [
            {
                "category": row.report.category,
                "text": row.report.text,
                "sent_at": row.report.sent_at.isoformat(),
                "answer": row.report.answer if row.is_answered else "",
            }
            for row in reports.own(user, now)
        ],
        "time_in_assignments": [
            {
                "assignment": row.assignment.title,
                "percent": row.percent,
                "minutes": row.minutes,
                "closes_at": _iso(row.closes_at),
                "may_pass_close": row.may_pass_close,
                "reason": row.reason,
            }
            for row in MemberAccommodation.objects.filter(candidate=user).select_related("assignment")
        ],
        "attempts": [
            _attempt(attempt, scores.get(attempt.pk), answers[attempt.pk])
            for attempt in own_attempts(user)
            .select_related("assignment__cohort")
            .prefetch_related("extensions", "interventions")
        ],
    }


def _attempt(attempt: Attempt, report: ScoreReport | None, answers: list[dict[str, Any]]) -> dict[str, Any]:
    assignment = attempt.assignment
    return {
        "id": str(attempt.public_id),
        "exam": attempt.exam.code,
        "size": attempt.size_code,
        "mode": attempt.mode,
        "language": attempt.language,
        "assignment": assignment and {"title": assignment.title, "cohort": assignment.cohort.name},
        "started_at": attempt.started_at.isoformat(),
        "deadline_at": attempt.deadline_at.isoformat(),
        "finished_at": _iso(attempt.finished_at),
        "void": attempt.is_void,
        "extra_time": [
            {"minutes": row.minutes, "reason": row.reason, "granted_at": row.granted_at.isoformat()}
            for row in attempt.extensions.all()
        ],
        "interventions": [
            {"kind": row.kind, "done_at": row.done_at.isoformat()}  # reasons are the instructors' notes
            for row in attempt.interventions.all()
        ],
        "result": report
        and {"points": report.points, "of": report.total, "score": report.scaled, "passed": report.passed},
        "answers": answers,
    }


def _answers(user: User) -> dict[int, list[dict[str, Any]]]:
    """By attempt. Options are given in their words, in the language in which the exam was sat."""
    rows = AttemptItem.objects.filter(attempt__candidate=user).order_by("attempt", "position")
    contents = dict(
        QuestionVersion.objects.filter(pk__in=rows.order_by().values("version_id")).values_list("pk", "content")
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.select_related("attempt").defer("answer_key", "is_correct", "attempt__parameters"):
        language, content = row.attempt.language, contents[row.version_id]
        texts = {part["id"]: in_language(part["text"], language) for part in [*content["options"], *content["targets"]]}
        found[row.attempt_id].append(
            {
                "position": row.position,
                "question": in_language(content["stem"], language),
                "answer": _in_words(row.response, texts),
                "came_too_late": _in_words(row.late_response, texts),
                "flagged": row.is_flagged,
                "note": row.note,
                "saved_at": _iso(row.saved_at),
                "seconds": row.seconds_spent,
            }
        )
    return found


def _in_words(response: list[str] | dict[str, Any] | None, texts: dict[str, str]) -> list[str] | dict[str, Any] | None:
    if isinstance(response, dict):
        return {texts.get(row, row): texts.get(value, value) for row, value in response.items()}
    return response and [texts.get(option, option) for option in response]


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
