"""Pictures that may be shown: what kind a file is, and whether an SVG holds nothing but a drawing."""

from __future__ import annotations

import hashlib
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

LARGEST = 2_000_000  # bytes
SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset(
    "svg g path rect circle ellipse line polyline polygon text tspan title desc defs marker clipPath linearGradient stop".split()
)
_SIGNATURES = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))


def stored_name(data: bytes) -> str | None:
    """The name under which a picture is stored, SHA-256 and ending; None for what is no picture that may be shown."""
    ending = _ending(data)
    return f"{hashlib.sha256(data).hexdigest()}.{ending}" if ending else None


def _ending(data: bytes) -> str | None:
    if len(data) > LARGEST:
        return None
    for signature, ending in _SIGNATURES:
        if data.startswith(signature):
            return ending
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return "svg" if _is_drawing(data) else None


def _is_drawing(data: bytes) -> bool:
    """Whether an SVG has only shapes and words: no script, no style sheet, nothing fetched, no handler, no foreign content."""
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return False
    if root.tag != f"{SVG}svg":
        return False
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag.removeprefix(SVG) not in _ELEMENTS:
            return False
        for name, value in element.attrib.items():
            bare = name.rpartition("}")[2].lower()
            if bare.startswith("on") or bare in ("href", "style", "src") or ("url(" in value and "url(#" not in value):
                return False
    return True
