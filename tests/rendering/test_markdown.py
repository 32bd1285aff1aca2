"""Texts as they come out in a page."""

from __future__ import annotations

import pytest

from exams.rendering import RENDERER_VERSION, plain_text, render_block, render_inline

MEDIA = {"media/roc.svg": "/media/aa.svg", "media/図 1.svg": "/media/bb.svg", "media/far.svg": "https://cdn.example/x"}


def block(text: str, lang: str = "en") -> str:
    return render_block(text, lang=lang, media=MEDIA).strip()


def inline(text: str) -> str:
    return render_inline(text, lang="en", media=MEDIA)


def test_stored_html_names_the_renderer_that_made_it():
    assert RENDERER_VERSION == 1


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("the *LEAST* effort", 'the <em class="key-word">LEAST</em> effort'),
        ("**bold** text", "<strong>bold</strong> text"),
        ("次のうち*最も*適した方法", '次のうち<em class="key-word">最も</em>適した方法'),
        ("「*最も*」", '「<em class="key-word">最も</em>」'),
        ("*2つ*と*3つ*", '<em class="key-word">2つ</em>と<em class="key-word">3つ</em>'),
        ("ｱ**｢b｣**ｱ", "ｱ<strong>｢b｣</strong>ｱ"),
        ("**「重要」**です。", "<strong>「重要」</strong>です。"),
        ("これは**重要。**次に", "これは<strong>重要。</strong>次に"),
        ("これは**“S3”**です", "これは<strong>“S3”</strong>です"),
        ("S3**（標準）**S3", "S3<strong>（標準）</strong>S3"),
        ("**A**、**B**", "<strong>A</strong>、<strong>B</strong>"),
        ("**最も*適した*方法**", '<strong>最も<em class="key-word">適した</em>方法</strong>'),
        ("これは**.gitignore**です", "これは<strong>.gitignore</strong>です"),
    ],
)
def test_emphasis_marks_a_word_in_both_languages(text, html):
    assert inline(text) == html


@pytest.mark.parametrize(
    "text",
    ["a * b * c", "値は * である", "精度*再現率", "snake_case_name", "ファイル*.csvと*.json", "S3の**　標準　**です"],
)
def test_stars_and_underscores_that_mark_nothing_stay_text(text):
    assert inline(text) == text


def test_stars_in_code_stay_stars():
    assert inline("`*code*`の*LEAST*") == '<code>*code*</code>の<em class="key-word">LEAST</em>'


@pytest.mark.parametrize(("lang", "name"), [("en", "Table"), ("ja", "表"), ("ja-JP", "表"), ("fr", "Table")])
def test_a_table_has_a_name_in_the_language_of_the_text(lang, name):
    assert block("|a|\n|-|\n|1|", lang).startswith(
        f'<div class="scroll" tabindex="0" role="group" aria-label="{name}"><table class="table">'
    )


def test_a_table_has_headed_columns_and_right_aligned_figures():
    html = block("|a|b|\n|:-|-:|\n|1|2|")
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


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("![A *curve* of $x$](media/roc.svg)", '<img src="/media/aa.svg" alt="A curve of x" decoding="async">'),
        ("![図](<media/図 1.svg>)", '<img src="/media/bb.svg" alt="図" decoding="async">'),
        ("![](media/roc.svg 'title')", '<img src="/media/aa.svg" alt="" decoding="async">'),
    ],
)
def test_a_picture_of_the_pack_is_shown_with_its_words(text, html):
    assert inline(text) == html


@pytest.mark.parametrize(
    "address", ["https://example.org/x.png", "//a.example/x.png", "media/none.svg", "/media/aa.svg", "media/far.svg"]
)
def test_any_other_picture_is_only_its_words(address):
    assert inline(f"![A 'curve']({address})") == "<span class=\"missing-picture\">A 'curve'</span>"


@pytest.mark.parametrize("address", ["https://example.org/?a=1&amp;b=2", "HTTP://example.org/"])
def test_a_link_leads_away_safely(address):
    assert inline(f"[x]({address} 'title')") == f'<a href="{address}" rel="noopener noreferrer">x</a>'


@pytest.mark.parametrize("text", ["[x](/admin/)", "[x](#top)", "[x](ftp://a.example/)", "[x](mailto:a@a.example)"])
def test_a_link_that_may_not_lead_there_is_only_its_words(text):
    assert inline(f"{text} [y](https://a.example)") == 'x <a href="https://a.example" rel="noopener noreferrer">y</a>'


@pytest.mark.parametrize("text", ["# 場面", "###### 場面", "場面\n==="])
def test_a_heading_is_a_strong_line(text):
    assert block(text, "ja") == "<p><strong>場面</strong></p>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one\ntwo", "<p>one\ntwo</p>"),
        ("東京\n大阪", "<p>東京大阪</p>"),
        ("**東京**\n大阪", "<p><strong>東京</strong>大阪</p>"),
        ("`a`と**東京**\n大阪", "<p><code>a</code>と<strong>東京</strong>大阪</p>"),
        ("東京\n`S3`", "<p>東京\n<code>S3</code></p>"),
        ("`a`\n東京", "<p><code>a</code>\n東京</p>"),
        ("東京\\\n大阪", "<p>東京<br>\n大阪</p>"),
    ],
)
def test_a_line_break_is_a_space_but_nothing_between_japanese_characters(text, html):
    assert block(text) == html


def test_lists_and_quotations_are_kept():
    assert block("3. a\n4. b") == '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'
    assert block("> - a") == "<blockquote>\n<ul>\n<li>a</li>\n</ul>\n</blockquote>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Use S3.", "Use S3."),
        ("", ""),
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
        ("One.\n\n- Two.", "<p>One.</p>\n<ul>\n<li>Two.</li>\n</ul>"),
        ("```\na\n```", '<pre class="code" tabindex="0"><code>a</code></pre>'),
    ],
)
def test_an_option_is_inline_unless_it_needs_blocks(text, html):
    assert inline(text) == html


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A *MOST* `code` **b**\n\nnext", "A MOST code b next"),
        ("次のうち*最も*\n適した", "次のうち最も適した"),
        ("| a | b |\n|--|--|\n| 1 | 2 |", "a b 1 2"),
        ("![A *curve*](media/roc.svg) of $x$", "A curve of x"),
        ("# T\n\n- a\n- [b](https://a.example)", "T a b"),
        ("one\\\ntwo", "one two"),
        ("東京\\\n大阪", "東京 大阪"),
        ("```\ncode\n```\nnext", "code next"),
        ("The sum\n\n$$x$$\n\nof $n = 10{,}000$", "The sum … of n=10,000"),
        (r"broken $\foo{$", r"broken \foo{"),
        ("costs $5 &amp; $10 <b>", "costs $5 & $10 <b>"),
        ("\n\n", ""),
    ],
)
def test_plain_text_is_the_words_in_one_line(text, words):
    assert plain_text(text) == words
