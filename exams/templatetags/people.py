"""People on pages that have no view of ours."""

from __future__ import annotations

from django import template
from django.urls import Resolver404, resolve

from exams.models import User
from exams.queries import people

register = template.Library()


@register.filter
def person_mark(user: User) -> str:
    """The mark by which this browser tells whose an exam's copy is."""
    return people.mark(user)


@register.simple_tag
def demo_people() -> list[people.DemoPerson]:
    """For the sign-in page: whom one may sign in as to try the site; nobody outside of local mode."""
    return people.demo_people()


@register.simple_tag
def joins(path: str | None) -> bool:
    """Whether signing in leads on to joining a cohort."""
    try:
        return resolve(path or "/").url_name == "join"
    except Resolver404:
        return False
