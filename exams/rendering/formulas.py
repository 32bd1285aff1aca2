"""LaTeX mathematics to MathML."""

from __future__ import annotations

import re
from html import escape, unescape
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import Converter

LONGEST = 2000  # characters; no formula of a question is longer
DEEPEST = 40  # elements in each other
_DEFINITIONS = (r"\newcommand", r"\newenvironment", r"\def", r"\DeclareMathOperator")


class _Unreadable(ValueError):
    """The converter made something of the source, but not what its author meant."""


def formula(source: str, *, is_block: bool) -> str:
    """MathML of a formula; where it cannot be read, the source itself, so that the author sees what is wrong."""
    try:
        mathml = _mathml(source, "block" if is_block else "inline")
    except Exception:  # the converter raises whatever its parser stumbles over, RecursionError included
        shown = f'<code class="tex-source">{escape(source.strip())}</code>'
        return f"<p>{shown}</p>\n" if is_block else shown
    return f'<div class="formula" tabindex="0">{mathml}</div>\n' if is_block else mathml


def formula_words(source: str) -> str:
    """A formula's characters in one line, for titles ("w_{t}^2" gives "wt2"); its source where it cannot be read."""
    try:
        return "".join(_tree(source, "inline").itertext())
    except Exception:  # as above
        return source


def _mathml(source: str, display: str) -> str:
    return tostring(_tree(source, display), encoding="unicode", short_empty_elements=False)


def _tree(source: str, display: str) -> Element:
    if len(source) > LONGEST or any(name in source for name in _DEFINITIONS):
        raise _Unreadable  # a few definitions of one another would grow to any size
    # The converter knows split, but not the commoner name for the same.
    root: Element = Converter(display=display).convert_to_element(
        re.sub(r"(\\(?:begin|end)){aligned}", r"\1{split}", source)
    )
    _check(root, DEEPEST)
    for element in root.iter():
        element.text = unescape(element.text or "")  # it writes characters as references, and escapes nothing
    return root


def _check(element: Element, levels: int) -> None:
    """Raise where the converter passed on what it does not know: a command, a column mark or line end outside a table.

    The bound on depth is ours, because where Python's own stack ends depends on the caller.
    """
    text = element.text or ""
    is_left_over = element.tag == "mi" and (text == "&" or re.match(r"\\[A-Za-z]|\\$", text))
    if levels == 0 or is_left_over or "linebreak" in element.attrib:
        raise _Unreadable
    for child in element:
        _check(child, levels - 1)
