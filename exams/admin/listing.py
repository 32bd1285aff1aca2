"""The list of questions: search, filters, columns, and what is done to many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from exams.admin.checking import FindingsFilter
from exams.admin.workflow import refusal, tell_waiting
from exams.domain.problems import Problems
from exams.domain.statistics import Warn
from exams.formats.archives import zipped
from exams.forms.bank import offer_tasks
from exams.forms.problems import LANGUAGES, sentence
from exams.models import Exam, Question, Tag, Task
from exams.queries import bank, bank_list
from exams.services import bulk, exchange, workflow
from exams.templatetags.statistics import plain, signed

UNREAD = tuple(
    f"current_version__{name}" for name in ("content", "question_html", "review_html", "answer_key", "option_ids")
)


class LanguageFilter(admin.SimpleListFilter):
    """Which questions lack a language, or have one that is behind another."""

    title = _("state of the languages")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        codes = [code for code, _name in settings.LANGUAGES]
        missing = [(f"no-{code}", gettext("no text in %(language)s") % {"language": LANGUAGES[code]}) for code in codes]
        late = [
            (
                f"{code}-{other}",
                gettext("%(language)s older than %(other)s") % {"language": LANGUAGES[code], "other": LANGUAGES[other]},
            )
            for code in codes
            for other in codes
            if code != other
        ]
        return [*missing, *late]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Question]) -> QuerySet[Question]:
        first, _dash, second = (self.value() or "").partition("-")
        if second not in LANGUAGES:
            return queryset
        return bank_list.lacking(queryset, second) if first == "no" else bank_list.behind(queryset, first, second)


class FlagsFilter(admin.SimpleListFilter):
    """Which questions their statistics cast a doubt on."""

    title = _("statistics")
    parameter_name = "flags"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("suspect", _("the key may be wrong")), ("any", _("something to look at"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Question]) -> QuerySet[Question]:
        if self.value() == "suspect":
            return bank_list.flagged(queryset, only=Warn.SUSPECT_KEY)
        return bank_list.flagged(queryset) if self.value() == "any" else queryset


class OfExamFilter(admin.RelatedFieldListFilter):
    """What belongs to an exam: of the one that is chosen, or of all, each with its exam's code."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[int, str]]:
        path = "domain__exam" if field.related_model is Task else "exam"
        order = ("domain__order", "order") if field.related_model is Task else ()
        rows = field.related_model.objects.select_related(path).order_by(
            path, *(order or field.related_model._meta.ordering)
        )
        chosen = request.GET.get("exam__id__exact", "")
        if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19:
            return [(row.pk, str(row)) for row in rows.filter(**{f"{path}_id": int(chosen)})]
        codes = [(row.domain.exam if field.related_model is Task else row.exam).code.upper() for row in rows]
        is_one = len(set(codes)) < 2
        return [(row.pk, str(row) if is_one else f"{code} {row}") for code, row in zip(codes, rows, strict=True)]


class NarrowPaginator(Paginator):
    """Sorts ids only, and reads the rows of the one page that is shown."""

    def page(self, number: Any) -> Page:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        ids = list(self.object_list.values_list("pk", flat=True)[start : start + self.per_page + self.orphans])
        rows = Question.objects.select_related("exam", "domain", "current_version").defer(*UNREAD).in_bulk(ids)
        return self._get_page([rows[pk] for pk in ids], number, self)


class QuestionList(ChangeList):
    """The rows of a page carry their figures, read at once; of versions no texts are read."""

    def get_queryset(self, request: HttpRequest, **kwargs: Any) -> QuerySet[Question]:
        return super().get_queryset(request, **kwargs).defer(*UNREAD)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        found = bank_list.figures(rows)
        for row in rows:
            row.figures = found.get(row.pk, bank_list.Figures())
        self.result_list = rows


