"""YAML read with care: every value knows its line, no field is overlooked, nothing but plain data gets in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import yaml

from exams.domain.bank import LONGEST_TEXT
from exams.domain.problems import Problem

LARGEST = 2_000_000  # bytes
DEEPEST = 30
MOST = 200_000  # values of one file; a question has about 60
LARGEST_NUMBER = 32_767  # what a small whole number holds in a database
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where PyYAML was built with libyaml
# Characters that YAML forbids or PostgreSQL refuses, also where they are written as escapes.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")


class Reader:
    """Reads the documents of one pack and collects everything that is wrong with them.

    Problems have ``where`` = ``file:line: question: field``, as far as each is known.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def document(self, path: str, data: bytes) -> yaml.Node | None:
        """The root of a YAML file, or None with a problem noted."""
        if len(data) > LARGEST:
            self.refuse("file_too_large", path, limit=LARGEST)
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self.refuse("not_utf8", f"{path}:{line}")
            return None
        if found := _CONTROL.search(text):
            line = text.count("\n", 0, found.start()) + 1
            self.refuse("control_character", f"{path}:{line}")
            return None
        try:
            # Looked through before anything is built of it: a bomb goes off in the building.
            if fault := _fault(yaml.parse(text, Loader=_LOADER)):
                code, line = fault
                self.refuse(code, f"{path}:{line}")
                return None
            root: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            self.refuse("not_yaml", f"{path}:{line}", detail=getattr(error, "problem", None) or str(error))
            return None
        if root is None:
            self.refuse("file_empty", path)
        return root

    def refuse(self, code: str, where: str, **params: object) -> None:
        """Note what is wrong with a file."""
        self.problems.append(Problem(code, where, params))


