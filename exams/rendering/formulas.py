"""LaTeX mathematics to MathML."""

from __future__ import annotations

from html import escape

from latex2mathml.converter import convert

LONGEST = 2000  # characters; the converter recurses, and no formula of a question is longer


def formula(source: str, *, is_block: bool) -> str:
    """MathML of a formula; where it cannot be read, the source itself, so that the author sees what is wrong."""
    try:
        if len(source) > LONGEST:
            raise ValueError("too long")
        mathml = convert(source, display="block" if is_block else "inline")
    except Exception:  # the converter raises whatever its parser stumbles over
        return f'<code class="tex-source">{escape(source.strip())}</code>'
    return f'<div class="formula" tabindex="0">{mathml}</div>' if is_block else mathml
