"""Formulas, and the prices that look like them."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.rendering import render_block, render_inline
from exams.rendering.formulas import DEEPEST, LONGEST, formula


def block(text: str) -> str:
    return render_block(text, lang="en", media={})


def inline(text: str) -> str:
    return render_inline(text, lang="en", media={})


X = '<math display="inline"><mrow><mi>x</mi></mrow></math>'
BLOCK_X = '<div class="formula" tabindex="0"><math display="block"><mrow><mi>x</mi></mrow></math></div>\n'


@pytest.mark.parametrize(
    "text",
    [
        "costs $5 and $10",
        "$0.10 per GB, $0.20 per TB",
        "from $5-$10, or $5–$10",
        "from `$5`–`$10`",
        "($5) or ($10)",
        "$1,000/$2,000",
        "US$5, A$7 and US$ 9",
        "5$ or 6$",
        "5$a, 6$b",
        "a $b $ c",
        "$5 ($AWS)",
        "$HOME/$USER",
        "料金は$5または$10である",
        "月額$5〜$10、年額$50",
        "1時間$5(税抜$4.5)",
        "a $ b $ c",
        "$x",
        "$",
    ],
)
def test_prices_stay_text(text):
    assert inline(text) == text.replace("`$5`", "<code>$5</code>").replace("`$10`", "<code>$10</code>")


def test_an_escaped_dollar_sign_is_text():
    assert inline("\\$x$ and \\$y$") == "$x$ and $y$"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("is $x$ here", f"is {X} here"),
        ("重み$x$とする", f"重み{X}とする"),
        ("（$x$）", f"（{X}）"),
        ("the $x$th, $x$-means", f"the {X}th, {X}-means"),
        ("$x$ is 5", f"{X} is 5"),
        ("$x$ ends with \\", f"{X} ends with \\"),
        ("costs $5, where $x$ is", f"costs $5, where {X} is"),
        ("料金は$5で、$x$は", f"料金は$5で、{X}は"),
        ("月額$5と$x$", f"月額$5と{X}"),
        ("**$x$**", f"<strong>{X}</strong>"),
    ],
)
def test_a_formula_in_a_line_becomes_mathml(text, html):
    assert inline(text) == html


@pytest.mark.parametrize(
    "text", ["10$^{-3}$", "R$^2$", "$0.9$", "$5 \\times 3$", "$再現率 = \\frac{a}{b}$", "$2^個$", "$\\$5$"]
)
def test_a_formula_may_have_figures_and_japanese_in_it(text):
    assert inline(text).count("<math") == 1
    assert "tex-source" not in inline(text)


@pytest.mark.parametrize("text", ["$$x$$", "$$ x $$", "$$\nx\n$$"])
def test_a_formula_on_its_own_line_becomes_a_block_that_keys_reach(text):
    assert block(text) == BLOCK_X


def test_a_formula_on_its_own_line_ends_the_paragraph_above_it():
    assert block("次の式\n$$x$$\nである") == f"<p>次の式</p>\n{BLOCK_X}<p>である</p>\n"
    assert block("- a\n  $$x$$\n- b").count("<div") == 1


@pytest.mark.parametrize("text", ["a $$x$$ b", "a $$x$ b", "$$\nx", "$$\nx\n\ny\n$$"])
def test_dollar_signs_that_are_no_block_stay_as_typed(text):
    assert "<math" not in block(text)
    assert "$$" in block(text)


def test_columns_of_equations_are_aligned_under_either_name():
    html = inline("$\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}$")
    assert html.count("<mtr>") == 2
    assert html == inline("$\\begin{split} a &= b \\\\ c &= d \\end{split}$")


def test_upright_names_stay_upright():
    assert '<mi mathvariant="normal">T</mi>' in inline("$\\mathrm{TP}$")


MALFORMED = [
    "\\frac{",
    "x^",
    "\\left( x",
    "x & y",
    "a \\\\ b",
    "\\nosuchcommand{x}",
    "\\",
    "\\newcommand{\\a}{x}\\a",
    "\\def\\a{x}\\a",
    "x" * (LONGEST + 1),
    "{" * 1900,
    "\\sqrt" * 400,
    "\\left(" * 300,
    "\\begin{pmatrix}" * 100,
]


@pytest.mark.parametrize("source", MALFORMED)
def test_a_formula_that_cannot_be_read_is_shown_as_typed(source):
    shown = f'<code class="tex-source">{source.replace("&", "&amp;")}</code>'
    assert formula(source, is_block=False) == shown
    assert formula(f"\n{source}\n", is_block=True) == f"<p>{shown}</p>\n"


def test_a_formula_that_cannot_be_read_does_not_disturb_the_text_around_it():
    assert inline("a $\\frac{$ b") == 'a <code class="tex-source">\\frac{</code> b'
    assert block("a\n\n$$\\frac{$$\n\nb") == '<p>a</p>\n<p><code class="tex-source">\\frac{</code></p>\n<p>b</p>\n'


def test_how_deep_a_formula_may_be_does_not_depend_on_who_asks():
    def nested(levels: int) -> str:
        return formula("{" * levels + "x" + "}" * levels, is_block=False)

    def below(frames: int, levels: int) -> str:
        return below(frames - 1, levels) if frames else nested(levels)

    room = sys.getrecursionlimit() // 3
    fits, too_deep = DEEPEST - 3, DEEPEST - 2
    assert "<math" in nested(fits)
    assert "tex-source" in nested(too_deep)
    assert below(room, fits) == nested(fits)
    assert [nested(levels) for levels in (150, 600)] == [below(room, levels) for levels in (150, 600)]


COMMANDS = [
    "\\frac",
    "\\sqrt",
    "\\left",
    "\\right",
    "\\text",
    "\\begin{matrix}",
    "\\end{matrix}",
    "\\hat",
    "\\sum",
    "\\\\",
]


@given(st.lists(st.sampled_from([*COMMANDS, *"{}()^_&x2<> '表"])).map("".join), st.booleans())
def test_no_formula_raises(source, is_block):
    assert formula(source, is_block=is_block).startswith(("<math", "<code", "<div", "<p"))