class Map:
    """A mapping of a document. Each field is asked for once; ``close`` reports those that nobody asked for."""

    def __init__(self, reader: Reader, node: yaml.Node, path: str, label: str = "", field: str = "") -> None:
        self.reader, self.path, self.label, self.field = reader, path, label, field
        self.node, self.line = node, node.start_mark.line + 1
        self.is_mapping = isinstance(node, yaml.MappingNode)
        self._values: dict[str, yaml.Node] = {}
        if not isinstance(node, yaml.MappingNode):
            self.problem("not_mapping")
            return
        for key, value in node.value:
            name = str(key.value)
            if name in self._values:
                self.problem("field_twice", name, line=key.start_mark.line + 1)
            self._values[name] = value

    def line_of(self, where: str) -> int:
        """The line of the innermost part of ``options.2.text.ja`` that is there; after ``close``, too."""
        node = self.node
        for part in where.split("."):
            if isinstance(node, yaml.MappingNode):
                inner = next((value for key, value in node.value if key.value == part), None)
            elif isinstance(node, yaml.SequenceNode) and part.isdigit():
                inner = dict(enumerate(node.value, start=1)).get(int(part))
            else:
                inner = None
            if inner is None:
                break
            node = inner
        return node.start_mark.line + 1

    def problem(self, code: str, name: str = "", *, line: int = 0, **params: object) -> None:
        """Note what is wrong with a field of this mapping."""
        field = ".".join(part for part in (self.field, name) if part)
        where = ": ".join(part for part in (f"{self.path}:{line or self.line}", self.label, field) if part)
        self.reader.problems.append(Problem(code, where, params))

    def pass_on(self, problem: Problem) -> None:
        """Note a problem that a rule found in what this mapping says."""
        where = ": ".join(
            part for part in (f"{self.path}:{self.line_of(problem.where)}", self.label, problem.where) if part
        )
        self.reader.problems.append(Problem(problem.code, where, problem.params))

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str | None = None, *, longest: int = 0) -> str:
        """A string, required unless there is a default; of so many characters at most."""
        value = str(self._scalar(name, str, default, "not_text", ""))
        if longest and len(value) > longest:
            self.problem("too_long", name, line=self.line_of(name), limit=longest)
        return value

    def whole(self, name: str, *, high: int = LARGEST_NUMBER) -> int:
        """A whole number from 0 to ``high``."""
        value = int(self._scalar(name, int, None, "not_whole", 0))
        if not 0 <= value <= high:
            self.problem("number_range", name, line=self.line_of(name), low=0, high=high)
        return value

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        return bool(self._scalar(name, bool, default, "not_flag", default))

    def day(self, name: str) -> date | None:
        """A date, or None where it is left out."""
        value = self._scalar(name, date, "", "not_date", "")
        return value if isinstance(value, date) else None

    def words(self, name: str, *, languages: Iterable[str] = ()) -> dict[str, str]:
        """A text per language, without those left empty; line ends as in Unix, no space around, as in a form.

        Those of ``languages`` that are lacking are problems.
        """
        inner = self.map(name, optional=True)
        found: dict[str, str] = {}
        for language in list(inner._values) if inner else []:
            text = inner.text(language, "", longest=LONGEST_TEXT) if inner else ""
            if not _LANGUAGE.fullmatch(language):
                self.problem("language_invalid", f"{name}.{language}", line=self.line_of(name), found=language)
            elif text := text.replace("\r\n", "\n").replace("\r", "\n").strip():
                found[language] = text
        for language in languages:
            if language not in found and (inner is None or inner.is_mapping):
                self.problem("text_missing", f"{name}.{language}", line=self.line_of(name), language=language)
        return found

    def map(self, name: str, *, optional: bool = False) -> Map | None:
        """A mapping inside this one."""
        node = self._take(name, required=not optional)
        return Map(self.reader, node, self.path, self.label, self._inner(name)) if node is not None else None

    def maps(self, name: str, *, optional: bool = False) -> Iterator[Map]:
        """A list of mappings, counted from 1 in what is said of them."""
        for number, node in enumerate(self._list(name, optional=optional), start=1):
            yield Map(self.reader, node, self.path, self.label, f"{self._inner(name)}.{number}")

    def strings(self, name: str, *, optional: bool = False) -> list[str]:
        """A list of strings."""
        found = []
        for node in self._list(name, optional=optional):
            value = _construct(node)
            if isinstance(value, str):
                found.append(value)
            else:
                self.problem("not_text", name, line=node.start_mark.line + 1)
        return found

    def data(self, name: str) -> dict[str, Any]:
        """A mapping of plain values whose own owner judges them; empty where it is left out."""
        node = self._take(name, required=False)
        value = _construct(node) if node is not None else {}
        if node is not None and isinstance(node, yaml.MappingNode) and isinstance(value, dict):
            return value
        if node is not None:
            self.problem("not_mapping", name, line=node.start_mark.line + 1)
        return {}

    def close(self) -> None:
        """Report fields that are not known: most often a slip of the pen that would otherwise be lost in silence."""
        for name, node in self._values.items():
            self.problem("field_unknown", name, line=node.start_mark.line + 1)

    def _inner(self, name: str) -> str:
        return ".".join(part for part in (self.field, name) if part)

    def _take(self, name: str, *, required: bool) -> yaml.Node | None:
        node = self._values.pop(name, None)
        if node is None and required and self.is_mapping:
            self.problem("field_missing", name)
        return node

    def _list(self, name: str, *, optional: bool) -> list[yaml.Node]:
        node = self._take(name, required=not optional)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.problem("not_list", name, line=node.start_mark.line + 1)
            return []
        return list(node.value)

    def _scalar(self, name: str, kind: type, default: object, code: str, fallback: object) -> Any:
        node = self._take(name, required=default is None)
        if node is None:
            return fallback if default is None else default
        value = _construct(node)
        is_lookalike = isinstance(value, datetime) or (isinstance(value, bool) and kind is not bool)
        if isinstance(value, kind) and not is_lookalike:
            return value
        self.problem(code, name, line=node.start_mark.line + 1)
        return fallback


def _fault(events: Iterable[yaml.Event]) -> tuple[str, int] | None:
    """What keeps a document from being built, and in which line; None if nothing does."""
    depth = 0
    for number, event in enumerate(events):
        line = event.start_mark.line + 1 if event.start_mark else 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            return "yaml_alias", line
        if depth > DEEPEST:
            return "yaml_too_deep", line
        if number > MOST:
            return "yaml_too_much", line
        if isinstance(event, yaml.ScalarEvent) and _CONTROL.search(event.value):  # written as an escape: "\0"
            return "control_character", line
    return None


def twice(codes: Iterable[str]) -> list[str]:
    """What is there more than once, sorted."""
    seen = list(codes)
    return sorted({code for code in seen if seen.count(code) > 1})


def _construct(node: yaml.Node) -> Any:
    """The plain value of a node: what PyYAML's safe loader makes of it, None for what it can't."""
    try:
        return yaml.constructor.SafeConstructor().construct_document(node)
    except (yaml.YAMLError, ValueError, TypeError):
        return None
