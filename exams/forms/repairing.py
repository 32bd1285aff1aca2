"""One page for all who repair a key: what was sent, what it would do, and the sentence that refuses it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import ngettext

from exams.domain.problems import Problems
from exams.forms.problems import sentence
from exams.forms.rescoring import ReasonForm, RepairForm
from exams.models import Assignment, Rescore, User
from exams.queries.rescoring import Preview, Shown
from exams.services import rescoring


class Repairing:
    """A form for a repair (or an undo), its ``preview`` once it is valid, and ``done`` once it was confirmed."""

    preview: Preview | None = None
    done: Rescore | None = None

    def __init__(self, data: QueryDict | None, *, by: User, now: datetime) -> None:
        self.data, self.by, self.now = data, by, now
        self.form: Any = None

    def repair(self, page: Shown, assignment: Assignment | None) -> None:
        """Take in what was sent about a version."""
        self.form = RepairForm(self.data, page.sources)
        if self.data is None or not self.form.is_valid():
            return
        policy, source = self.form.values()
        where: dict[str, Any] = {"source": source, "assignment": assignment, "by": self.by, "now": self.now}
        try:
            if "confirm" in self.data:
                reason = self.form.cleaned_data["reason"]
                self.done = rescoring.rescore(page.version, policy, reason=reason, **where)
            else:
                self.preview = rescoring.preview(page.version, policy, **where)
        except Problems as refused:
            self._refuse(refused)

    def undo(self, rescore: Rescore) -> None:
        """Take in what was sent about taking a repair back; its preview is shown from the start."""
        self.form = ReasonForm(self.data)
        try:
            if self.data is not None and self.form.is_valid():
                reason = self.form.cleaned_data["reason"]
                self.done = rescoring.undo(rescore, reason=reason, by=self.by, now=self.now)
        except Problems as refused:
            self._refuse(refused)
        if self.done is None:
            self.preview = rescoring.preview_undo(rescore, by=self.by, now=self.now)

    def _refuse(self, refused: Problems) -> None:
        for problem in refused.problems:
            self.form.add_error(problem.where if problem.where in self.form.fields else None, sentence(problem))

    @property
    def status(self) -> int:
        """Of the page that answers."""
        return 422 if self.form.errors else 200


def told(changed: int) -> str:
    """What is said after a repair."""
    text = ngettext(
        "Done. %(number)s result has changed; its candidate is told.",
        "Done. %(number)s results have changed; their candidates are told.",
        changed,
    )
    return text % {"number": changed}
