"""The check of translations finds what is missing: shown with planted faults."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """The tool, turned to a small house of its own that is complete."""
    spec = importlib.util.spec_from_file_location("mogi_messages", ROOT / ".ci" / "messages.py")
    tool = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "mogi_messages", tool)
    spec.loader.exec_module(tool)
    (tmp_path / "exams").mkdir()
    (tmp_path / "examsite").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "exams" / "a.py").write_text('_("Save")\nngettext("%(n)s day", "%(n)s days", 2)\n')
    (tmp_path / "templates" / "a.html").write_text(
        "{% load i18n %}\n  <p>\n    {% blocktranslate trimmed %}\n   Hello {{ name }}\n  {% endblocktranslate %}\n"
    )
    (tmp_path / "libraries.txt").write_text("# a comment\nPassword\n")
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    monkeypatch.setattr(tool, "CATALOGUE", tmp_path / "django.po")
    monkeypatch.setattr(tool, "OF_LIBRARIES", tmp_path / "libraries.txt")
    tool.CATALOGUE.write_text(tool.HEADER)
    tool.update()
    stored = tool.stored()
    japanese = {"Save": "保存", "%(n)s day": "%(n)s日", "Hello %(name)s": "%(name)sさん", "Password": "パスワード"}
    for message in stored:
        if message.id:
            plural = isinstance(message.id, (list, tuple))
            text = japanese[message.id[0] if plural else message.id]
            message.string = (text,) if plural else text
    tool.write(stored)
    return tool


def test_a_complete_catalogue_passes(catalogue, capsys):
    assert catalogue.check() == 0
    assert capsys.readouterr().out.splitlines()[1:] == []


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        (("保存", ""), "not translated: 'Save' exams/a.py"),
        (('msgid "Save"', 'msgid "Safe"'), "not in the catalogue: 'Save' exams/a.py"),
        (('msgid "Save"', 'msgid "Safe"'), "said nowhere: 'Safe'"),
        (('msgid "Save"', '#, fuzzy\nmsgid "Save"'), "fuzzy: 'Save' exams/a.py"),
        (("%(name)sさん", "%(nam)sさん"), "'Hello %(name)s'"),
        (("%(name)sさん", "%(name)s さん"), "a space beside Japanese: 'Hello %(name)s'"),
        (("保存", "Ctrlで 保存"), "a space beside Japanese: 'Save'"),
        (('msgid "Password"\nmsgstr "パスワード"', '#~ msgid "Pass"\n#~ msgstr "x"'), "obsolete: 'Pass'"),
    ],
)
def test_a_fault_is_found_and_named(catalogue, capsys, fault, complaint):
    text = catalogue.CATALOGUE.read_text("utf-8")
    assert fault[0] in text
    catalogue.CATALOGUE.write_text(text.replace(*fault), "utf-8")
    assert catalogue.check() >= 1
    assert complaint in capsys.readouterr().out


def test_bringing_it_up_to_date_keeps_what_is_translated(catalogue):
    (catalogue.ROOT / "exams" / "a.py").write_text('_("Save")\n_("New")\n')
    catalogue.update()
    kept = {str(message.id): message.string for message in catalogue.stored() if message.id}
    assert kept == {"Save": "保存", "New": "", "Hello %(name)s": "%(name)sさん", "Password": "パスワード"}
