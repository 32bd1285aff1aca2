"""Home, and the page of an exam."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from exams.domain.attempts import State
from exams.queries import attempts, blueprints, cohorts, people, results


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What there is to sit, and what is under way or was set by an instructor."""
    now = timezone.now()
    context: dict[str, object] = {"exams": blueprints.exams()}
    if request.user.is_authenticated:
        history = results.history(request.user, now)
        context |= {
            "running": attempts.open_attempts(request.user, now),
            "assigned": cohorts.assigned_to(request.user),
            "memberships": cohorts.memberships_of(request.user),
            "last": history[0] if history else None,
        }
    return render(request, "exams/candidate/home.html", context)


@require_safe
def exam(request: HttpRequest, code: str) -> HttpResponse:
    """Facts of an exam, the sizes that can be started now, and one's own history."""
    now = timezone.now()
    found = get_object_or_404(blueprints.exams().prefetch_related("domains"), code=code)
    person = request.user if request.user.is_authenticated else None
    accommodation = people.accommodation_of(person) if person else None
    offers = blueprints.offers(found, person, accommodation)
    assigned = cohorts.assigned_to(person).filter(exam=found) if person else []
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
        "assigned": [blueprints.sitting(row.size, accommodation, row) for row in assigned],
    }
    return render(request, "exams/candidate/exam.html", context)
