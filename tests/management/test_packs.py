"""load_pack and dump_pack: what they print, what they refuse, and with which exit code."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command, execute_from_command_line

from exams.formats.pictures import stored_name
from exams.management.commands import load_pack
from exams.models import Exam, Question
from exams.queries.blueprints import offers
from exams.services import bank
from tests.factories import make_exam
from tests.formats.makers import OTHERS, SVG, pack_files

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def written(folder: Path, files: dict[str, bytes] | None = None) -> Path:
    """The pack as a folder."""
    for path, data in (files or pack_files()).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


def run(command: str, *arguments: object) -> str:
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


def refusal(command: str, *arguments: object) -> list[str]:
    with pytest.raises(CommandError) as caught:
        run(command, *arguments)
    return str(caught.value).splitlines()


# ── load_pack


def test_loading_says_what_it_did(tmp_path):
    pack = written(tmp_path)
    assert run("load_pack", pack) == "tiny: 4 added, 0 changed, 0 unchanged, 3 published; exam created.\n"
    assert run("load_pack", pack) == "tiny: 0 added, 0 changed, 4 unchanged, 0 published.\n"
    written(tmp_path, pack_files(("cut: 2", "cut: 1"), ("en: It is,", "en: It is so,")))
    assert run("load_pack", pack) == "tiny: 0 added, 1 changed, 3 unchanged, 1 published; exam changed.\n"


def test_loading_names_what_it_left_alone(tmp_path):
    pack = written(tmp_path)
    run("load_pack", pack)
    bank.retire(Question.objects.get(code="a-single"))
    (pack / "questions" / "right.yaml").write_text(OTHERS.split("- id: a-matching")[0])
    assert run("load_pack", pack).splitlines()[1:] == [
        "  a-single: edited or retired here since, left alone (--force takes the pack's)",
        "  a-matching: no longer in the pack, left alone (--retire-missing retires it)",
        "  a-draft: no longer in the pack, left alone (--retire-missing retires it)",
    ]
    assert run("load_pack", pack, "--force", "--retire-missing").splitlines() == [
        "tiny: 0 added, 1 changed, 1 unchanged, 0 published.",
        "  a-matching: no longer in the pack, retired",
        "  a-draft: no longer in the pack, retired",
    ]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            "{id: never,",
            "{id: never, key: true,",
            "questions/left.yaml:19: a-single: options: A single choice has exactly one key, but 2 options are marked. "
            "Unmark the others, or make it a multiple response.",
        ),
        (
            "{en: See it, ja: 見る}",
            "{en: See it}",
            "questions/left.yaml:22: a-single: objective.ja: There is no text in Japanese. "
            "Write it: this exam needs every text in all its languages.",
        ),
        (
            "domain: left",
            "domain: up",
            "questions/left.yaml:3: a-single: domain: “up” is not known. Use one of: left, right.",
        ),
        (
            "id: an-ordering",
            "id: a-single",
            "questions/right.yaml:3: a-single: id: Another question has the id “a-single” already. "
            "Give this one its own.",
        ),
        (
            "code: tiny",
            "code: [tiny",
            "exam.yaml:2: This is not YAML: did not find expected ',' or ']'. "
            "Check the indentation and quotes in and just above this line.",
        ),
    ],
)
def test_a_fault_is_one_clear_line_and_nothing_is_loaded(tmp_path, old, new, line):
    assert refusal("load_pack", written(tmp_path, pack_files((old, new)))) == ["Nothing was loaded:", line]
    assert not Exam.objects.exists()


def test_a_fault_ends_the_program_with_code_1_and_no_traceback(tmp_path, capsys):
    pack = written(tmp_path, pack_files(("weight: 60", "weight: 61")))
    with pytest.raises(SystemExit) as ended:
        execute_from_command_line(["manage.py", "load_pack", str(pack)])
    assert ended.value.code == 1
    out, error = capsys.readouterr()
    assert out == ""
    assert error.splitlines() == [
        "CommandError: Nothing was loaded:",
        "exam.yaml:12: domains: The weights of the domains add up to 101, not to 100. Correct them.",
    ]


def test_a_good_pack_loads_after_a_bad_one(tmp_path):
    refusal("load_pack", written(tmp_path / "bad", pack_files(**{"questions/bomb.yaml": b"a: &a b\nc: *a"})))
    assert run("load_pack", written(tmp_path / "good")).startswith("tiny: 4 added")


def test_files_that_begin_with_a_dot_are_left_out(tmp_path):
    pack = written(tmp_path, pack_files(**{".git/config": b"x", "questions/.left.yaml.swp": b"x"}))
    assert run("load_pack", pack).startswith("tiny: 4 added")


def test_only_a_folder_is_a_pack(tmp_path):
    missing = tmp_path / "missing"
    assert refusal("load_pack", missing) == [f"{missing} is not a folder. Give the folder that holds exam.yaml."]
    file = written(tmp_path) / "exam.yaml"
    assert refusal("load_pack", file) == [f"{file} is not a folder. Give the folder that holds exam.yaml."]


@pytest.mark.parametrize("of", ["file", "folder"])
def test_links_are_refused(tmp_path, of):
    outside = written(tmp_path / "outside")
    pack = written(tmp_path / "pack")
    link = pack / "questions" / "link.yaml" if of == "file" else pack / "more"
    link.symlink_to(outside / "questions" / "left.yaml" if of == "file" else outside)
    assert refusal("load_pack", pack) == [
        f"{link} is a link, which may lead outside the pack. Put the file itself there."
    ]


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    pipe = written(tmp_path) / "media" / "pipe.svg"
    os.mkfifo(pipe)
    assert refusal("load_pack", tmp_path) == [f"{pipe} is no plain file. Remove it."]


@pytest.mark.parametrize(("name", "value"), [("LARGEST", 100), ("MOST", 2)])
def test_a_pack_that_is_too_large_is_refused_before_it_is_read(tmp_path, monkeypatch, name, value):
    monkeypatch.setattr(load_pack, name, value)
    assert refusal("load_pack", written(tmp_path))[0].startswith("The pack is larger than ")


def test_a_file_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    def deny(self):
        raise PermissionError(13, "Permission denied", str(self))

    pack = written(tmp_path)
    monkeypatch.setattr(Path, "read_bytes", deny)  # root may read everything, so the mode of a file would not do
    assert refusal("load_pack", pack) == [
        f"{pack / 'exam.yaml'} can't be read (Permission denied). Check who may read it."
    ]


@pytest.mark.parametrize("folder", sorted(FIXTURES.iterdir()), ids=lambda folder: folder.name)
def test_the_packs_that_come_with_mogi_load_offer_their_short_form_and_survive_a_dump(tmp_path, folder):
    said = run("load_pack", folder)
    exam, number = Exam.objects.get(), Question.objects.count()
    assert said == f"{folder.name}: {number} added, 0 changed, 0 unchanged, {number} published; exam created.\n"
    short = next(row for row in offers(exam) if row.size.code == "short")
    assert (short.missing, short.offer.repeats) == ((), 0)
    run("dump_pack", exam.code, "--to", tmp_path / "dump")
    again = run("load_pack", tmp_path / "dump")
    assert again == f"{folder.name}: 0 added, 0 changed, {number} unchanged, 0 published.\n"


# ── dump_pack


def test_a_dump_is_a_pack_that_changes_nothing(tmp_path):
    run("load_pack", written(tmp_path / "pack"))
    to = tmp_path / "new" / "dump"
    assert run("dump_pack", "tiny", "--to", to) == f"4 files written to {to}.\n"
    assert (to / "media" / "curve.svg").read_bytes() == SVG
    assert run("load_pack", to) == "tiny: 0 added, 0 changed, 4 unchanged, 0 published.\n"
    assert run("dump_pack", "tiny", "--to", to) == f"4 files written to {to}.\n"


def test_a_dump_may_go_over_a_pack_of_the_same_exam_whose_files_were_cut_otherwise(tmp_path):
    files = pack_files()
    files["questions/all.yaml"] = files.pop("questions/left.yaml") + files.pop("questions/right.yaml")
    pack = written(tmp_path, files)
    run("load_pack", pack)
    run("dump_pack", "tiny", "--to", pack)
    assert sorted(path.name for path in (pack / "questions").iterdir()) == ["left.yaml", "right.yaml"]
    assert run("load_pack", pack).startswith("tiny: 0 added, 0 changed, 4 unchanged")


def test_a_dump_goes_into_an_empty_folder(tmp_path):
    make_exam("other")
    assert run("dump_pack", "other", "--to", tmp_path) == f"1 files written to {tmp_path}.\n"


@pytest.mark.parametrize("holds", ["notes.txt", "exam.yaml"])
def test_a_dump_does_not_go_over_anything_else(tmp_path, holds):
    make_exam("other")
    (tmp_path / holds).write_bytes(pack_files()["exam.yaml"])
    assert refusal("dump_pack", "other", "--to", tmp_path) == [
        f"{tmp_path} is neither empty nor a content pack of other. Choose another folder."
    ]
    assert (tmp_path / holds).read_bytes() == pack_files()["exam.yaml"]


def test_a_dump_does_not_go_over_a_file(tmp_path):
    make_exam("other")
    (tmp_path / "file").touch()
    assert refusal("dump_pack", "other", "--to", tmp_path / "file")


def test_an_exam_that_is_not_there_is_answered_with_those_that_are(tmp_path):
    assert refusal("dump_pack", "tiny", "--to", tmp_path) == ["There is no exam “tiny”. There are: none."]
    make_exam("other")
    assert refusal("dump_pack", "tiny", "--to", tmp_path) == ["There is no exam “tiny”. There are: other."]


def test_a_lost_picture_is_named_and_nothing_is_written(tmp_path):
    run("load_pack", written(tmp_path / "pack"))
    default_storage.delete(f"questions/{stored_name(SVG)}")
    assert refusal("dump_pack", "tiny", "--to", tmp_path / "dump") == [
        "The picture “media/curve.svg” is gone from the storage. Load the pack that has it again."
    ]
    assert not (tmp_path / "dump").exists()
