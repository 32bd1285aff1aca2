"""A question's steps from draft to published, its history and comments, and what changed from version to version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from exams.domain.differences import differences
from exams.domain.problems import Problem, Problems
from exams.forms.problems import place, sentence
from exams.models import Question
from exams.queries import bank, workflow
from exams.queries.checking import near_pairs
from exams.services import workflow as service
from exams.services.bank import Published

SENT = _("“%(code)s” is in review now.")
SENT_BACK = _("“%(code)s” is a draft again.")
MOST_PAIRS = 20  # that a message lists
REFUSED_COMMENT = "refused_comment"  # in the session, until the next page of the question
RETIRED = _("“%(code)s” is retired. New attempts get it no more.")


class WorkflowAdmin:
    """What a question's page has besides its texts."""

    def get_urls(self) -> list[URLPattern]:
        own = {
            "<int:pk>/workflow/": (self.step, "workflow"),
            "<int:pk>/preview/": (self.preview, "preview"),
            "<int:pk>/differences/": (self.differences, "differences"),
            "<int:pk>/versions/": (self.versions, "versions"),
            "<int:pk>/versions/<int:number>/": (self.version, "version"),
            "<int:pk>/versions/<int:number>/restore/": (self.restore, "restore"),
        }
        wrap = self.admin_site.admin_view
        return [
            *(path(route, wrap(view), name=f"exams_question_{name}") for route, (view, name) in own.items()),
            *super().get_urls(),
        ]

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Whether this person may publish and retire."""
        return request.user.has_perm("exams.publish_question")

    def _viewed(self, request: HttpRequest, pk: int) -> Question:
        if not self.has_view_permission(request):
            raise Http404
        found = Question.objects.select_related("exam", "domain", "task", "case", "current_version")
        return get_object_or_404(found, pk=pk)

    def workflow_context(self, request: HttpRequest, question: Question | None) -> dict[str, Any]:
        """What the page's column about the question's state needs."""
        if question is None or question.pk is None:
            return {}
        version = question.current_version
        refused = request.session.get(REFUSED_COMMENT)
        if refused and refused["question"] == question.pk:
            del request.session[REFUSED_COMMENT]
        return {
            "refused": refused if refused and refused["question"] == question.pk else None,
            "timeline": [
                (entry, [place(where) for where in entry.event.places[:6]] if entry.event else [])
                for entry in workflow.timeline(question)
            ],
            "is_edited": version is not None and version.checksum != question.checksum,
            "may_publish": self.has_publish_permission(request),
        }

    # ── steps

    def step(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One step, or a comment, or both: what was typed is said together with the step."""
        question = self._viewed(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request, question):
            raise PermissionDenied
        wanted, text = request.POST.get("step", "comment"), request.POST.get("text", "")
        try:
            if text.strip() or wanted == "comment":
                service.comment(question, text, by=request.user, now=timezone.now())
        except Problems as refused:  # said beside the box on the page that follows, and what was typed is in it
            said = " ".join(sentence(problem) for problem in refused.problems)
            request.session[REFUSED_COMMENT] = {"question": pk, "text": text, "says": said}
            return HttpResponseRedirect(reverse("admin:exams_question_change", args=[pk]) + "#say")
        try:
            self.take(request, question, wanted)
        except Problems as refused:
            messages.error(request, " ".join(sentence(problem) for problem in refused.problems))
        return HttpResponseRedirect(reverse("admin:exams_question_change", args=[pk]))

    def take(self, request: HttpRequest, question: Question, step: str, *, is_saved: bool = False) -> None:
        """Take one of the steps that this person may take; raises Problems. An unknown one is none."""
        by_name: dict[str, tuple[Callable[..., Any], Any]] = {
            "submit": (service.submit, SENT),
            "send_back": (service.send_back, SENT_BACK),
        }
        if self.has_publish_permission(request):
            by_name["retire"] = (service.retire, RETIRED)
            if step == "publish":
                self.publish(request, question, is_saved=is_saved)
        if step not in by_name:
            return
        act, told = by_name[step]
        act(question, by=request.user, now=timezone.now())
        messages.success(request, told % {"code": question.code})

    def take_after_saving(self, request: HttpRequest, question: Question, step: str) -> None:
        """The same, for a button of the form; what keeps it from being taken is said, and the edits stay."""
        try:
            self.take(request, question, step, is_saved=True)
        except Problems as refused:
            messages.error(request, " ".join(sentence(problem) for problem in refused.problems))

    def publish(self, request: HttpRequest, question: Question, *, is_saved: bool = False) -> None:
        """Publish, and say in messages what came of it; that the edits stay only where some were saved just now."""
        try:
            published = service.publish(question, by=request.user, now=timezone.now())
        except Problems as refused:
            messages.error(request, refusal(question, refused.problems, is_saved=is_saved))
        else:
            self.tell_published(request, question, published)
            self.tell_near(request, [question])

    def tell_published(self, request: HttpRequest, question: Question, published: Published) -> None:
        """Say in a message what publishing came to."""
        if published.is_new:
            text = gettext("“%(code)s” is published as version %(number)s. New attempts get it.")
        elif published.is_back:
            text = gettext("“%(code)s” is no longer retired. New attempts get version %(number)s again.")
        else:
            text = gettext("“%(code)s” has no changes since version %(number)s, which stays in force.")
        messages.success(request, text % {"code": question.code, "number": published.version.number})

    def tell_near(self, request: HttpRequest, published: list[Question]) -> None:
        """Say which others these are near-identical to."""
        colon = pgettext("between a place and a sentence", ": ")
        found = [(code, colon, sentence(finding)) for code, finding in near_pairs(one.pk for one in published)]
        lines = found[:MOST_PAIRS] + [("…", "", "")] * (len(found) > MOST_PAIRS)
        if lines:
            messages.warning(request, format_html("<ul>{}</ul>", format_html_join("", "<li>{}{}{}</li>", lines)))

    def restore(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """An older text is taken back, and published anew where this person may do that."""
        question = self._viewed(request, pk)
        version = get_object_or_404(question.versions, number=number)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request, question):
            raise PermissionDenied
        try:
            service.restore(question, version, by=request.user, now=timezone.now())
        except Problems as refused:
            messages.error(request, " ".join(sentence(problem) for problem in refused.problems))
        else:
            text = gettext("“%(code)s” says again what version %(number)s said.")
            messages.success(request, text % {"code": question.code, "number": number})
            if self.has_publish_permission(request):
                self.publish(request, question)
        return HttpResponseRedirect(reverse("admin:exams_question_change", args=[pk]))

    # ── preview and versions

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The working copy with its keys, and what keeps it from being published."""
        question = self._viewed(request, pk)
        content = bank.content_of(question)
        found = bank.publishing_problems(question, content)
        context = {
            "question": question,
            "sides": bank.preview(content, question.exam),
            "problems": [(place(problem.where), sentence(problem)) for problem in found],
            "is_working_copy": True,
        }
        return render(request, "exams/author/preview.html", context)

    def versions(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every version, newest first."""
        question = self._viewed(request, pk)
        context = {"question": question, "versions": question.versions.select_related("published_by")}
        return render(request, "exams/author/versions.html", context)

    def version(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """One version, as it is kept."""
        question = self._viewed(request, pk)
        row = get_object_or_404(question.versions.select_related("published_by"), number=number)
        content = bank.content_of_version(row)
        context = {
            "question": question,
            "sides": bank.preview(content, question.exam),
            "version": row,
            "is_in_force": row.pk == question.current_version_id and row.checksum == question.checksum,
            "may_restore": self.has_change_permission(request, question),
        }
        return render(request, "exams/author/preview.html", context)

    def differences(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The working copy, or one version, against the version in force or another, word by word."""
        question = self._viewed(request, pk)
        numbers = [request.GET.get(name, "") for name in ("old", "new")]
        known = [number for number in numbers if number.isdecimal() and len(number) < 6]
        rows = {row.number: row for row in question.versions.filter(number__in=known)}
        old, new = (rows.get(int(number)) if number in known else None for number in numbers)
        old = old or question.current_version
        if old is None or any(number and number not in known for number in numbers):
            raise Http404
        newer = bank.content_of_version(new) if new else bank.content_of(question)
        context = {
            "question": question,
            "old": old,
            "new": new,
            "differences": told(differences(bank.content_of_version(old), newer)),
        }
        return render(request, "exams/author/differences.html", context)


def told(found: list[Any]) -> list[dict[str, Any]]:
    """Differences with their places in words, and the language of each passage."""
    return [
        {"place": place(one.where), "pieces": one.pieces, "language": one.where.rpartition(".")[2]} for one in found
    ]


def refusal(question: Question, problems: list[Problem], *, is_saved: bool = False) -> str:
    """That a question was not published, and each reason with its place."""
    if is_saved:
        text = gettext("“%(code)s” is saved but was not published:")
    else:
        text = gettext("“%(code)s” was not published:")
    return reasons(text % {"code": question.code}, problems)


def reasons(text: str, problems: list[Problem]) -> str:
    """A sentence, and each reason for it with its place."""
    colon = pgettext("between a place and a sentence", ": ")
    found = [(place(one.where), colon if one.where else "", sentence(one)) for one in problems]
    return format_html("{}<ul>{}</ul>", text, format_html_join("", "<li>{}{}{}</li>", found))


def tell_waiting(request: HttpRequest, questions: list[Question]) -> None:
    """Say how many of the questions, given as they were read before a change, were published and are drafts now."""
    published = [question.pk for question in questions if question.status == Question.Status.PUBLISHED]
    number = Question.objects.filter(pk__in=published, status=Question.Status.DRAFT).count() if published else 0
    text = ngettext(
        "%(number)s published question now waits as a draft of its next version. What is in force stays until the "
        "draft is published.",
        "%(number)s published questions now wait as drafts of their next versions. What is in force stays until the "
        "drafts are published.",
        number,
    )
    if number:
        messages.warning(request, text % {"number": number})
