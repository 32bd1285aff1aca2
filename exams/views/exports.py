"""What is taken away: spreadsheets and printed reports. They are sent while they are made."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from exams.documents import archives, comma_separated, workbooks
from exams.documents.printed import pdf
from exams.models import Attempt
from exams.queries import cohort_members, cohort_results, exports, results, score_reports
from exams.views.access import instructors_only, own_assignment, own_attempt, signed_in
from exams.views.cohort_results import seen_attempt

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}


@require_GET
@never_cache
@instructors_only
def sheet(
    request: HttpRequest, cohort_id: uuid.UUID, assignment_id: uuid.UUID, what: str, ending: str
) -> HttpResponseBase:
    """Members, answers or questions of an assignment as CSV or as a workbook."""
    if what not in exports.SHEETS or ending not in ENDINGS:
        raise Http404
    row = own_assignment(request, cohort_id, assignment_id)
    now = timezone.now()
    found = exports.sheet(
        what, cohort_results.assignment_results(row, now, reader=request.user), now, reader=request.user
    )
    if ending == "csv":
        parts = comma_separated.lines(found.head, found.rows)
    else:
        parts = workbooks.workbook(found.title, found.head, found.rows, widths=found.widths, shares=found.shares)
    return _attached(_in_this_language(parts), ENDINGS[ending], f"{row.title} {found.title}.{ending}")


@require_GET
@never_cache
@instructors_only
def cohort_report(request: HttpRequest, cohort_id: uuid.UUID, assignment_id: uuid.UUID) -> HttpResponseBase:
    """The results of an assignment on paper."""
    row = own_assignment(request, cohort_id, assignment_id)
    now = timezone.now()
    report = score_reports.cohort_report(cohort_results.assignment_results(row, now, reader=request.user), now)
    return _attached([pdf(report)], "application/pdf", f"{row.title}.pdf")


@require_GET
@never_cache
@instructors_only
def all_reports(request: HttpRequest, cohort_id: uuid.UUID, assignment_id: uuid.UUID) -> HttpResponseBase:
    """The score reports of all members in one archive."""
    row = own_assignment(request, cohort_id, assignment_id)
    now = timezone.now()
    files = _report_files(cohort_members.ended_attempts(row, now, reader=request.user).iterator(chunk_size=100), now)
    return _attached(_in_this_language(archives.archive(files)), "application/zip", f"{row.title}.zip")


@require_GET
@never_cache
@instructors_only
def member_report(request: HttpRequest, cohort_id: uuid.UUID, attempt_id: uuid.UUID) -> HttpResponseBase:
    """The score report of a member's attempt."""
    return _report(seen_attempt(request, cohort_id, attempt_id), timezone.now())


@require_GET
@never_cache
@signed_in
def own_report(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponseBase:
    """One's own score report, once the result may be seen."""
    attempt, now = own_attempt(request, attempt_id), timezone.now()
    if not results.history(request.user, now, pk=attempt.pk):
        raise Http404
    return _report(attempt, now)


def _report(attempt: Attempt, now: datetime) -> HttpResponseBase:
    content = pdf(score_reports.score_report(attempt, now))
    return _attached([content], "application/pdf", _report_name(attempt))


def _report_files(attempts: Iterable[Attempt], now: datetime) -> Iterator[tuple[str, bytes]]:
    for attempt in attempts:
        yield _report_name(attempt), pdf(score_reports.score_report(attempt, now))


def _report_name(attempt: Attempt) -> str:
    started = timezone.localtime(attempt.started_at)
    return _file_name(f"{attempt.candidate.display_name} {started:%Y-%m-%d %H%M} {str(attempt.public_id)[:4]}.pdf")


def _file_name(words: str) -> str:
    """Without what a file system, or the unpacking of an archive, takes for something else."""
    return re.sub(r'[\x00-\x1f<>:"/\\|?*]+', " ", words).strip(" .") or "report"


def _attached(parts: Iterable[bytes], content_type: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(parts, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, _file_name(name))
    return response


def _in_this_language(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The rest of a stream is made when the request's language is no longer in force."""
    language, zone = get_language(), timezone.get_current_timezone()

    def kept() -> Iterator[bytes]:
        while True:
            with override(language), timezone.override(zone):
                part = next(parts, None)
            if part is None:
                return
            yield part

    return kept()
