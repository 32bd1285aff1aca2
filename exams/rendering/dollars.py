"""Where a formula begins and ends, and where a dollar sign is only a price."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_block_dollar

from exams.rendering.emphasis import is_wide

# No space inside the dollar signs ("$5 and $10"), no digit after them ("$5-$10"), no second dollar sign beside them.
_FORMULA = re.compile(r"\$(?![\s$])((?:\\.|[^\\$])+)(?<!\s)\$(?![\d$])", re.DOTALL)
_INSIDE = re.compile(r"\d\$[^\\^_]|\$\$")  # "5$ or 6$" and "$$x$$" within a line, but not "10$^{-3}$"
_UNFINISHED = re.compile(r"[(/,、–-]\$[A-Za-z]")  # "$5 ($AWS)", "$HOME/$USER": the second opens, it does not close
_SUM = re.compile(r"\d[^\\=^_{}]*")  # an amount and what else has no sign of mathematics
_WORD = re.compile(r"\s[a-z]{2,}\s")
_block_rule = math_block_dollar(allow_labels=False, allow_blank_lines=False)


def add_formulas(markdown: MarkdownIt) -> None:
    """Teach the parser formulas: ``$…$`` in a line, and ``$$…$$`` on a line of its own, also right below other text."""
    markdown.use(dollarmath_plugin, allow_labels=False)
    markdown.inline.ruler.at("math_inline", _inline)
    markdown.block.ruler.at("math_block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]})


def _inline(state: StateInline, silent: bool) -> bool:
    """In place of the plugin's own rule, which at the start of a text looks at its last character for a price."""
    match = _FORMULA.match(state.src, state.pos, state.posMax)
    if not match or (state.pos and _INSIDE.match(state.src, state.pos - 1)):
        return False
    content = match[1]
    # "料金は$5で、$x$は", "A$7 and US$ 9": an amount and words
    is_price = _SUM.fullmatch(content) and (_WORD.search(content) or any(is_wide(char) for char in content))
    if is_price or _UNFINISHED.match(state.src, match.end() - 2):
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content = content
        token.markup = "$"
    state.pos = match.end()
    return True


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The plugin's rule, which leaves its token behind also when it is only asked whether a formula starts here."""
    line, count = state.line, len(state.tokens)
    found = _block_rule(state, start, end, silent)
    if found and silent:
        state.line = line
        del state.tokens[count:]
    return found
