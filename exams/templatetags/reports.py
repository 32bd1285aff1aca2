"""Reports beside the question that they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import template

from exams.queries.reports import OwnReport

register = template.Library()


@register.filter
def of_question(reports: Mapping[int, Sequence[OwnReport]], position: int) -> Sequence[OwnReport]:
    """One's own reports of the question at a position."""
    return reports.get(position, ())
