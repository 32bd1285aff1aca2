"""Pictures that may be shown: what kind a file is, and whether an SVG holds nothing but a drawing."""

from __future__ import annotations

import hashlib
import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from exams.domain.problems import Problem

LARGEST = 2_000_000  # bytes
SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = """
    svg g path rect circle ellipse line polyline polygon text tspan title desc defs marker clipPath mask pattern symbol
    use linearGradient radialGradient stop
"""
_PROPERTIES = """
    id class lang role version aria-label aria-labelledby aria-describedby aria-hidden focusable viewBox
    preserveAspectRatio x y x1 y1 x2 y2 dx dy cx cy r rx ry fx fy width height d points pathLength transform rotate
    textLength lengthAdjust fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap
    stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset opacity color display visibility overflow
    paint-order vector-effect shape-rendering font-family font-size font-style font-weight font-variant
    letter-spacing word-spacing text-anchor text-decoration text-rendering dominant-baseline alignment-baseline
    baseline-shift writing-mode direction unicode-bidi marker-start marker-mid marker-end markerWidth markerHeight
    markerUnits refX refY orient clip-path clip-rule mask clipPathUnits maskUnits maskContentUnits patternUnits
    patternContentUnits patternTransform gradientUnits gradientTransform spreadMethod offset stop-color stop-opacity
    href {http://www.w3.org/1999/xlink}href {http://www.w3.org/XML/1998/namespace}space
    {http://www.w3.org/XML/1998/namespace}lang
"""
_ELEMENTS, _ATTRIBUTES = frozenset(_SHAPES.split()), frozenset(_PROPERTIES.split())
_SIGNATURES = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
_DECLARATION = re.compile(r"""\s*<\?xml\s[^?]*\?>""")
_ENCODING = re.compile(r"""encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
_HERE = re.compile(r"""\burl\(\s*["']?#[\w.-]+["']?\s*\)""", re.IGNORECASE)


def picture_problem(path: str, data: bytes) -> Problem | None:
    """Why the file may not be shown, or None: a PNG, JPEG, WebP, or an SVG of shapes and words, of 2 MB at most."""
    if len(data) > LARGEST:
        return Problem("picture_refused", path)
    if _raster_ending(data):
        return None
    try:
        foreign = _foreign(data)
    except (ParseError, DefusedXmlException, LookupError, ValueError):
        return Problem("picture_refused", path)
    return Problem("picture_foreign", path, {"found": foreign}) if foreign else None


def stored_name(data: bytes) -> str:
    """The name under which a picture without a problem is stored: SHA-256 and ending."""
    return f"{hashlib.sha256(data).hexdigest()}.{_raster_ending(data) or 'svg'}"


def _raster_ending(data: bytes) -> str:
    for signature, ending in _SIGNATURES:
        if data.startswith(signature):
            return ending
    return "webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def _foreign(data: bytes) -> str:
    """What an SVG holds that is neither shape nor word, "" if nothing; raises for what is no XML, or has a DTD."""
    text = data.decode("utf-8-sig")
    declaration = _DECLARATION.match(text)
    if declaration and _ENCODING.search(declaration[0]):
        return "encoding"  # a browser would read other characters than are judged here
    drawing = text[declaration.end() :] if declaration else text
    if "<?" in drawing:  # instructions such as xml-stylesheet are not elements, so the tree does not show them
        return "<?"
    root: Element = fromstring(drawing, forbid_dtd=True)
    if root.tag != f"{SVG}svg":
        return f"<{root.tag.rpartition('}')[2]}>"
    for element in root.iter():
        if not element.tag.startswith(SVG) or element.tag.removeprefix(SVG) not in _ELEMENTS:
            return f"<{element.tag.rpartition('}')[2]}>"
        for name, value in element.attrib.items():
            bare = name.rpartition("}")[2]
            leads_out = bare == "href" and not value.startswith("#")
            fetches = "url(" in _HERE.sub("", value).lower() or "\\" in value  # CSS could spell url( with escapes
            if name not in _ATTRIBUTES or leads_out or fetches:
                return f'{bare}="{value[:40]}"'
    return ""
