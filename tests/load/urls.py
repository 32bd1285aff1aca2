"""The site's addresses and the floor: the least that a page of ours which stores something could do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_POST

from exams.models import AttemptItem
from examsite import urls


@require_POST
def floor(request: HttpRequest, pk: int) -> HttpResponse:
    """Session and person checked, one row read by its key, one column of it updated. No form, no rule, no template."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    seconds = int(request.POST["seconds"])
    was = AttemptItem.objects.values_list("seconds_spent", flat=True).get(pk=pk)
    AttemptItem.objects.filter(pk=pk).update(seconds_spent=seconds)
    return JsonResponse({"was": was, "seconds": seconds})


urlpatterns = [path("bench/floor/<int:pk>/", floor), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
