"""Sitting an exam: start, room, save, time, finish, receipt, result."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exams.domain import attempts as clock
from exams.domain.attempts import CLOSING, State
from exams.domain.problems import Problems
from exams.domain.responses import AnswerKey, to_wire
from exams.forms.attempts import SentChange
from exams.forms.problems import sentence
from exams.models import Attempt, AttemptItem
from exams.queries import assignments, attempts, people, receipts, reports, rescoring, results
from exams.services import attempts as service
from exams.services import saving
from exams.services.saving import Change, Outcome, Saved, StoredItem
from exams.views.access import own_attempt, signed_in, sitting_asked_for
from exams.views.errors import wants_json

STATUS = {Outcome.SAVED: 200, Outcome.CONFLICT: 409, Outcome.LATE: 410, Outcome.FINISHED: 410}


@require_POST
@signed_in
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Start an attempt, or show the one that is open."""
    exam, size, assignment = sitting_asked_for(request, code, request.POST)
    try:
        started = service.start(
            request.user,
            exam,
            size,
            now=timezone.now(),
            seed=secrets.randbits(62),
            language=get_language() or settings.LANGUAGE_CODE,
            assignment=assignment,
        )
    except Problems as refused:
        for problem in refused.problems:
            messages.error(request, sentence(problem))
        return redirect("exam", code)
    if attempts.state_of(started.attempt, timezone.now()) is State.CLOSING:
        return redirect("result", started.attempt.public_id)  # which says that time is up, and opens by itself
    if not started.is_new:
        messages.warning(
            request, _("You are sitting this exam already. Go on with it, or finish it before you start again.")
        )
        return redirect("exam", code)
    return redirect("room", started.attempt.public_id)


