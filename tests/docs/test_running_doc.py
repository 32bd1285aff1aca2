"""docs/running.md names every setting, and no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def variables_read() -> set[str]:
    """The names in ``env.str("NAME", …)`` and its like, and in the list of those that production needs."""
    tree = ast.parse((ROOT / "examsite" / "settings.py").read_text("utf-8"))
    strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in strings if re.fullmatch(r"MOGI_[A-Z_]+", text)}


def variables_documented() -> set[str]:
    text = (ROOT / "docs" / "running.md").read_text("utf-8")
    return set(re.findall(r"^\| `(MOGI_[A-Z_]+)` \|", text, re.MULTILINE))


def test_every_variable_is_read_through_the_environment_reader():
    source = (ROOT / "examsite" / "settings.py").read_text("utf-8")
    assert "os.environ" not in source
    assert "getenv" not in source


def test_every_variable_that_settings_read_is_documented():
    assert variables_read() - variables_documented() == set()


def test_every_documented_variable_is_read():
    assert variables_documented() - variables_read() == set()


def test_there_are_variables_to_compare():
    assert {"MOGI_LOCAL", "MOGI_SECRET_KEY", "MOGI_DATABASE_POOL"} <= variables_read()


def test_the_compose_file_sets_documented_variables_only():
    compose = (ROOT / "deploy" / "compose.yaml").read_text("utf-8")
    assert set(re.findall(r"^\s+(MOGI_[A-Z_]+):", compose, re.MULTILINE)) <= variables_documented()
