"""Item analysis: an instructor's own assignment, question by question."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from exams.domain.figures import conditional_sem
from exams.domain.scoring import drop_cut
from exams.forms.statistics import item_page, refusal_words, rows
from exams.models import QuestionVersion
from exams.queries import results, statistics
from exams.views.access import instructors_only, own_assignment


@require_GET
@never_cache
@instructors_only
def items(request: HttpRequest, cohort_id: uuid.UUID, assignment_id: uuid.UUID) -> HttpResponse:
    """All questions, the least telling first, and how reliable the form is."""
    assignment = own_assignment(request, cohort_id, assignment_id)
    now = timezone.now()
    found = statistics.analysis(assignment, now, request.user)
    form = found.reliability
    cut = drop_cut(assignment.size.cut, assignment.size.scored, form.items)
    context = {
        "assignment": assignment,
        "cohort": assignment.cohort,
        "analysis": found,
        "rows": rows(found.items, results.hidden_from(request.user, now)),
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
    now = timezone.now()
    try:
        found, handling = statistics.one_item(assignment, version_id, now, request.user)
    except QuestionVersion.DoesNotExist:
        raise Http404 from None
    is_hidden = found.version.question_id in results.hidden_from(request.user, now)
    page = item_page(found, handling, is_hidden=is_hidden)
    context = {"assignment": assignment, "cohort": assignment.cohort, "page": page}
    return render(request, "exams/instructor/item.html", context)
