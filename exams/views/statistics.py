"""Item analysis: an instructor's own assignment, question by question."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from exams.domain.figures import conditional_sem
from exams.forms.statistics import item_page, refusal_words, rows
from exams.models import QuestionVersion
from exams.queries import statistics
from exams.views.access import instructors_only, own_assignment


@require_GET
@never_cache
@instructors_only
def items(request: HttpRequest, cohort_id: uuid.UUID, assignment_id: uuid.UUID) -> HttpResponse:
    """All questions, the least telling first, and how reliable the form is."""
    assignment = own_assignment(request, cohort_id, assignment_id)
    found = statistics.analysis(assignment, timezone.now())
    form = found.reliability
    cut = min(assignment.size.cut, form.items)
    context = {
        "assignment": assignment,
        "cohort": assignment.cohort,
        "analysis": found,
        "rows": rows(found.items),
        "form": form,
        "refusal": refusal_words(form.refusal, form.n, form.needed),
        "cut": cut,
        "sem_at_cut": None if form.refusal else conditional_sem(cut, form.items),
    }
    return render(request, "exams/instructor/items.html", context)


@require_GET
@never_cache
@instructors_only
def item(request: HttpRequest, cohort_id: uuid.UUID, assignment_id: uuid.UUID, version_id: int) -> HttpResponse:
    """One question: its figures, and who chooses which option."""
    assignment = own_assignment(request, cohort_id, assignment_id)
    try:
        found, handling = statistics.one_item(assignment, version_id, timezone.now())
    except QuestionVersion.DoesNotExist:
        raise Http404 from None
    context = {"assignment": assignment, "cohort": assignment.cohort, "page": item_page(found, handling)}
    return render(request, "exams/instructor/item.html", context)