class TagForm(forms.Form):
    """Which tag."""

    tag = forms.ModelChoiceField(Tag.objects.none(), label=_("tag"), error_messages={"required": _("Choose a tag.")})

    def __init__(self, exam: Exam, *args: Any) -> None:
        super().__init__(*args)
        self.fields["tag"].queryset = exam.tags.all()


class MoveForm(forms.Form):
    """Where to: a task statement, which says its domain too."""

    task = forms.ModelChoiceField(
        Task.objects.none(), label=_("task statement"), error_messages={"required": _("Choose a task statement.")}
    )

    def __init__(self, exam: Exam, *args: Any) -> None:
        super().__init__(*args)
        offer_tasks(self.fields["task"], exam)


class ListingAdmin:
    """The list's page, on top of Django's."""

    list_display = (
        "code",
        "stem_start",
        "kind",
        "domain",
        "state",
        "used",
        "difficulty_found",
        "discrimination",
        "updated_at",
    )
    list_filter = (
        "exam",
        *((name, OfExamFilter) for name in ("domain", "task")),
        *("kind", "status", ("tags", OfExamFilter)),
        *(LanguageFilter, FindingsFilter, FlagsFilter),
    )
    list_select_related = ("exam", "domain", "current_version")
    ordering = ("exam_id", "code")  # as an index has them
    list_per_page = 50
    list_max_show_all = 0
    paginator = NarrowPaginator
    search_fields = ("code", "stem__ja", "stem__en")
    actions = (
        "submit_selected",
        "publish_selected",
        "retire_selected",
        "tag_selected",
        "move_selected",
        "export_selected",
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return QuestionList

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No deleting by the dozen: versions would stand in the way of some."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def response_action(self, request: HttpRequest, queryset: QuerySet[Question]) -> HttpResponse | None:
        """Without what is no question's number, on which Django would break."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        request.POST = request.POST.copy()
        known = [pk for pk in chosen if pk.isascii() and pk.isdecimal() and len(pk) < 19]
        request.POST.setlist(ACTION_CHECKBOX_NAME, known)
        return super().response_action(request, queryset)

    # ── columns

    @admin.display(description=_("stem"))
    def stem_start(self, obj: Question) -> str:
        return bank.stem_start(obj)

    @admin.display(description=_("state"), ordering="status")
    def state(self, obj: Question) -> str:
        return bank.state(obj)

    @admin.display(description=_("used"))
    def used(self, obj: Question) -> int:
        return obj.figures.used

    @admin.display(description=mark_safe("<var>p</var>"))
    def difficulty_found(self, obj: Question) -> str:
        """How many are right, or why nothing is said."""
        found = obj.figures.statistics
        if found is None:
            return "–"
        if found.is_hidden:
            return gettext("fewer than 5 people")
        if found.p is None:
            return gettext("%(n)s of %(needed)s") % {"n": found.attempts, "needed": found.needed}
        return _estimate(plain(found.p), found.p_interval, plain)

    @admin.display(description=mark_safe("<var>r_rest</var>"))
    def discrimination(self, obj: Question) -> str:
        found = obj.figures.statistics
        if found is None or found.r_rest is None:
            return "–"
        return _estimate(signed(found.r_rest), found.r_interval, signed)

    # ── actions

    @admin.action(description=_("Send to review"), permissions=["change"])
    def submit_selected(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        """Each on its own: one that is no draft does not hold up the others."""
        sent = 0
        for question in queryset:
            try:
                workflow.submit(question, by=request.user, now=timezone.now())
                sent += 1
            except Problems as refused:
                messages.error(request, f"{question.code}: {sentence(refused.problems[0])}")
        self._count(
            request,
            sent,
            ngettext("%(number)s question is in review now.", "%(number)s questions are in review now.", sent),
        )

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        """Each on its own: one that is refused does not hold up the others."""
        published = []
        for question, found in bulk.publish(queryset, by=request.user, now=timezone.now()):
            if isinstance(found, Problems):
                messages.error(request, refusal(question, found.problems))
            else:
                self.tell_published(request, question, found)
                published.append(question)
        self.tell_near(request, published)

    @admin.action(description=_("Retire"), permissions=["publish"])
    def retire_selected(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        """New attempts get them no more."""
        number = sum(workflow.retire(question, by=request.user, now=timezone.now()) for question in queryset)
        self._count(request, number, ngettext("%(number)s question retired.", "%(number)s questions retired.", number))

    @admin.action(description=_("Give a tag…"), permissions=["change"])
    def tag_selected(self, request: HttpRequest, queryset: QuerySet[Question]) -> HttpResponse | None:
        """Asks which one."""
        return self._ask(request, queryset, TagForm, "tag_selected", gettext("Give a tag"))

    @admin.action(description=_("Move to another domain or task…"), permissions=["change"])
    def move_selected(self, request: HttpRequest, queryset: QuerySet[Question]) -> HttpResponse | None:
        """Asks where to."""
        return self._ask(request, queryset, MoveForm, "move_selected", gettext("Move to another domain or task"))

    def _ask(
        self, request: HttpRequest, queryset: QuerySet[Question], form_class: Any, action: str, title: str
    ) -> HttpResponse | None:
        """A page that asks what else the action needs, and then does it."""
        questions = list(queryset.select_related("exam"))
        exam = self._one_exam(request, questions)
        if exam is None:
            return None
        form = form_class(exam, request.POST if "apply" in request.POST else None)
        if form.is_valid():
            number = self._apply(request, questions, form.cleaned_data)
            self._count(
                request, number, ngettext("%(number)s question changed.", "%(number)s questions changed.", number)
            )
            tell_waiting(request, questions)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "form": form,
            "questions": questions,
            "published": sum(question.status == Question.Status.PUBLISHED for question in questions),
            "action": action,
            "checkbox": ACTION_CHECKBOX_NAME,
            "opts": self.model._meta,
        }
        return render(request, "exams/author/bulk.html", context)

    def _apply(self, request: HttpRequest, questions: list[Question], wanted: dict[str, Any]) -> int:
        who: dict[str, Any] = {"by": request.user, "now": timezone.now()}
        if task := wanted.get("task"):
            return bulk.move(questions, task.domain, task, **who)
        return bulk.tag(questions, wanted["tag"], **who)

    @admin.action(description=_("Export as a pack"), permissions=["view"])
    def export_selected(self, request: HttpRequest, queryset: QuerySet[Question]) -> HttpResponse | None:
        """A ZIP that load_pack takes; working copies, so what is not in force is written as a draft."""
        exam = self._one_exam(request, list(queryset.select_related("exam")))
        if exam is None:
            return None
        try:
            files = exchange.dump_pack(exam, only=set(queryset.values_list("pk", flat=True)))
        except Problems as refused:
            messages.error(request, " ".join(sentence(problem) for problem in refused.problems))
            return None
        disposition = f'attachment; filename="{exam.code}.zip"'
        return HttpResponse(
            zipped(files, folder=exam.code),
            content_type="application/zip",
            headers={"Content-Disposition": disposition},
        )

    def _one_exam(self, request: HttpRequest, questions: list[Question]) -> Exam | None:
        exams = {question.exam for question in questions}
        if len(exams) != 1:
            messages.error(request, gettext("Choose questions of one exam only; the filter on the page helps."))
            return None
        return exams.pop()

    def _count(self, request: HttpRequest, number: int, text: str) -> None:
        (messages.success if number else messages.warning)(request, text % {"number": number})


def _estimate(value: str, interval: tuple[float, float] | None, words: Callable[[float], str]) -> str:
    """A figure with its 95 % interval."""
    if interval is None:
        return value
    low, high = map(words, interval)
    return gettext("%(value)s (%(low)s to %(high)s)") % {"value": value, "low": low, "high": high}
