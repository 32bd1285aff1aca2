"""Icons and the mark, drawn in the page so that they take the colour of the words beside them."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

ICONS = {
    "alert": '<path d="M10 3 2.5 16.5h15L10 3ZM10 8v4M10 14.3v.1"/>',
    "calculator": '<rect x="4.5" y="2.5" width="11" height="15" rx="1.5"/><path d="M7.5 6h5M7.5 10h.1M10 10h.1'
    'M12.5 10h.1M7.5 13.5h.1M10 13.5h.1M12.5 13.5h.1"/>',
    "check": '<path d="m4 10.5 4 4 8-9"/>',
    "clock": '<circle cx="10" cy="10" r="7.25"/><path d="M10 5.75V10l3 1.75"/>',
    "cross": '<path d="m5 5 10 10M15 5 5 15"/>',
    "display": '<circle cx="10" cy="10" r="7"/><path d="M10 3a7 7 0 0 1 0 14Z" class="ico--solid"/>',
    "down": '<path d="m4.5 7.5 5.5 5.5 5.5-5.5"/>',
    "eye": '<path d="M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5Z"/><circle cx="10" cy="10" r="2.2"/>',
    "flag": '<path d="M5 17V3.5h9.5l-2 3.25 2 3.25H5"/>',
    "info": '<circle cx="10" cy="10" r="7.25"/><path d="M10 9v5M10 6.2v.1"/>',
    "keys": '<rect x="2.5" y="5" width="15" height="10" rx="1.5"/><path d="M5.5 8h.1M8.5 8h.1M11.5 8h.1M14.5 8h.1'
    'M6.5 12h7"/>',
    "language": '<path d="M3 5h8M7 3v2c0 3.5-1.8 6-4 7.5M4.5 8c1 2.3 3 3.8 5.5 4.5"/>'
    '<path d="m10.5 17 3.25-8 3.25 8M11.6 14.3h4.3"/>',
    "left": '<path d="M12.5 4.5 7 10l5.5 5.5"/>',
    "marker": '<path d="m12.5 3.5 4 4-7 7H6v-3.5ZM3.5 17.5h13"/>',
    "minus": '<path d="M5 10h10"/>',
    "note": '<path d="M4 3.5h12v9l-4 4H4Z"/><path d="M12 16.5v-4h4M7 7.5h6M7 10.500h4"/>',
    "offline": '<path d="M5.5 15h8.8a3 3 0 0 0 .6-5.9A4.8 4.8 0 0 0 7 6.2M5 8.6A3.2 3.2 0 0 0 5.5 15M3 3l14 14"/>',
    "ovals": '<ellipse cx="4.5" cy="10" rx="2" ry="4"/><ellipse cx="10" cy="10" rx="2" ry="4"/>'
    '<ellipse cx="15.5" cy="10" rx="2" ry="4"/>',
    "person": '<circle cx="10" cy="7" r="3.2"/><path d="M3.8 17c.6-3.3 3-5 6.2-5s5.6 1.7 6.2 5"/>',
    "right": '<path d="m7.5 4.5 5.5 5.5-5.5 5.5"/>',
    "ring": '<circle cx="10" cy="10" r="6.5"/>',
    "saving": '<path d="M16.5 10A6.5 6.5 0 1 1 13 4.25"/>',
    "strike": '<path d="M3 10h14"/><path d="M13.5 6.2C13 5 11.7 4.3 10 4.3c-2 0-3.5 1-3.5 2.6 0 .6.2 1.1.6 1.6'
    'M6.3 13.4c.5 1.4 1.9 2.3 3.8 2.3 2.1 0 3.6-1 3.6-2.7"/>',
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small drawing without meaning of its own: a word always stands beside it. Raises KeyError for an unknown
    name."""
    return format_html(
        '<svg class="ico" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(ICONS[name]),  # noqa: S308 - ours, from the table above
    )


@register.simple_tag
def right_icon(language: str) -> SafeString:
    """Right is a ring in Japanese, where a tick can mean wrong, and a tick elsewhere. Raises ValueError for no
    language: a template that lost it would show the tick to everybody."""
    if not language:
        raise ValueError("right_icon needs the language of the page")
    return icon("ring" if language.startswith("ja") else "check")
