"""What a text is told of before it is kept: each mistake, and what only looks like one."""

from __future__ import annotations

import pytest

from exams.domain.bank import LONGEST_TEXT
from exams.rendering import text_problems

PICTURES = {"media/a.svg", "media/図.svg"}


def codes(text):
    return [problem.code for problem in text_problems(text, pictures=PICTURES)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<script>alert(1)</script>", "html_shown"),
        ("これは<b>太字</b>です", "html_shown"),
        ("an <img src=x onerror=alert(1)> in it", "html_shown"),
        ("- a list with <br> in it", "html_shown"),
        ("[read](javascript:alert(1))", "link_refused"),
        ("[read](/admin/)", "link_refused"),
        ("$\\frac$ is broken", "formula_unreadable"),
        ("$$\n\\begin{nothing}\n$$", "formula_unreadable"),
        ("$$\na + b", "formula_open"),
        ("```python\nx = 1", "code_open"),
        ("```", "code_open"),
        ("```\nx\n``` y", "code_open"),
        ("![a curve](media/b.svg)", "picture_unknown"),
        ("![a curve](https://elsewhere.example/b.png)", "picture_unknown"),
        ("![](media/a.svg)", "picture_without_words"),
        ("a\0b", "control_character"),
        ("あ" * (LONGEST_TEXT + 1), "text_too_long"),
    ],
)
def test_a_mistake_is_told(text, code):
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "`<script>` is an element, and a < b > c.",
        "```html\n<b>bold</b>\n```",
        "List<int> holds $5 or $10.",
        "[the guide](https://docs.example.org/a)",
        "$\\frac{a}{b}$ and 精度は$p$である。",
        "$$\n\\frac{a}{b}\n$$",
        "![a curve](media/a.svg) ![曲線](media/図.svg)",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "    indented code <b>",
        "<topic> is a placeholder",
        "Training stops when a<b holds, and at 0<p<1; when a<b and c>d it goes on.",
        "> ```python\n> x = 1\n> ```",
    ],
)
def test_what_only_looks_like_one_is_not(text):
    assert codes(text) == []


def test_the_same_mistake_is_told_once_and_a_long_one_in_short():
    problems = text_problems("<b>a</b> <b>\n\n<b>", pictures=())
    assert [(problem.code, problem.params["found"]) for problem in problems] == [("html_shown", "<b>")]
    (long,) = text_problems(f"<a href={'x' * 99}>", pictures=())
    assert long.params["found"] == f"<a href={'x' * 52}…"
