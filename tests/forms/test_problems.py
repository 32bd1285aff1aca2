"""The catalogue of sentences is complete, and each fills with what its problem says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from exams.domain.problems import Problem
from exams.forms.problems import LANGUAGES, SENTENCES, place, sentence

ROOT = Path(__file__).resolve().parents[2] / "exams"
NOTED_BY = {
    "Problem": 0,
    "Finding": 0,
    "problem": 0,
    "refuse": 0,
}  # what notes one, and which argument is its code


def codes_in(source: str) -> set[str]:
    """The codes that a module notes, and those that it hands on to such a call ("not_text", a default)."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            if name in NOTED_BY and node.args and isinstance(node.args[0], ast.Constant):
                found.add(str(node.args[0].value))
            if name == "_scalar":  # kind, default, then the code
                found.add(str(ast.literal_eval(node.args[3])))
        if isinstance(node, ast.FunctionDef) and node.name == "_fault":
            pairs = (row.value for row in ast.walk(node) if isinstance(row, ast.Return))
            found |= {str(ast.literal_eval(pair.elts[0])) for pair in pairs if isinstance(pair, ast.Tuple)}
    return found


def all_codes() -> set[str]:
    layers = ("domain", "formats", "rendering", "services", "queries", "views", "forms")
    modules = [path for layer in layers for path in (ROOT / layer).glob("*.py")]
    return set().union(*(codes_in(path.read_text()) for path in modules))


def test_every_code_has_a_sentence():
    assert all_codes() - SENTENCES.keys() == set()


def test_every_sentence_has_a_code():
    assert SENTENCES.keys() - all_codes() == set()


def test_a_code_without_a_sentence_would_be_found():
    planted = 'Problem("a", "x"); row.problem("b"); self.refuse("c", 1); self._scalar(n, str, None, "d", "")'
    assert codes_in(planted) == {"a", "b", "c", "d"}
    assert codes_in('def _fault():\n    return "e", 3') == {"e"}


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_says_what_is_wrong_and_how_to_mend_it(code):
    with translation.override("en"):
        names = re.findall(r"%\((\w+)\)s", str(SENTENCES[code]))
        said = sentence(Problem(code, "", dict.fromkeys(names, "X") | {"of no concern": 1}))
    assert "%" not in said
    assert said.endswith(".")
    assert said.count("X") >= len(names)
    mends = r"\. [A-Z]|^(?:Use|Name|Here must stand|A weight is|These figures)"
    assert re.search(mends, said), said


def test_a_sentence_names_languages_as_its_reader_does():
    with translation.override("en"):
        said = sentence(Problem("text_missing", "stem.ja", {"language": "ja"}))
        assert said.startswith("There is no text in Japanese.")
        assert sentence(Problem("text_missing", "stem.xx", {"language": "xx"})).startswith("There is no text in xx.")
        assert "“ja”" in sentence(Problem("option_id_twice", "options", {"id": "ja"}))
    with translation.override("ja"):
        assert "英語" in sentence(Problem("text_missing", "stem.en", {"language": "en"}))


def test_every_language_of_the_site_has_a_name():
    assert LANGUAGES.keys() == dict(settings.LANGUAGES).keys()


def test_a_problem_without_a_sentence_is_a_fault_of_ours():
    with pytest.raises(KeyError):
        sentence(Problem("unheard_of"))


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("stem", "stem"),
        ("stem.ja", "stem, Japanese"),
        ("options.2.text.en", "option 2, text, English"),
        ("options.2.target", "option 2, target"),
        ("references.1.title.ja", "reference 1, title, Japanese"),
        ("case.text.en", "case, text, English"),
        ("unheard.of", "unheard, of"),
        ("3.text", "3, text"),
        ("options.2.id", "option 2, id"),
        ("", ""),
    ],
)
def test_a_place_is_put_into_words(where, words):
    with translation.override("en"):
        assert place(where) == words


def test_a_place_is_put_into_japanese_words():
    with translation.override("ja"):
        assert place("options.2.text.en") == "選択肢2、本文、英語"