@require_GET
@never_cache
@signed_in
def room(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """The exam room: the whole form in one page, one question visible."""
    return _room(request, attempt_id)


def _room(
    request: HttpRequest, attempt_id: uuid.UUID, *, draft: attempts.Draft | None = None, wrong: str = ""
) -> HttpResponse:
    """The room as stored, but with a ``draft`` that was refused and the sentence that says why."""
    now = timezone.now()
    attempt = own_attempt(request, attempt_id)
    state = attempts.state_of(attempt, now)
    if state is State.FINISHED:
        return redirect("receipt", attempt_id)
    if state is State.CLOSING:
        return _closing(request, attempt, now)
    page = attempts.room(attempt, now, draft)
    here = draft.position if draft else _number(request.GET.get("item"), len(page.items))
    is_review = "review" in request.GET and not draft
    languages = [code for code, _name in settings.LANGUAGES if code in attempt.exam.languages]
    wanted = request.POST.get("qlang") or request.GET.get("lang", attempt.language)
    context = {
        "room": page,
        "attempt": attempt,
        "here": 0 if is_review else here,
        "is_review": is_review,
        "wrong": wrong,
        "languages": [(code, name) for code, name in settings.LANGUAGES if code in languages],
        "language": wanted if wanted in languages else languages[0],
        "writer": uuid.uuid4(),
        "build": settings.BUILD,
    }
    response = render(request, "exams/candidate/room.html", context, status=422 if wrong else 200)
    response.headers["X-Mogi-Attempt"] = people.mark(request.user)  # what the service worker may keep, and for whom
    return response


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def item(request: HttpRequest, attempt_id: uuid.UUID, position: int) -> HttpResponse:
    """One question: what is stored of it, or a save. JSON for the room's script, a redirect for a browser without."""
    return _save(request, attempt_id, position) if request.method == "POST" else _stored(request, attempt_id, position)


def _stored(request: HttpRequest, attempt_id: uuid.UUID, position: int) -> HttpResponse:
    attempt = own_attempt(request, attempt_id)
    if not wants_json(request):
        return redirect(_next_page(attempt_id, position, "stay", ""))
    row = get_object_or_404(attempt.items, position=position)
    return JsonResponse({"state": "stored", **_answer(row), "note": row.note})


def _save(request: HttpRequest, attempt_id: uuid.UUID, position: int) -> HttpResponse:
    received_at = timezone.now()
    sent = SentChange(request.POST)
    try:
        change = sent.change()
        saved = saving.save(attempt_id, request.user, position, change, received_at=received_at)
    except AttemptItem.DoesNotExist:
        raise Http404 from None
    except Problems as refused:
        return _refused(request, attempt_id, _draft(sent, position), refused)
    if wants_json(request):
        return JsonResponse(_reply(saved, change, received_at), status=STATUS[saved.outcome])
    if saved.outcome is Outcome.CONFLICT:
        return _conflict(request, attempt_id, _draft(sent, position))
    if saved.outcome is not Outcome.SAVED:
        messages.warning(request, _outcome_sentence(saved.outcome))
        return redirect("receipt", attempt_id)
    return redirect(_next_page(attempt_id, position, sent.go, request.POST.get("qlang", "")))


def _draft(sent: SentChange, position: int) -> attempts.Draft:
    return attempts.Draft(position, sent.answer, sent.struck, sent.is_flagged, sent.note)


def _refused(request: HttpRequest, attempt_id: uuid.UUID, draft: attempts.Draft, refused: Problems) -> HttpResponse:
    """Nothing is stored; what was sent is shown again with the reason."""
    reason = " ".join(sentence(problem) for problem in refused.problems)
    if wants_json(request):
        return JsonResponse({"state": "refused", "message": reason}, status=422)
    return _room(request, attempt_id, draft=draft, wrong=reason)


def _reply(saved: Saved, change: Change, now: datetime) -> dict[str, object]:
    """What the script is told. ``writer`` and ``rev`` are those of the change it sent, ``base`` is what is stored
    now."""
    item = saved.item
    reply: dict[str, object] = {
        "state": saved.outcome.value,
        "writer": change.writer,
        "rev": change.rev,
        **_answer(item),
        "left": clock.seconds_left(now, deadline_at=item.deadline_at, finished_at=item.finished_at),
        "build": settings.BUILD,
    }
    if saved.outcome is not Outcome.SAVED:
        reply["message"] = _outcome_sentence(saved.outcome)
    if saved.outcome is Outcome.CONFLICT or item.revision != change.rev:
        reply["note"] = item.note
    return reply


def _answer(item: AttemptItem | StoredItem) -> dict[str, object]:
    """What is stored, but for the note, which is long and seldom news."""
    key = AnswerKey.from_json(item.answer_key)
    return {
        "base": item.revision,
        "answer": to_wire(key, item.option_order, item.response),
        "flag": item.is_flagged,
        "struck": item.struck,
    }


def _outcome_sentence(outcome: Outcome) -> str:
    return {
        Outcome.CONFLICT: _(
            "This question was changed in another window or on another device. Choose which answer to keep."
        ),
        Outcome.LATE: _("Time was up when this answer arrived. It is kept as received late and does not count."),
        Outcome.FINISHED: _("This exam is finished, so its answers can't be changed."),
    }[outcome]


def _conflict(request: HttpRequest, attempt_id: uuid.UUID, draft: attempts.Draft) -> HttpResponse:
    """Both answers side by side, for a browser without script."""
    attempt = own_attempt(request, attempt_id)
    stored, mine = attempts.stored_and_sent(attempt, draft)
    context = {
        "attempt": attempt,
        "stored": stored,
        "mine": mine,
        "draft": draft,
        "language": request.POST.get("qlang") or attempt.language,
        "writer": uuid.uuid4(),
    }
    return render(request, "exams/candidate/conflict.html", context, status=409)


def _next_page(attempt_id: uuid.UUID, position: int, go: str, language: str) -> str:
    query = QueryDict(mutable=True)
    if go == "review":
        query["review"] = ""
    else:
        query["item"] = go if go.isdecimal() else str(position)
    if language:
        query["lang"] = language
    return f"{reverse('room', args=[attempt_id])}?{query.urlencode()}"


@require_GET
@never_cache
@signed_in
def time(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """The server's clock, and the revisions by which a page notices that another one has saved."""
    now = timezone.now()
    attempt = own_attempt(request, attempt_id)
    get_token(request)  # renews the cookie for a page that was open since before a sign-in elsewhere
    return JsonResponse(
        {
            "state": attempts.state_of(attempt, now).value,
            "left": attempts.seconds_left(attempt, now),
            "until": date_format(timezone.localtime(attempt.deadline_at), "H:i"),
            "build": settings.BUILD,
            "revisions": attempts.revisions(attempt),
        }
    )


@require_POST
@never_cache
@signed_in
def finish(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """End the attempt; again, or after the deadline, changes nothing."""
    service.finish(own_attempt(request, attempt_id), now=timezone.now())
    target = reverse("receipt", args=[attempt_id])
    return JsonResponse({"state": "finished", "next": target}) if wants_json(request) else redirect(target)


@require_GET
@never_cache
@signed_in
def receipt(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """When and how the attempt ended and what was received; nothing of the result."""
    now = timezone.now()
    attempt = own_attempt(request, attempt_id)
    state = attempts.state_of(attempt, now)
    if state is State.OPEN:
        return redirect("room", attempt_id)
    if state is State.CLOSING:
        return _closing(request, attempt, now)
    return render(request, "exams/candidate/receipt.html", {"receipt": receipts.receipt(attempt, now)})


@require_GET
@never_cache
@signed_in
def result(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Score, domains, and every question with its key and rationales, as far as the assignment shows them already."""
    now = timezone.now()
    attempt = own_attempt(request, attempt_id)
    state = attempts.state_of(attempt, now)
    if state is State.OPEN:
        return redirect("room", attempt_id)
    if state is State.CLOSING:
        return _closing(request, attempt, now)
    release = assignments.release(attempt.assignment, now)
    if attempt.is_void or not release.score:
        return render(request, "exams/candidate/no_result.html", {"attempt": attempt, "release": release})
    language = get_language() or attempt.language
    if language not in attempt.exam.languages:
        language = attempt.exam.languages[0]
    items = results.reviewed(attempt, language, now)
    page = results.result(attempt, now)
    chosen = {"domain": request.GET.get("domain", ""), "show": request.GET.get("show", "")}
    context = {
        "attempt": attempt,
        "release": release,
        "result": page,
        "report": page.report,
        "language": language,
        "chosen": chosen,
        "items": results.filtered(items, **chosen),
        "total": len(items),
        "corrections": rescoring.corrections(attempt, now),
        "reports": reports.of_attempt(attempt, now),
    }
    return render(request, "exams/candidate/result.html", context)


def _closing(request: HttpRequest, attempt: Attempt, now: datetime) -> HttpResponse:
    """Time is up and the last answers are still being taken: nothing of the result is shown yet. Comes back by
    itself."""
    wait = max(1, round((attempt.deadline_at + CLOSING - now).total_seconds()) + 1)
    response = render(request, "exams/candidate/closing.html", {"attempt": attempt, "wait": wait})
    response.headers["Refresh"] = str(wait)
    return response


def _number(value: str | None, count: int) -> int:
    numbers = {str(number): number for number in range(1, count + 1)}
    return numbers.get(value or "", 1)
