"""Texts as they come out in a page."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.rendering import plain_text, render_block, render_inline
from exams.rendering.cleaning import clean

MEDIA = {"media/roc.svg": "/media/aa.svg"}


def block(text: str, lang: str = "en") -> str:
    return render_block(text, lang=lang, media=MEDIA).strip()


def inline(text: str) -> str:
    return render_inline(text, lang="en", media=MEDIA)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("the *LEAST* effort", 'the <em class="key-word">LEAST</em> effort'),
        ("次のうち*最も*適した方法", '次のうち<em class="key-word">最も</em>適した方法'),
        ("**「重要」**です。", "<strong>「重要」</strong>です。"),
        ("これは**重要。**次に", "これは<strong>重要。</strong>次に"),
        ("a * b * c", "a * b * c"),
        ("値は * である", "値は * である"),
        ("snake_case_name", "snake_case_name"),
        ("`*code*`", "<code>*code*</code>"),
    ],
)
def test_emphasis_marks_a_word_in_both_languages(text, html):
    assert inline(text) == html


@pytest.mark.parametrize(
    "text",
    ["costs $5 and $10", "$0.10 per GB, $0.20 per TB", "from $5-$10", "料金は$5または$10である", "US$ 5 and US$ 7"],
)
def test_prices_stay_text(text):
    assert inline(text) == text


def test_a_formula_in_a_line_becomes_mathml():
    assert inline("is $x_i^2$ here").startswith('is <math display="inline">')


def test_a_formula_next_to_japanese_becomes_mathml():
    assert "<math" in inline("重みを$w$とする")


def test_a_formula_on_its_own_line_becomes_a_block_that_keys_reach():
    html = block("$$\n\\frac{TP}{TP+FP}\n$$")
    assert html.startswith('<div class="formula" tabindex="0"><math display="block"><mrow><mfrac>')


@pytest.mark.parametrize("source", ["\\frac{", "\\left(", "x" * 2001, "\\begin{pmatrix}" * 100, "{" * 1900])
def test_a_formula_that_cannot_be_read_is_shown_as_typed(source):
    assert f'<code class="tex-source">{source[:5]}' in inline(f"${source}$") or "<math" in inline(f"${source}$")


def test_a_malformed_formula_shows_its_source():
    assert inline("$\\frac{$") == '<code class="tex-source">\\frac{</code>'


def test_a_table_has_headed_columns_right_aligned_figures_and_a_name_in_the_language():
    html = block("|a|b|\n|-|-:|\n|1|2|", "ja")
    assert '<div class="scroll" tabindex="0" role="group" aria-label="表"><table class="table">' in html
    assert '<th scope="col">a</th>\n<th scope="col" class="n">b</th>' in html
    assert '<td>1</td>\n<td class="n">2</td>' in html


def test_code_is_coloured_by_classes():
    html = block("```python\nx = 1\n```")
    assert html == (
        '<pre class="code" tabindex="0"><code><span class="n">x</span> <span class="o">=</span> '
        '<span class="mi">1</span></code></pre>'
    )


@pytest.mark.parametrize("text", ["```\na < b\n```", "```no-such-language\na < b\n```", "    a < b"])
def test_code_of_no_known_language_is_shown_as_it_is(text):
    assert block(text) == '<pre class="code" tabindex="0"><code>a &lt; b</code></pre>'


def test_a_picture_of_the_pack_is_shown_with_its_words():
    assert inline("![A *curve*](media/roc.svg)") == '<img src="/media/aa.svg" alt="A curve" decoding="async">'


@pytest.mark.parametrize("address", ["https://example.org/x.png", "media/none.svg", "data:image/png;base64,AA"])
def test_any_other_picture_is_only_its_words(address):
    assert "<img" not in inline(f"![A curve]({address})")


def test_a_link_leads_away_safely():
    assert inline("[x](https://example.org/?a=1&b=2)") == (
        '<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">x</a>'
    )
    assert "href" not in inline("[x](/admin/)")


def test_a_heading_is_a_strong_line():
    assert block("# Scenario") == "<p><strong>Scenario</strong></p>"


def test_a_line_break_is_a_space_but_nothing_between_japanese_characters():
    assert block("one\ntwo") == "<p>one\ntwo</p>"
    assert block("東京\n大阪", "ja") == "<p>東京大阪</p>"
    assert block("東京\nS3", "ja") == "<p>東京\nS3</p>"
    assert block("`a`\n*b*") == '<p><code>a</code>\n<em class="key-word">b</em></p>'


def test_an_option_is_inline_unless_it_needs_blocks():
    assert inline("Use S3.") == "Use S3."
    assert inline("One.\n\nTwo.") == "<p>One.</p>\n<p>Two.</p>"
    assert inline("").strip() == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A *MOST* `code` **b**\n\nnext", "A MOST code b next"),
        ("| a | b |\n|--|--|\n| 1 | 2 |", "a b 1 2"),
        ("![A *curve*](media/roc.svg) of $x$", "A curve of x"),
        ("one\\\ntwo", "one two"),
        ("```\ncode\n```", "code"),
    ],
)
def test_plain_text_is_the_words_in_one_line(text, words):
    assert plain_text(text) == words


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](javascript:alert(1))",
    '<a href="x" hx-get="/y" style="color:red">x</a>',
    "$\\text{<script>alert(1)</script>}$",
    "$\\href{javascript:alert(1)}{x}$",
    "```<script>\nx\n```",
    "<math><annotation-xml encoding='text/html'><img src=x onerror=alert(1)></annotation-xml></math>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "[x]: javascript:alert(1)\n[x]",
    "a\0b",
    "<!-- <img src=x onerror=alert(1)> -->",
    '[x](https://a.example/"onmouseover="alert(1))',
]
UNSAFE = re.compile(
    r"<(script|style|svg|iframe|annotation)|<[^>]*\s(on\w+|style|hx-[\w-]+|id)\s*=|href=.?(javascript|data)", re.I
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_comes_through(text):
    for html in (block(text), inline(text)):
        assert not UNSAFE.search(html)


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>ok",
        '<p style="x" id="y" onclick="z" class="w">ok</p>',
        '<span class="k evil">ok</span>',
        '<img src="//evil.example/x.png">ok',
        '<math><maction actiontype="toggle"><mi href="javascript:x">ok</mi></maction></math>',
    ],
)
def test_the_last_step_takes_out_what_is_not_listed(html):
    cleaned = clean(html)
    assert "ok" in cleaned
    assert not re.search(r"script|evil|style|onclick|id=|maction|href", cleaned)


@given(st.text(alphabet=st.sampled_from("ab *_`$|-#[]()<>!\"'&\\{}^\n表「。")) | st.sampled_from(HOSTILE))
def test_whatever_goes_in_what_comes_out_is_already_clean(text):
    html = block(text)
    assert clean(html).strip() == html
    assert not UNSAFE.search(html)
    plain_text(text)
