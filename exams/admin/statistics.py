"""Item statistics at the author's desk: over everybody who was given a question, without a name."""

from __future__ import annotations

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils import timezone

from exams.domain.statistics import FEWEST_PEOPLE
from exams.forms.statistics import item_page, version_rows
from exams.models import Question
from exams.queries import statistics


class HasStatistics(admin.ModelAdmin):
    """Adds the page to the question's."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.statistics)
        return [path("<int:pk>/statistics/", view, name="exams_question_statistics"), *super().get_urls()]

    def statistics(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All versions, and the newest with figures, or the one asked for by its number, in full."""
        if not self.has_view_permission(request):
            raise Http404
        question = get_object_or_404(Question.objects.select_related("exam"), pk=pk)
        versions = statistics.of_question(question, timezone.now())
        shown = _asked_for(request, versions) or next((one for one in versions if one.item), None)
        context = {
            "question": question,
            "versions": version_rows(versions),
            "fewest": FEWEST_PEOPLE,
            "shown": shown,
            "page": item_page(shown.item, shown.handling) if shown else None,
        }
        return render(request, "exams/author/statistics.html", context)


def _asked_for(
    request: HttpRequest, versions: list[statistics.VersionStatistics]
) -> statistics.VersionStatistics | None:
    asked = request.GET.get("version", "")
    return next((one for one in versions if one.item and str(one.version.number) == asked), None)
