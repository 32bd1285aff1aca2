"""YAML read with care: every value knows its line, no field is overlooked, nothing but plain data gets in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml

from exams.domain.problems import Problem

LARGEST = 2_000_000  # bytes
DEEPEST = 30


class Reader:
    """Reads the documents of one pack and collects everything that is wrong with them.

    Problems have ``where`` = ``file:line: question: field``, as far as each is known.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def document(self, path: str, data: bytes) -> yaml.Node | None:
        """The root of a YAML file, or None with a problem noted."""
        if len(data) > LARGEST:
            return self._refuse("file_too_large", path, limit=LARGEST)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self._refuse("not_utf8", path)
        try:
            depth = 0
            for event in yaml.parse(text, Loader=yaml.SafeLoader):
                if isinstance(event, yaml.AliasEvent):
                    return self._refuse("yaml_alias", f"{path}:{event.start_mark.line + 1}")
                depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
                if depth > DEEPEST:
                    return self._refuse("yaml_too_deep", f"{path}:{event.start_mark.line + 1}")
            return yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            return self._refuse("not_yaml", f"{path}:{line}", detail=error.problem or "")
        except yaml.YAMLError:
            return self._refuse("not_yaml", path, detail="")

    def _refuse(self, code: str, where: str, **params: object) -> None:
        self.problems.append(Problem(code, where, params))


class Map:
    """A mapping of a document. Each field is asked for once; ``close`` reports those that nobody asked for."""

    def __init__(self, reader: Reader, node: yaml.Node | None, path: str, label: str = "", field: str = "") -> None:
        self.reader, self.path, self.label, self.field = reader, path, label, field
        self.line = node.start_mark.line + 1 if node else 1
        self._values: dict[str, yaml.Node] = {}
        if not isinstance(node, yaml.MappingNode):
            if node is not None or not path:
                self.problem("not_mapping")
            return
        for key, value in node.value:
            name = str(key.value)
            if name in self._values:
                self.problem("field_twice", name, line=key.start_mark.line + 1)
            self._values[name] = value

    def problem(self, code: str, name: str = "", *, line: int = 0, **params: object) -> None:
        """Note what is wrong with a field of this mapping."""
        field = ".".join(part for part in (self.field, name) if part)
        where = ": ".join(part for part in (f"{self.path}:{line or self.line}", self.label, field) if part)
        self.reader.problems.append(Problem(code, where, params))

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str | None = None) -> str:
        """A string, required unless there is a default."""
        return str(self._scalar(name, str, default, "not_text", ""))

    def whole(self, name: str, default: int | None = None) -> int:
        """A whole number."""
        return int(self._scalar(name, int, default, "not_whole", 0))

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        return bool(self._scalar(name, bool, default, "not_flag", default))

    def day(self, name: str) -> date | None:
        """A date, or None where it is left out."""
        value = self._scalar(name, date, "", "not_date", "")
        return value if isinstance(value, date) else None

    def words(self, name: str) -> dict[str, str]:
        """A text per language; empty where it is left out."""
        inner = self.map(name, optional=True)
        return {language: inner.text(language).strip() for language in list(inner._values)} if inner else {}

    def map(self, name: str, *, optional: bool = False) -> Map | None:
        """A mapping inside this one."""
        node = self._take(name, required=not optional)
        return Map(self.reader, node, self.path, self.label, self._inner(name)) if node else None

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
        value = _construct(node) if node else {}
        if not isinstance(value, dict):
            self.problem("not_mapping", name)
            return {}
        return value

    def close(self) -> None:
        """Report fields that are not known: most often a slip of the pen that would otherwise be lost in silence."""
        for name, node in self._values.items():
            self.problem("field_unknown", name, line=node.start_mark.line + 1)

    def _inner(self, name: str) -> str:
        return ".".join(part for part in (self.field, name) if part)

    def _take(self, name: str, *, required: bool) -> yaml.Node | None:
        node = self._values.pop(name, None)
        if node is None and required:
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
        if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
            return value
        self.problem(code, name, line=node.start_mark.line + 1)
        return fallback


def _construct(node: yaml.Node) -> Any:
    """The plain value of a node: what PyYAML's safe loader makes of it, None for what it can't."""
    try:
        return yaml.SafeLoader("").construct_object(node, deep=True)  # type: ignore[no-untyped-call]
    except (yaml.YAMLError, ValueError):
        return None
