"""Something is wrong with this question: a candidate says so after the end, and reads the answer."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from exams.domain.attempts import State
from exams.domain.problems import Problems
from exams.forms.problems import sentence
from exams.forms.reports import ReportForm
from exams.queries import attempts, reports, rescoring
from exams.services import reports as service
from exams.views.access import own_attempt, signed_in


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def report(request: HttpRequest, attempt_id: uuid.UUID, position: int) -> HttpResponse:
    """The form, and sending it. While the attempt goes on there is no such page."""
    attempt, now = own_attempt(request, attempt_id), timezone.now()
    if attempts.state_of(attempt, now) is not State.FINISHED:
        raise Http404
    item = get_object_or_404(attempt.items.select_related("version"), position=position)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            service.send(item, **form.cleaned_data, language=get_language() or "", by=request.user, now=now)
        except Problems as refused:
            for problem in refused.problems:
                form.add_error(problem.where or None, sentence(problem))
        else:
            messages.success(request, _("Your report was sent. You will find the answer on your home page."))
            return redirect(f"{reverse('result', args=[attempt_id])}#q{position}")
    sent = reports.of_attempt(attempt, now).get(position, [])
    context = {
        "attempt": attempt,
        "item": item,
        "title": rescoring.title_of(item.version),
        "form": form,
        "sent": sent,
        "is_offered": form.is_bound or not sent or sent[0].is_answered,
    }
    status = 422 if form.errors else 200
    return render(request, "exams/candidate/report.html", context, status=status)


@require_POST
@signed_in
def read(request: HttpRequest, report_id: int) -> HttpResponse:
    """The answer to one's own report was read."""
    if not service.mark_read(report_id, request.user, now=timezone.now()):
        raise Http404
    return redirect("home")
