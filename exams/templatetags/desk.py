"""Parts of the author's desk."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from exams.models import Question
from exams.queries import bank, workflow

register = template.Library()


@register.filter
def state(question: Question) -> str:
    """In which state a question is, with the version in force."""
    return bank.state(question)


@register.filter
def stem_start(question: Question) -> str:
    """The first words of its stem."""
    return bank.stem_start(question)


@register.inclusion_tag("exams/author/_home.html", takes_context=True)
def desk_home(context: Context) -> dict[str, Any]:
    """What waits for whoever is here; nothing for those who may not see questions."""
    user = context["request"].user
    return {
        "desk": workflow.desk(user) if user.has_perm("exams.view_question") else None,
        "perms": context["perms"],
        "user": user,
    }
