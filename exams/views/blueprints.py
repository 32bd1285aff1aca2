"""Home, the page of an exam, and the page before a start."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from exams.domain.attempts import State
from exams.forms.tryout import TryOutForm
from exams.queries import assignments, attempts, blueprints, cohorts, people, reports, rescoring, results
from exams.views.access import signed_in, sitting_asked_for


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What there is to sit, and what is under way or was set by an instructor."""
    now = timezone.now()
    context: dict[str, object] = {"exams": blueprints.exams()}
    if request.user.is_authenticated:
        history = results.history(request.user, now)
        in_hand = list(attempts.in_hand(request.user, now))
        context |= {
            "running": [attempt for attempt in in_hand if attempts.state_of(attempt, now) is State.OPEN],
            "closing": [attempt for attempt in in_hand if attempts.state_of(attempt, now) is State.CLOSING],
            "assigned": assignments.due(request.user, now),
            "memberships": cohorts.memberships_of(request.user),
            "last": history[0] if history else None,
            "corrected": rescoring.corrected(request.user),
            "answered": reports.answered(request.user, now),
        }
    return render(request, "exams/candidate/home.html", context)


@require_safe
def exam(request: HttpRequest, code: str) -> HttpResponse:
    """Facts of an exam, the sizes that can be started now, and one's own history."""
    now = timezone.now()
    found = get_object_or_404(blueprints.exams().prefetch_related("domains"), code=code)
    person = request.user if request.user.is_authenticated else None
    accommodation = people.accommodation_of(person) if person else None
    known = blueprints.known(found, person, now) if person else blueprints.NOTHING
    offers = blueprints.offers(found, known, accommodation)
    in_hand = attempts.in_hand(person, now).filter(exam=found).first() if person else None
    context = {
        "exam": found,
        "domains": found.domains.all(),
        "offers": offers,
        "largest": offers[0].sitting if offers else None,
        "default": next((offer.size.code for offer in offers if offer.offer.possible), ""),
        "running": in_hand,
        "is_closing": in_hand is not None and attempts.state_of(in_hand, now) is State.CLOSING,
        "history": results.history(person, now, exam=found) if person else [],
        "corrected": rescoring.corrected(person) if person else set(),
        "assigned": assignments.due(person, now, exam=found) if person else [],
    }
    return render(request, "exams/candidate/exam.html", context)


@require_GET
@never_cache
@signed_in
def before(request: HttpRequest, code: str) -> HttpResponse:
    """What this sitting will be, its rules, and a question to try the room with. No clock starts here."""
    now = timezone.now()
    found, size, assignment = sitting_asked_for(request, code, request.GET)
    if attempts.open_attempts(request.user, now).filter(exam=found).exists():
        return redirect("exam", code)
    if assignment is None:
        known = blueprints.known(found, request.user, now)
        offers = blueprints.offers(found, known, people.accommodation_of(request.user))
        offer = next(offer for offer in offers if offer.size == size)
        if not offer.offer.possible:
            messages.error(request, _("Not possible yet: the question bank is too small."))
            return redirect("exam", code)
        sitting = offer.sitting
    else:
        (due,) = assignments.due(request.user, now, pk=assignment.pk)
        if not due.can_start:
            return redirect(reverse("exam", args=[code]) + "#set")
        sitting = due.sitting
    ends_at = sitting.ends_at(now)
    context = {
        "exam": found,
        "sitting": sitting,
        "ends_at": ends_at,
        "is_cut": sitting.is_cut(now),
        "is_today": timezone.localdate(ends_at) == timezone.localdate(now),
        "tryout": TryOutForm(request.GET),
    }
    return render(request, "exams/candidate/before.html", context)
