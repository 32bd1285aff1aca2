"""The last step of every rendering: what is not listed here does not get into a page."""

from __future__ import annotations

import nh3

_TEXT = "a blockquote br code div em hr img li ol p pre s span strong sub sup table tbody td th thead tr ul"
_MATHS = (
    "math menclose mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub msubsup msup mtable mtd mtext "
    "mtr munder munderover"
)
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "decoding"},
    "div": {"tabindex", "role", "aria-label"},
    "pre": {"tabindex"},
    "ol": {"start"},
    "th": {"scope"},
    "math": {"display"},
    "mo": {"stretchy", "fence", "separator", "form", "lspace", "rspace", "minsize", "maxsize", "movablelimits"},
    "mi": {"mathvariant"},
    "mfrac": {"linethickness"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "mspace": {"width"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mtable": {"columnalign", "rowspacing", "columnspacing"},
    "mtd": {"columnalign"},
    "menclose": {"notation"},
}
_CLASSES = {
    "em": {"key-word"},
    "pre": {"code"},
    "code": {"tex-source"},
    "div": {"scroll", "formula"},
    "table": {"table"},
    "td": {"n"},
    "th": {"n"},
    "span": {
        "missing-picture",
        # Pygments' kinds of words, as the style sheet colours them
        *(
            "c c1 ch cm cp cs k kc kd kn kp kr kt l m mb mf mh mi mo n na nb nc nd ne nf ni nl nn nt nv o ow p s s1 s2 sa sb "
            "sc sd se sh si sr ss w err bp fm vc vg vi vm il".split()
        ),
    },
}

_cleaner = nh3.Cleaner(
    tags={*_TEXT.split(), *_MATHS.split()},
    clean_content_tags={"script", "style"},
    attributes=_ATTRIBUTES,
    allowed_classes=_CLASSES,
    attribute_filter=lambda tag, name, value: value if _may_stay(tag, name, value) else None,
    url_schemes={"http", "https"},
    link_rel="noopener noreferrer",
)


def clean(html: str) -> str:
    """The same HTML without anything that is not on the list."""
    return _cleaner.clean(html)


def _may_stay(tag: str, name: str, value: str) -> bool:
    """A link leads to another site in full; a picture comes from ours."""
    if (tag, name) == ("a", "href"):
        return value.startswith(("http://", "https://"))
    if (tag, name) == ("img", "src"):
        return value.startswith("/") and not value.startswith("//")
    return True
