"""Nothing that is not on the list gets into a page, whatever is typed."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pygments.token import STANDARD_TYPES

from exams.rendering import plain_text, render_block, render_inline
from exams.rendering.cleaning import _CODE, clean, is_foreign_page, is_own_picture

MEDIA = {"media/roc.svg": "/media/aa.svg"}
HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<p hx-get='/y' hx-on:click='alert(1)' data-hx-get='/y' style='color:red' id='top' class='banner'>x</p>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<svg><svg onload=alert(1)><style><img src=x onerror=alert(1)></style></svg>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror=alert(1)></annotation-xml></math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<math><maction actiontype='statusline#javascript:alert(1)'>x</maction></math>",
    "<!-- <img src=x onerror=alert(1)> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<a href='x",
    "<p <p <p",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//evil.example/)",
    "[x](/accounts/logout/)",
    "[x]: javascript:alert(1)\n[x]",
    "<javascript:alert(1)>",
    '[x](https://a.example/"onmouseover="alert(1))',
    '[x](https://a.example "a\\" onmouseover=\\"alert(1)")',
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](https://evil.example/pixel.png)",
    "![x](//evil.example/pixel.png)",
    '![" onerror="alert(1)](media/roc.svg)',
    "$\\text{<script>alert(1)</script>}$",
    "$\\text{<img src=x onerror=alert(1)>}$",
    "$\\text{&lt;script&gt;alert(1)&lt;/script&gt;}$",
    "$\\href{javascript:alert(1)}{x}$",
    '$\\style{color:red}{x}$ $\\class{banner}{x}$ $\\id{top}{x}$ $\\color{red" onclick="alert(1)}{x}$',
    "$</math><script>alert(1)</script>$",
    "$$\n\\text{</math><style><img src=x onerror=alert(1)>}\n$$",
    '```"><script>alert(1)</script>\nx\n```',
    "```html\n<script>alert(1)</script>\n```",
    "```raw\nToken.Onclick\t'x'\n```",
    "|<script>|\n|-|\n|<img src=x onerror=alert(1)>|",
    "# <script>alert(1)</script>",
    "```",
    "$$",
    "**",
    "[x](",
    "![",
    "a\0b",
    "<scr\0ipt>alert(1)</scr\0ipt>",
    "a\ud800b",
]
TAGS = (
    "a blockquote br code div em hr img li ol p pre span strong table tbody td th thead tr ul "
    "math menclose mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub msubsup msup mtable mtd "
    "mtext mtr munder munderover"
)
NAMES = (
    "accent accentunder alt aria-label class columnalign columnlines columnspacing decoding display displaystyle fence "
    "form href linethickness lspace mathvariant maxsize minsize movablelimits notation rel role rowlines rowspacing "
    "rspace scope scriptlevel separator src start stretchy tabindex width"
)


class Page(HTMLParser):
    """What a browser would find in the HTML, by a reader that the cleaner does not share."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}

    def handle_comment(self, data):
        self.tags.add("comment")


def assert_safe(html: str) -> None:
    page = Page(html)
    assert page.tags <= set(TAGS.split())
    assert {name for name, _ in page.attributes} <= set(NAMES.split())
    assert all(value.lower().startswith(("http://", "https://")) for name, value in page.attributes if name == "href")
    assert {value for name, value in page.attributes if name == "src"} <= set(MEDIA.values())
    assert clean(html) == html


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_nothing_hostile_comes_through(text, lang):
    assert_safe(render_block(text, lang=lang, media=MEDIA))
    assert_safe(render_inline(text, lang=lang, media=MEDIA))


def test_raw_html_is_shown_as_text():
    text = "<b onclick='x'>1</b> <!-- 2 --> <div>"
    html = render_inline(text, lang="en", media={})
    assert html == "&lt;b onclick='x'&gt;1&lt;/b&gt; &lt;!-- 2 --&gt; &lt;div&gt;"


def test_markup_in_a_formula_is_shown_as_text():
    html = render_inline("$\\text{a<b>c&&lt;d}$", lang="en", media={})
    assert html == '<math display="inline"><mrow><mtext>a&lt;b&gt;c&amp;&lt;d</mtext></mrow></math>'


def test_what_no_page_can_hold_becomes_a_replacement_character():
    assert render_inline("a\0b\x1bc\ud800d\ufffee\tf", lang="en", media={}) == "a�b�c�d�e\tf"
    assert plain_text("a\0b\ud800c") == "a�b�c"


PIECES = [*"ab *_`$|-#[]()<>!\"'&\\{}^\n:/=.5表「。", "$$", "```", "![", "](", "https://a.example", "media/roc.svg"]
TEXTS = st.lists(st.sampled_from([*PIECES, *HOSTILE])).map("".join) | st.text() | st.sampled_from(HOSTILE)


@given(TEXTS, st.sampled_from(["en", "ja"]))
@example("<a style='x' onclick=y>", "en")
def test_whatever_goes_in_what_comes_out_is_already_clean(text, lang):
    html = render_block(text, lang=lang, media=MEDIA)
    assert_safe(html)
    assert render_block(text, lang=lang, media=MEDIA) == html
    assert_safe(render_inline(text, lang=lang, media=MEDIA))
    assert "\n" not in plain_text(text)


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<script>x</script>ok", "ok"),
        ('<p style="x" id="y" onclick="z" hx-get="/w" title="t" lang="ja" class="v">ok</p>', "<p>ok</p>"),
        ('<span class="k evil">ok</span>', '<span class="k">ok</span>'),
        (
            '<div class="scroll banner" tabindex="5" role="alert" style="x" hx-get="y">ok</div>',
            '<div class="scroll">ok</div>',
        ),
        ('<img src="//evil.example/x.png" alt="ok" onerror="x" loading="lazy">', '<img alt="ok">'),
        ('<a href="/admin/" target="_blank">ok</a>', '<a rel="noopener noreferrer">ok</a>'),
        ('<math><mi href="javascript:x" style="x" mathvariant="bold">ok</mi></math>', "<math><mi>ok</mi></math>"),
        ('<math><maction actiontype="toggle"><mi>ok</mi></maction></math>', "<math><mi>ok</mi></math>"),
        ("<math><mtext><mglyph></mglyph>ok</mtext></math>", "<math><mtext>ok</mtext></math>"),
        ("<svg><svg><a href=https://a.example>ok</a></svg></svg>", ""),
        ("<!-- x -->ok", "ok"),
        ("<p>ok", "<p>ok</p>"),
    ],
)
def test_the_last_step_alone_takes_out_what_is_not_listed(html, cleaned):
    assert clean(html) == cleaned


@pytest.mark.parametrize(
    ("address", "may_be_linked", "may_be_shown"),
    [
        ("https://a.example/", True, False),
        ("HTTP://a.example/", True, False),
        ("/media/aa.svg", False, True),
        ("//a.example/", False, False),
        ("/\\a.example/", False, False),
        ("/\t/a.example/", False, False),
        ("media/aa.svg", False, False),
        ("javascript:x", False, False),
        ("", False, False),
    ],
)
def test_links_lead_to_other_sites_and_pictures_come_from_ours(address, may_be_linked, may_be_shown):
    assert (is_foreign_page(address), is_own_picture(address)) == (may_be_linked, may_be_shown)


def test_every_word_that_pygments_may_write_is_on_the_list():
    assert set(_CODE.split()) == set(STANDARD_TYPES.values()) - {""}
