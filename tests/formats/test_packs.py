"""Reading packs: what is right becomes content, what is wrong is named by file, line, question and field."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from exams.domain.bank import Difficulty, Kind, Reference
from exams.formats import packs
from exams.formats.nodes import LARGEST, MOST
from exams.formats.pictures import stored_name
from tests.formats.makers import PNG, SVG, faults, pack_files

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def test_an_exam_is_read_with_all_its_figures():
    exam = packs.read(pack_files()).exam
    assert (exam.code, exam.version, exam.languages, exam.licence) == ("tiny", "1.0", ("en", "ja"), "CC BY 4.0")
    assert (exam.is_current, exam.retired_on, exam.scale) == (False, date(2026, 3, 31), (100, 750, 1000))
    assert [(size.code, size.questions, size.scored, size.minutes, size.cut) for size in exam.sizes] == [
        ("full", 4, 3, 9, 2)
    ]
    assert [(domain.code, domain.weight, domain.tasks[0].code) for domain in exam.domains] == [
        ("left", 60, "1.1"),
        ("right", 40, "2.1"),
    ]
    assert exam.rules == {"single_options": 3, "multiple_options": [3, 4]}


def test_what_an_exam_leaves_out_is_empty_or_named():
    assert packs.read(pack_files(('version: "1.0"\n', ""))).exam.version == ""
    assert faults(pack_files(("status: {current: false, retired_on: 2026-03-31}\n", ""))) == [
        ("field_missing", "exam.yaml:1: status")
    ]
    assert faults(pack_files(("scale: {minimum: 100, pass: 750, maximum: 1000}\n", ""))) == [
        ("field_missing", "exam.yaml:1: scale")
    ]


def test_a_question_is_read_with_its_texts_stripped_and_its_case_and_pictures():
    row = packs.read(pack_files()).questions[0]
    content = row.content
    assert (row.code, row.is_published, row.where) == ("a-single", True, "questions/left.yaml:1: a-single")
    assert (content.kind, content.domain, content.task, content.tags) == (Kind.SINGLE, "left", "1.1", ("a-tag",))
    assert (content.difficulty, content.as_of, content.shuffle) == (Difficulty.HARD, date(2026, 11, 1), True)
    assert content.stem["ja"] == "これを見よ。\n\n![曲線](media/curve.svg)"
    assert content.case is not None
    assert content.case.text == {"en": "A shared text", "ja": "共通の文章"}
    assert [(option.id, option.is_key) for option in content.options] == [
        ("yes-it-is", True),
        ("no-it-is-not", False),
        ("never", False),
    ]
    assert content.references == (
        Reference(title={"en": "Guide", "ja": "手引き"}, url="https://docs.example.org/guide"),
    )
    assert content.media == {"media/curve.svg": stored_name(SVG)}


def test_source_and_licence_are_the_exams_where_a_question_has_none_of_its_own():
    single, ordering, *_ = packs.read(pack_files()).questions
    assert (single.content.source["en"], single.content.licence) == ("Written here", "CC BY 4.0")
    assert (ordering.content.source["en"], ordering.content.licence) == ("From elsewhere", "CC0")


def test_a_matching_has_targets_and_a_draft_may_be_unfinished():
    *_, matching, draft = packs.read(pack_files()).questions
    assert [target.id for target in matching.content.targets] == ["meow", "woof", "moo"]
    assert (draft.is_published, draft.content.stem, draft.content.shuffle) == (False, {"en": "Not yet"}, False)


def test_the_exams_own_faults_come_before_those_of_its_questions():
    assert faults(pack_files(("weight: 60", "weight: 61"), ("kind: single", "kind: simple"))) == [
        ("weights_not_100", "exam.yaml:12: domains")
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        # exam.yaml
        ("code: tiny", "code: Tiny!", "code_invalid", "exam.yaml:1: code"),
        ("code: tiny", "code: ''", "code_invalid", "exam.yaml:1: code"),
        ("code: tiny", f"code: {'t' * 41}", "too_long", "exam.yaml:1: code"),
        ('version: "1.0"', "version: 1.0", "not_text", "exam.yaml:2: version"),
        ("{en: Tiny, ja: 小さな試験}", "{en: Tiny}", "text_missing", "exam.yaml:3: title.ja"),
        ("{en: Tiny, ja: 小さな試験}", "{en: Tiny, ja: ' '}", "text_missing", "exam.yaml:3: title.ja"),
        ("{en: Tiny, ja: 小さな試験}", "Tiny", "not_mapping", "exam.yaml:3: title"),
        ("{en: Written here,", "{en: Written here, EN: x,", "language_invalid", "exam.yaml:6: source.EN"),
        ("languages: [en, ja]", "languages: [en, ja, en]", "languages_needed", "exam.yaml:4: languages"),
        ("languages: [en, ja]", "languages: []", "languages_needed", "exam.yaml:4: languages"),
        ("languages: [en, ja]", "languages: en", "not_list", "exam.yaml:4: languages"),
        ("languages: [en, ja]", "languages: [en, ja, 3]", "not_text", "exam.yaml:4: languages"),
        ("retired_on: 2026-03-31", "retired_on: 2026-03-32", "not_date", "exam.yaml:7: status.retired_on"),
        ("retired_on: 2026-03-31", "retired_on: 2026-03-31 10:00:00", "not_date", "exam.yaml:7: status.retired_on"),
        ("current: false", "current: 0", "not_flag", "exam.yaml:7: status.current"),
        ("pass: 750", "pass: 50", "scale_not_ascending", "exam.yaml:8: scale"),
        ("minimum: 100", "minimum: -1", "number_range", "exam.yaml:8: scale.minimum"),
        ("minimum: 100", "minimum: true", "not_whole", "exam.yaml:8: scale.minimum"),
        ("cut: 2", "cut: 4", "size_figures", "exam.yaml:10: sizes.1"),
        ("minutes: 9", "minutes: 40000", "number_range", "exam.yaml:10: sizes.1.minutes"),
        ("minutes: 9, ", "", "field_missing", "exam.yaml:10: sizes.1.minutes"),
        ("minutes: 9", "minutes: 9, minute: 9", "field_unknown", "exam.yaml:10: sizes.1.minute"),
        ("minutes: 9", "minutes: 9, minutes: 8", "field_twice", "exam.yaml:10: sizes.1.minutes"),
        ("code: right", "code: left", "code_twice", "exam.yaml:12: domains"),
        (
            '- {code: "2.1"',
            '- {code: "2.1", statement: {en: X, ja: X}}\n      - {code: "2.1"',
            "code_twice",
            "exam.yaml:21: domains.2.tasks",
        ),
        ("weight: 40", "weight: 400", "weight_range", "exam.yaml:19: domains.2.weight"),
        ("single_options: 3", "single_options: 1", "rule_invalid", "exam.yaml:24: rules.single_options"),
        ("rules: {single_options: 3, multiple_options: [3, 4]}", "rules: []", "not_mapping", "exam.yaml:24: rules"),
        (
            "rules: {single_options: 3, multiple_options: [3, 4]}",
            "rules: {single_options: !!map x}",
            "not_mapping",
            "exam.yaml:24: rules",
        ),
        # questions
        ("id: a-single", "id: A_Single", "code_invalid", "questions/left.yaml:1: id"),
        ("id: an-ordering", "id: a-single", "question_twice", "questions/right.yaml:3: a-single: id"),
        ("- id: a-single\n  kind", "- kind", "field_missing", "questions/left.yaml:1: id"),
        ("kind: single", "kind: simple", "value_unknown", "questions/left.yaml:2: a-single: kind"),
        ("domain: left", "domain: up", "value_unknown", "questions/left.yaml:3: a-single: domain"),
        ('task: "1.1"', 'task: "2.1"', "value_unknown", "questions/left.yaml:4: a-single: task"),
        ("difficulty: hard", "difficulty: harder", "value_unknown", "questions/left.yaml:5: a-single: difficulty"),
        ("tags: [a-tag]", "tags: [b-tag]", "value_unknown", "questions/left.yaml:6: a-single: tags"),
        ("as_of: 2026-11-01", "as_of: yesterday", "not_date", "questions/left.yaml:7: a-single: as_of"),
        ("case: a-case\n  stem", "case: b-case\n  stem", "case_unknown", "questions/left.yaml:8: a-single: case"),
        ("  stem:\n    en:", "  stems: 1\n  stem:\n    en:", "field_unknown", "questions/left.yaml:9: a-single: stems"),
        ("media/curve.svg", "media/curves.svg", "picture_missing", "questions/left.yaml:10: a-single: stem.en"),
        ("id: never", "id: yes-it-is", "option_id_twice", "questions/left.yaml:19: a-single: options"),
        (
            "{id: never, text: {en: Never, ja: 決して}",
            "{id: never, text: {en: Never}",
            "text_missing",
            "questions/left.yaml:21: a-single: options.3.text.ja",
        ),
        ("{id: never,", "{id: never, key: true,", "key_count_single", "questions/left.yaml:19: a-single: options"),
        (
            "{id: never,",
            "{id: never, target: x,",
            "target_not_wanted",
            "questions/left.yaml:21: a-single: options.3.target",
        ),
        ("{id: one,", "{id: one, key: true,", "key_not_wanted", "questions/right.yaml:9: an-ordering: options.1.key"),
        (
            "{id: cat, target: meow,",
            "{id: cat,",
            "target_missing",
            "questions/right.yaml:23: a-matching: options.1.target",
        ),
        ("target: meow", "target: miaow", "target_unknown", "questions/right.yaml:23: a-matching: options.1.target"),
        (
            "{en: A shared text, ja: 共通の文章}",
            f"{{en: {'x' * 20_001}, ja: 共通の文章}}",
            "too_long",
            "questions/right.yaml:2: text.en",
        ),
        (
            "options: []",
            "options: []\n  targets: [{id: x, text: {}}]",
            "targets_not_wanted",
            "questions/right.yaml:38: a-draft: targets",
        ),
        ("https://docs", "docs", "url_invalid", "questions/left.yaml:24: a-single: references.1.url"),
        ("licence: CC0", f"licence: {'C' * 81}", "too_long", "questions/right.yaml:16: an-ordering: licence"),
        ("status: draft", "status: drafted", "value_unknown", "questions/right.yaml:39: a-draft: status"),
        # cases
        ("  case: a-case\n  stem", "  stem", "case_unused", "questions/right.yaml:1: case"),
        (
            "- id: an-ordering\n",
            "- id: an-ordering\n  case: a-case\n",
            "case_in_two_domains",
            "questions/right.yaml:1: case",
        ),
        (
            "- case: a-case\n",
            "- case: a-case\n  text: {en: A, ja: B}\n- case: a-case\n",
            "code_twice",
            "questions/right.yaml:3: case",
        ),
        (
            "{en: A shared text, ja: 共通の文章}",
            "{en: A shared text}",
            "text_missing",
            "questions/right.yaml:2: text.ja",
        ),
    ],
)
def test_one_fault_is_one_problem_in_its_place(old, new, code, where):
    assert faults(pack_files((old, new))) == [(code, where)]


def test_an_entry_that_is_neither_question_nor_case_is_named():
    assert faults(pack_files(("- id: a-draft", "- just words\n- id: a-draft"))) == [
        ("not_mapping", "questions/right.yaml:33"),
    ]


def test_a_task_of_an_unknown_domain_is_not_named_as_well():
    old, new = (
        "- id: a-draft\n  kind: multiple\n  domain: right\n",
        "- id: a-draft\n  kind: multiple\n  domain: up\n  task: x\n",
    )
    assert faults(pack_files((old, new))) == [("value_unknown", "questions/right.yaml:35: a-draft: domain")]


def test_the_number_of_keys_that_the_stem_states_is_checked():
    change = ("Look at this.", "Look at this. (Choose two.)")
    assert faults(pack_files(change)) == [("number_differs", "questions/left.yaml:10: a-single: stem.en")]


def test_a_case_of_drafts_only_may_be_unfinished():
    files = pack_files(("  case: a-case\n  stem", "  case: a-case\n  status: draft\n  stem"), (", ja: 共通の文章", ""))
    assert faults(files) == []


# ── files


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"a: [1", "not_yaml", ":2"),
        (b"a: 1\nb: - c", "not_yaml", ":2"),
        (b"a: 1\n--- \nb: 1", "not_yaml", ":2"),
        (b"a: b\n\xff", "not_utf8", ":2"),
        ("a: b".encode("utf-16"), "not_utf8", ":1"),
        (b"a: b\nc: \0", "control_character", ":2"),
        (b'a: b\nc: "\\0"', "control_character", ":2"),
        (b"# nothing", "file_empty", ""),
        (b"", "file_empty", ""),
        (b"a: &a [x]\nb: *a", "yaml_alias", ":2"),
        (b"[" * 100_000, "yaml_too_deep", ":1"),
        (b"[" + b"x," * (MOST + 1) + b"]", "yaml_too_much", ":1"),
        (b"x" * (LARGEST + 1), "file_too_large", ""),
    ],
    ids=lambda value: str(value[:12]),
)
@pytest.mark.parametrize("path", ["exam.yaml", "questions/left.yaml"])
def test_a_file_that_cannot_be_read_is_one_problem(path, data, code, line):
    found = faults({**pack_files(), path: data})
    assert found[0] == (code, f"{path}{line}")
    assert len(found) == 1 or path != "exam.yaml"


def test_an_entity_bomb_is_refused_before_it_is_built():
    bomb = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
        b"%c: &%c [%s]\n" % (name, name, b",".join([b"*%c" % (name - 1)] * 9)) for name in b"bcdefghij"
    )
    assert faults(pack_files(**{"questions/bomb.yaml": bomb})) == [("yaml_alias", "questions/bomb.yaml:2")]


def test_objects_of_a_programming_language_are_not_made():
    files = pack_files(("difficulty: hard", "difficulty: !!python/object/apply:os.getcwd []"))
    assert faults(files) == [("not_text", "questions/left.yaml:5: a-single: difficulty")]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm():
    files = {
        path: data.replace(b"\n", b"\r\n") if path.endswith("yaml") else data for path, data in pack_files().items()
    }
    files["exam.yaml"] = "\ufeff".encode() + files["exam.yaml"]
    assert packs.read(files).questions[0].content == packs.read(pack_files()).questions[0].content


def test_a_list_is_wanted_in_a_file_of_questions():
    assert faults(pack_files(**{"questions/map.yaml": b"id: x"})) == [("not_list", "questions/map.yaml")]


def test_a_mapping_is_wanted_in_exam_yaml():
    assert faults({"exam.yaml": b"- code: tiny"})[0] == ("not_mapping", "exam.yaml:1")


def test_a_pack_without_exam_yaml_is_none():
    assert faults({"questions/left.yaml": b""}) == [("file_missing", "exam.yaml")]


@pytest.mark.parametrize(
    "path", ["README.md", "questions/left.yml", "questions/../x.yaml", "questions/a/b.yaml", "../x.yaml", "/etc/x.yaml"]
)
def test_a_file_without_a_place_in_a_pack_is_named(path):
    assert faults(pack_files(**{path: b"[]"})) == [("file_unknown", path)]


@pytest.mark.parametrize(
    "path",
    [
        "media/../../x.svg",
        "media/x.gif",
        "media/a b.svg",
        "media/a.b.svg",
        "media/.svg",
        "media\\x.svg",
        f"media/{'x' * 200}.svg",
    ],
)
def test_a_picture_with_another_name_is_refused(path):
    wanted = "picture_name" if path.startswith("media/") else "file_unknown"
    assert faults(pack_files(**{path: SVG})) == [(wanted, path)]


def test_a_file_that_is_no_picture_is_refused():
    assert faults(pack_files(**{"media/x.png": b"MZ"})) == [("picture_refused", "media/x.png")]


def test_pictures_in_folders_are_kept_under_their_path():
    files = pack_files(**{"media/plots/Roc_1.png": PNG})
    assert packs.read(files).media == {"media/curve.svg": SVG, "media/plots/Roc_1.png": PNG}


def test_the_code_of_a_pack_is_read_without_the_rest():
    assert [packs.code_in(data) for data in (pack_files()["exam.yaml"], b"a: 1", b"[", b"- x")] == ["tiny", "", "", ""]


@pytest.mark.parametrize("folder", sorted(FIXTURES.iterdir()), ids=lambda folder: folder.name)
def test_the_packs_that_come_with_mogi_are_faultless(folder):
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert faults(files) == []
