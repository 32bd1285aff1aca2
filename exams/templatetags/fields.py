"""Form controls in our clothes."""

from __future__ import annotations

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()

BARE = {"checkbox", "radioselect", "checkboxselectmultiple", "hidden"}


@register.simple_tag
def control(field: BoundField, **attributes: str) -> SafeString:
    """The control of a field; its label, hint and error stand around it in ``_field.html``.

    No placeholder: it would repeat the label, in a colour that is hard to read, and vanish when one types. After a
    mistake the first field that is wrong has the focus, so that a screen reader reads its error.
    """
    attrs: dict[str, object] = {name.replace("_", "-"): value for name, value in attributes.items() if value}
    attrs["placeholder"] = False
    if field.widget_type not in BARE:
        attrs["class"] = "input"
    if field.errors and next(iter(field.form.errors)) == field.name:
        attrs["autofocus"] = True
    return field.as_widget(attrs=attrs)
