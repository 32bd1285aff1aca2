"""The last step of every rendering: what is not listed here does not get into a page."""

from __future__ import annotations

import re

import nh3

_TEXT = "a blockquote br code div em hr img li ol p pre s span strong sub sup table tbody td th thead tr ul"
_MATHS = (
    "math menclose mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub msubsup msup mtable mtd "
    "mtext mtr munder munderover"
)
# What Pygments calls the kinds of words in code, in its short names.
_CODE = (
    "bp c c1 ch cm cp cpf cs dl err esc fm g gd ge ges gh gi go gp gr gs gt gu il k kc kd kn kp kr kt l ld m mb mf mh "
    "mi mo n na nb nc nd ne nf ni nl nn no nt nv nx o ow p pm py s s1 s2 sa sb sc sd se sh si sr ss sx vc vg vi vm w x"
)
_ATTRIBUTES = {
    "*": set[str](),  # without this line title and lang would pass on every element
    "a": {"href"},
    "img": {"src", "alt"},
    "div": {"aria-label"},
    "ol": {"start"},
    "mo": {"stretchy", "fence", "separator", "form", "lspace", "rspace", "minsize", "maxsize", "movablelimits"},
    "mfrac": {"linethickness"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "mspace": {"width"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mtable": {"columnalign", "columnlines", "columnspacing", "displaystyle", "rowlines", "rowspacing"},
    "mtd": {"columnalign"},
    "menclose": {"notation"},
}
_VALUES = {
    "img": {"decoding": {"async"}},
    "div": {"tabindex": {"0"}, "role": {"group"}},
    "pre": {"tabindex": {"0"}},
    "th": {"scope": {"col"}},
    "math": {"display": {"block", "inline"}},
    "mi": {"mathvariant": {"normal"}},
}
_CLASSES = {
    "em": {"key-word"},
    "pre": {"code"},
    "code": {"tex-source"},
    "div": {"scroll", "formula"},
    "table": {"table"},
    "td": {"n"},
    "th": {"n"},
    "span": {"missing-picture", *_CODE.split()},
}


def clean(html: str) -> str:
    """The same HTML without anything that is not on the list."""
    return _cleaner.clean(html)


def is_foreign_page(address: str) -> bool:
    """Whether a link may lead there: another site, in full. Pages of ours are not for texts to link to."""
    return address.lower().startswith(("http://", "https://"))


def is_own_picture(address: str) -> bool:
    """Whether a picture may come from there: a path of this site. Browsers read ``//`` and ``/\\`` as another host."""
    return bool(re.match(r"/(?![/\\\s])", address))


def _filter(tag: str, name: str, value: str) -> str | None:
    may_stay = {("a", "href"): is_foreign_page, ("img", "src"): is_own_picture}.get((tag, name))
    return None if may_stay and not may_stay(value) else value


_cleaner = nh3.Cleaner(
    tags={*_TEXT.split(), *_MATHS.split()},
    clean_content_tags={"script", "style"},
    attributes=_ATTRIBUTES,
    tag_attribute_values=_VALUES,
    allowed_classes=_CLASSES,
    attribute_filter=_filter,
    url_schemes={"http", "https"},
    link_rel="noopener noreferrer",
)
