"""Tables of a Markdown file as rows of cells."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def tables(name: str) -> list[list[list[str]]]:
    """Every table of docs/``name``, without its head and rule."""
    found: list[list[list[str]]] = []
    inside = False
    for line in (DOCS / name).read_text().splitlines():
        if line.startswith("|"):
            if not inside:
                found.append([])
            found[-1].append([cell.strip() for cell in line.strip("|").split("|")])
        inside = line.startswith("|")
    return [rows[2:] for rows in found]
