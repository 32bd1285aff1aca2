"""What of a cohort's results is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from exams.queries.cohort_tables import SHOWS, SORTS, Choice

COLUMN = re.compile(r"[dt][0-9]{1,18}")


def page_number(asked: Mapping[str, str]) -> int:
    """The page that is asked for, from 1; 1 for anything that is no number."""
    text = asked.get("page", "")
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1


def table_choice(asked: Mapping[str, str]) -> Choice:
    """From the query of an address, such as ``sort=-latest&show=risk&by=task&page=2``. What makes no sense is left
    out, so that an old bookmark still opens."""
    sort = asked.get("sort", "")
    name = sort.removeprefix("-")
    show = asked.get("show", "")
    is_known = name in SORTS or COLUMN.fullmatch(name)
    return Choice(
        sort=name if is_known else "name",
        is_reversed=bool(is_known) and sort.startswith("-"),
        show=show if show in SHOWS else "",
        by="task" if asked.get("by") == "task" else "domain",
        page=page_number(asked),
    )
