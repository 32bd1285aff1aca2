"""The Japanese catalogue: ``update`` takes in what code and templates say now, ``check`` fails if it is not complete.

Extraction is Babel's; templates go through Django's own templatize, so no gettext tools are needed. Besides our own
sentences the catalogue may override sentences of libraries (allauth), which messages-of-libraries.txt lists.
"""

from __future__ import annotations

import re
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "examsite" / "locale" / "ja" / "LC_MESSAGES" / "django.po"
OF_LIBRARIES = Path(__file__).with_name("messages-of-libraries.txt")
HEADER = r"""# Japanese texts of Mogi.
msgid ""
msgstr ""
"Language: ja\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""
JAPANESE = r"[\u3000-\u303f\u3040-\u30ff\u3400-\u9fff\uff01-\uff60]"
TYPED_FOR_LOOKS = re.compile(rf"{JAPANESE} +\S|\S +{JAPANESE}")  # the page's own style makes the gap to Latin letters
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


def extracted() -> Catalog:
    """Every sentence that code and templates say now."""
    catalogue = Catalog(project="Mogi", charset="utf-8")
    for folder in ("exams", "examsite", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                source = path.read_bytes()
            elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
                # Babel's Python lexer would take a template's indentation for Python's.
                lines = templatize(path.read_text("utf-8"), origin=str(path)).splitlines()
                source = "\n".join(line.lstrip() for line in lines).encode()
            else:
                continue
            for _line, ids, comments, context in extract(
                "python", BytesIO(source), KEYWORDS, ["Translators:"], {"encoding": "utf-8"}
            ):
                # Files without lines: a line number would change with every edit above it.
                place = (str(path.relative_to(ROOT)), 0)
                catalogue.add(ids, locations=[place], auto_comments=comments, context=context)
    for line in OF_LIBRARIES.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            ids = [part.replace("\\n", "\n") for part in line.split(" | ")]
            catalogue.add(tuple(ids) if len(ids) > 1 else ids[0], locations=[(OF_LIBRARIES.name, 0)])
    return catalogue


def stored() -> Catalog:
    """The catalogue as committed."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="ja", domain="django")


def write(catalogue: Catalog) -> None:
    """Store it, under a header of ours: Babel's has the date of the last run, a change that nobody made."""
    with CATALOGUE.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, catalogue, width=120, omit_header=True, sort_by_file=True, include_lineno=False)


def update() -> None:
    """Add what is new, without a translation; drop what nobody says any more."""
    catalogue = stored()
    catalogue.update(extracted(), no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    catalogue.obsolete.clear()
    write(catalogue)
    waiting = [message for message in catalogue if not is_translated(message)]
    sys.stdout.write(f"{len(catalogue)} messages, {len(waiting)} without a translation\n")


def check() -> int:
    """Name what is missing, fuzzy, left over, spaced by hand or inconsistent in its placeholders; their number."""
    said, have = extracted(), stored()
    problems = []
    for message in said:
        if message.id:
            mine = have.get(message.id, message.context)
            if mine is None:
                problems.append(("not in the catalogue", message))
            elif mine.fuzzy:
                problems.append(("fuzzy", mine))
            elif not is_translated(mine):
                problems.append(("not translated", mine))
    for message in have:
        if message.id and said.get(message.id, message.context) is None:
            problems.append(("said nowhere", message))
        problems += [(str(error), message) for error in message.check(have)]
        if any(TYPED_FOR_LOOKS.search(string) for string in strings(message)):
            problems.append(("a space beside Japanese", message))
    problems += [("obsolete", message) for message in have.obsolete.values()]
    for what, message in problems:
        where = ", ".join(path for path, _line in message.locations[:2])
        sys.stdout.write(f"{what}: {message.id!r} {where}\n")
    if problems:
        sys.stdout.write(f"{len(problems)} to mend in {CATALOGUE.relative_to(ROOT)}: make messages, then translate\n")
    return len(problems)


def is_translated(message: Message) -> bool:
    """Whether every form has words."""
    return bool(message.id == "" or all(strings(message)))


def strings(message: Message) -> list[str]:
    """Its forms: one, or as many as the language has."""
    return list(message.string) if isinstance(message.string, (list, tuple)) else [message.string]


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update()
    elif sys.argv[1:] == ["check"]:
        sys.exit(bool(check()))
    else:
        sys.exit("messages.py update | check")
