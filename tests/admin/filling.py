"""What a browser would send of a form of the admin that nobody has touched."""

from __future__ import annotations

from typing import Any


def filled(page: Any) -> dict[str, Any]:
    """Every field of the question's form and its rows, by name."""
    data: dict[str, Any] = {}
    formsets = [inline.formset for inline in page.context["inline_admin_formsets"]]
    for form in (page.context["adminform"].form, *(form for formset in formsets for form in formset.forms)):
        for field in form:
            value = field.value()
            if isinstance(value, dict):
                data |= {f"{field.html_name}__{language}": words for language, words in value.items()}
            elif value not in (None, False, []):
                data[field.html_name] = value if value is not True else "on"
    for formset in formsets:
        data |= {field.html_name: field.value() for field in formset.management_form}
    return data
