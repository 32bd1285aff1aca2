"""Loading packs into the bank and writing them back: all or nothing, and again changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from exams.domain.bank import checksum
from exams.domain.problems import Problems
from exams.formats.pictures import stored_name
from exams.models import Case, Domain, Exam, Media, Option, Question, QuestionVersion, Reference, Size, Tag, Task
from exams.queries.bank import content_of
from exams.services import bank, exchange
from tests.factories import NOW, make_author, make_bank, make_exam, make_question, text
from tests.formats.makers import OTHERS, PNG, SINGLE, SVG, pack_files

pytestmark = pytest.mark.django_db

CODES = ["a-single", "an-ordering", "a-matching", "a-draft"]


def load(files=None, **options):
    return exchange.load_pack(files or pack_files(), by=None, now=NOW, **options)


def question(code: str = "a-single") -> Question:
    return Question.objects.get(code=code)


def edit(code: str = "a-single", **stem: str) -> Question:
    """As the admin does: the working copy says something else."""
    row = question(code)
    row.stem = stem or text("Edited here")
    row.save()
    return row


def everything() -> list[list[dict[str, object]]]:
    """Every row of every table that loading touches."""
    models = (Exam, Size, Domain, Task, Tag, Case, Media, Question, Option, Reference, QuestionVersion)
    return [list(model.objects.order_by("pk").values()) for model in models]


def refused(files) -> list[tuple[str, str]]:
    with pytest.raises(Problems) as caught:
        load(files)
    return [(problem.code, problem.where) for problem in caught.value.problems]


# ── the first time


def test_a_new_pack_is_loaded_whole():
    report = load()
    assert (report.exam.code, report.is_new, report.is_changed) == ("tiny", True, True)
    assert (report.added, report.published) == (CODES, CODES[:3])
    assert (report.changed, report.unchanged, report.edited, report.missing, report.retired) == ([], [], [], [], [])
    exam = Exam.objects.get()
    assert (exam.languages, exam.scale_pass, exam.is_current, str(exam.retired_on)) == (
        ["en", "ja"],
        750,
        False,
        "2026-03-31",
    )
    assert [(size.code, size.questions, size.cut) for size in exam.sizes.all()] == [("full", 4, 2)]
    assert [(row.code, row.weight, row.tasks.get().code) for row in exam.domains.all()] == [
        ("left", 60, "1.1"),
        ("right", 40, "2.1"),
    ]


def test_what_is_stored_is_what_the_pack_says_for_every_kind_of_question():
    load()
    for row in Question.objects.all():
        assert checksum(content_of(row)) == row.loaded_checksum


def test_published_questions_get_a_version_and_drafts_do_not():
    author = make_author()
    exchange.load_pack(pack_files(), by=author, now=NOW)
    assert {row.code: row.status for row in Question.objects.all()} == dict.fromkeys(CODES[:3], "published") | {
        "a-draft": "draft"
    }
    version = question().current_version
    assert version is not None
    assert (version.number, version.published_by, version.published_at) == (1, author, NOW)
    assert version.content["case"] == {"id": "a-case", "text": {"en": "A shared text", "ja": "共通の文章"}}
    assert question("a-draft").current_version is None


def test_a_picture_is_stored_by_its_hash_and_served(client):
    load()
    name = stored_name(SVG)
    assert Media.objects.get().name == name
    assert question().current_version.content["media"] == {"media/curve.svg": name}
    reply = client.get(f"/media/{name}")
    assert (reply.status_code, reply.getvalue()) == (200, SVG)


# ── again


def test_loading_the_same_pack_again_changes_nothing():
    load()
    before = everything()
    report = load()
    assert (report.unchanged, report.is_new, report.is_changed) == (CODES, False, False)
    assert (report.added, report.changed, report.edited, report.published) == ([], [], [], [])
    assert everything() == before


def test_force_changes_nothing_either_where_nothing_differs():
    load()
    before = everything()
    assert load(force=True, retire_missing=True).unchanged == CODES
    assert everything() == before


@pytest.mark.parametrize("number", [1, 30])
def test_an_unchanged_pack_takes_the_same_few_queries_however_many_questions_it_has(number, django_assert_num_queries):
    files = pack_files()
    one = files["questions/left.yaml"].decode()
    files["questions/left.yaml"] = "".join(
        one.replace("a-single", f"a-single-{position}") for position in range(number)
    ).encode()
    load(files)
    with django_assert_num_queries(20):
        load(files)


def test_a_picture_that_is_lost_from_the_storage_is_put_back():
    load()
    default_storage.delete(f"questions/{stored_name(SVG)}")
    load()
    assert default_storage.exists(f"questions/{stored_name(SVG)}")


# ── changes


def test_a_changed_question_is_published_as_the_next_version_and_the_old_one_stays():
    load()
    old = question().current_version
    report = exchange.load_pack(pack_files(("en: It is,", "en: It is so,")), by=None, now=NOW + timedelta(days=1))
    assert (report.changed, report.published, report.unchanged) == (["a-single"], ["a-single"], CODES[1:])
    new = question().current_version
    assert (new.number, new.content["options"][0]["text"]["en"]) == (2, "It is so")
    old.refresh_from_db()
    assert old.content["options"][0]["text"]["en"] == "It is"
    assert question().revised_at == {"en": (NOW + timedelta(days=1)).isoformat(), "ja": NOW.isoformat()}


def test_options_keep_their_rows_by_id_and_those_that_are_gone_go():
    load()
    rows = dict(question().options.values_list("code", "pk"))
    load(pack_files(("id: never,", "id: hardly,")))
    assert dict(question().options.values_list("code", "pk")).items() >= {
        ("yes-it-is", rows["yes-it-is"]),
        ("no-it-is-not", rows["no-it-is-not"]),
    }
    assert "never" not in question().options.values_list("code", flat=True)


def test_a_changed_case_republishes_its_questions():
    load()
    report = load(pack_files(("A shared text", "Another shared text")))
    assert (report.changed, report.published) == (["a-single"], ["a-single"])
    assert question().current_version.content["case"]["text"]["en"] == "Another shared text"


def test_a_changed_picture_republishes_the_questions_that_show_it():
    load()
    report = load(pack_files(**{"media/curve.svg": PNG}))
    assert (report.changed, report.published) == (["a-single"], ["a-single"])
    assert question().current_version.content["media"] == {"media/curve.svg": stored_name(PNG)}


def test_figures_of_the_exam_change_in_place():
    load()
    size = Size.objects.get()
    report = load(pack_files(("cut: 2", "cut: 1"), ("en: Left", "en: Leftmost"), ("en: A tag", "en: The tag")))
    assert (report.is_new, report.is_changed, report.unchanged) == (False, True, CODES)
    size.refresh_from_db()
    assert size.cut == 1
    assert Domain.objects.get(code="left").title["en"] == "Leftmost"
    assert Tag.objects.get().title["en"] == "The tag"


def test_a_draft_that_the_pack_now_wants_published_is_published():
    load(pack_files(("- id: a-single\n", "- id: a-single\n  status: draft\n")))
    assert question().current_version is None
    report = load()
    assert (report.changed, report.published) == (["a-single"], ["a-single"])
    assert question().status == "published"


def test_a_published_question_that_the_pack_now_calls_a_draft_stays_in_force():
    load()
    report = load(pack_files(("- id: a-single\n", "- id: a-single\n  status: draft\n"), ("en: It is,", "en: So,")))
    assert (report.changed, report.published) == (["a-single"], [])
    assert (question().status, question().current_version.number) == ("draft", 1)
    assert question().options.first().text["en"] == "So"


# ── what others did here


def test_a_question_edited_here_is_left_alone_and_named():
    load()
    edit()
    report = load(pack_files(("en: It is,", "en: It is so,")))
    assert (report.edited, report.changed) == (["a-single"], [])
    assert question().stem == text("Edited here")
    assert question().current_version.number == 1


def test_force_takes_the_packs_text_of_a_question_edited_here():
    load()
    edit()
    report = load(force=True)
    assert (report.changed, report.published, report.edited) == (["a-single"], [], [])
    assert question().stem["en"].startswith("Look at this.")
    assert load().unchanged == CODES


def test_a_question_made_by_hand_is_not_overwritten_by_one_of_the_same_id():
    load()
    Question.objects.update(current_version=None)
    QuestionVersion.objects.all().delete()
    Question.objects.all().delete()
    exam = Exam.objects.get()
    mine = make_question(exam, domain="left", code="a-single", publish=False)
    assert load().edited == ["a-single"]
    assert question().stem == mine.stem
    assert load(force=True).changed == ["a-single"]


def test_an_edit_that_came_into_the_pack_is_no_edit_any_more():
    load()
    edit(en="Look at this.\n\n![A curve](media/curve.svg)", ja="見よ。")
    change = ("これを見よ。\n\n      ![曲線](media/curve.svg)", "見よ。")
    report = load(pack_files(change))
    assert (report.edited, report.changed, report.published) == ([], ["a-single"], ["a-single"])
    assert load(pack_files(change, ("en: It is,", "en: It is so,"))).changed == ["a-single"]


def test_a_case_edited_here_is_left_alone_with_its_questions():
    load()
    Case.objects.update(text=text("Edited here"))
    report = load(pack_files(("A shared text", "Another shared text")))
    assert report.edited == ["a-single"]
    assert Case.objects.get().text == text("Edited here")
    assert load(pack_files(("A shared text", "Another shared text")), force=True).changed == ["a-single"]
    assert Case.objects.get().text["en"] == "Another shared text"


def test_a_new_question_of_a_case_edited_here_is_published_with_the_case_as_it_is_here():
    load()
    Case.objects.update(text=text("Edited here"))
    second = SINGLE.replace("a-single", "second").encode()
    report = load(pack_files(**{"questions/more.yaml": second}))
    assert (report.edited, report.added) == (["a-single"], ["second"])
    assert question("second").current_version.content["case"]["text"] == text("Edited here")


def test_a_new_question_of_a_case_spoilt_here_is_refused_by_name():
    load()
    Case.objects.update(text={"en": "No Japanese"})
    before = everything()
    files = pack_files(**{"questions/more.yaml": SINGLE.replace("a-single", "second").encode()})
    assert refused(files) == [("text_missing", "questions/more.yaml:1: second: case.text.ja")]
    assert everything() == before


def test_a_question_retired_here_stays_retired_unless_forced():
    load()
    bank.retire(question())
    report = load(pack_files(("en: It is,", "en: It is so,")))
    assert (report.edited, question().status) == (["a-single"], "retired")
    report = load(pack_files(("en: It is,", "en: It is so,")), force=True)
    assert (report.changed, question().status, question().current_version.number) == (["a-single"], "published", 2)


def test_a_retired_question_comes_back_by_force_even_if_its_text_is_the_same():
    load()
    bank.retire(question())
    assert load().edited == ["a-single"]
    report = load(force=True)
    assert (report.changed, report.published, question().status) == (["a-single"], [], "published")


def test_a_retired_draft_is_nothing_to_speak_of():
    load()
    bank.retire(question("a-draft"))
    assert load().unchanged == CODES


def test_a_question_that_went_into_review_is_not_touched():
    load()
    Question.objects.filter(code="a-single").update(status="in_review")
    assert load().unchanged == CODES
    assert question().status == "in_review"


# ── what is gone from the pack


def test_a_question_that_vanished_is_named_and_only_retired_if_asked():
    load()
    files = pack_files()
    files["questions/right.yaml"] = OTHERS.split("- id: an-ordering")[0].encode()
    report = load(files)
    assert (report.missing, report.retired) == (CODES[1:], [])
    assert question("an-ordering").status == "published"
    report = load(files, retire_missing=True)
    assert (report.missing, report.retired) == ([], CODES[1:])
    assert question("an-ordering").status == "retired"
    report = load(files, retire_missing=True)
    assert (report.missing, report.retired) == ([], [])


def test_what_the_pack_retired_comes_back_with_the_pack():
    load()
    files = pack_files()
    files["questions/right.yaml"] = OTHERS.split("- id: an-ordering")[0].encode()
    load(files, retire_missing=True)
    report = load()
    assert (report.edited, report.changed, report.published) == ([], CODES[1:], [])
    assert [question(code).status for code in CODES] == ["published", "published", "published", "draft"]
    assert load().unchanged == CODES


def test_what_the_pack_retired_and_somebody_then_retired_on_purpose_stays_retired():
    load()
    files = pack_files()
    files["questions/right.yaml"] = OTHERS.split("- id: an-ordering")[0].encode()
    load(files, retire_missing=True)
    bank.retire(question("an-ordering"))
    edit("a-matching")
    report = load()
    assert (report.edited, report.changed) == (["an-ordering", "a-matching"], ["a-draft"])
    assert question("an-ordering").status == "retired"


def test_a_question_made_by_hand_is_not_missing():
    exam = load().exam
    make_question(exam, domain="left", publish=False)
    assert load(retire_missing=True).retired == []


def test_unused_sizes_domains_tasks_and_tags_go_with_the_pack():
    title = "title: {en: Old, ja: 旧}"
    size = f"  - {{code: old, {title}, questions: 2, scored: 2, minutes: 1, cut: 1}}\n"
    domain = f"  - {{code: old, {title}, weight: 10, tasks: []}}\n"
    task = '- {code: "2.0", statement: {en: Old, ja: 旧}}\n      '
    load(
        pack_files(
            ("    weight: 40", "    weight: 30"),
            ("  - {code: full", f"{size}  - {{code: full"),
            ("tags:\n", f"{domain}tags:\n  - {{code: old, {title}}}\n"),
            ('- {code: "2.1"', task + '- {code: "2.1"'),
        )
    )
    assert Size.objects.count() == 2
    report = load()
    assert (report.is_changed, report.unchanged) == (True, CODES)
    for model, codes in ((Size, {"full"}), (Domain, {"left", "right"}), (Task, {"1.1", "2.1"}), (Tag, {"a-tag"})):
        assert set(model.objects.values_list("code", flat=True)) == codes


@pytest.mark.parametrize("code", ["domain: right", 'task: "2.1"'])
def test_a_domain_or_task_that_versions_rest_on_cannot_vanish(code):
    load()
    before = everything()
    files = pack_files()
    field, old = code.split(": ")
    new = {"right": "far", '"2.1"': '"2.2"'}[old]
    files["exam.yaml"] = files["exam.yaml"].replace(f"code: {old}".encode(), f"code: {new}".encode())
    files["questions/right.yaml"] = files["questions/right.yaml"].replace(code.encode(), f"{field}: {new}".encode())
    assert refused(files) == [("in_use", "exam.yaml: domains.tasks")]
    assert everything() == before


def test_a_tag_that_questions_outside_the_pack_have_cannot_vanish():
    exam = load().exam
    make_question(exam, domain="left", publish=False).tags.add(Tag.objects.get())
    files = pack_files(("tags:\n  - {code: a-tag, title: {en: A tag, ja: タグ}}\n", ""), ("  tags: [a-tag]\n", ""))
    assert refused(files) == [("in_use", "exam.yaml: tags")]


def test_a_draft_may_move_out_of_a_domain_that_vanishes():
    load(
        pack_files(
            ("    weight: 40", "    weight: 30"),
            ("tags:\n", "  - {code: old, title: {en: O, ja: O}, weight: 10, tasks: []}\ntags:\n"),
            ("  kind: multiple\n  domain: right", "  kind: multiple\n  domain: old"),
        )
    )
    assert load().changed == ["a-draft"]
    assert question("a-draft").domain.code == "right"


# ── all or nothing


def test_a_pack_with_one_fault_changes_nothing():
    load()
    before = everything()
    files = pack_files(("en: Left", "en: Leftmost"), ("key: true, text", "text"))
    assert refused(files) == [("key_missing", "questions/left.yaml:19: a-single: options")]
    assert everything() == before


def test_texts_that_would_not_come_out_as_meant_are_all_named_and_nothing_is_loaded():
    files = pack_files(
        ("![A curve]", "![]"),
        ("en: Never", "en: Never<br>"),
        ("en: A shared text", "en: A **shared** <b>text"),
        ("en: Put in order", "en: Put $$ in order"),
        ("en: Not yet", "en: <b>Not yet"),  # of a draft
    )
    assert refused(files) == [
        ("picture_without_words", "questions/left.yaml:1: a-single: stem.en"),
        ("html_shown", "questions/left.yaml:1: a-single: case.text.en"),
        ("html_shown", "questions/left.yaml:1: a-single: options.3.text.en"),
        ("formula_open", "questions/right.yaml:3: an-ordering: stem.en"),
    ]
    assert not Exam.objects.exists()


def test_a_pack_that_is_refused_at_first_leaves_no_exam():
    assert refused(pack_files(("kind: matching", "kind: matchmaking")))
    assert not Exam.objects.exists()
    assert load().added == CODES


# ── writing back


def test_loading_a_dump_changes_nothing():
    load()
    before = everything()
    report = load(exchange.dump_pack(Exam.objects.get()))
    assert report.unchanged == [row.code for row in Question.objects.order_by("domain__order", "pk")]
    assert everything() == before


@pytest.mark.parametrize(
    "written",
    [
        "![A curve](<media/curve.svg>)",
        "![A curve](media%2Fcurve.svg)",
        "![A curve][c]\n\n      [c]: media/curve.svg",
        "The file media/other.png, ![A curve](media/curve.svg)",
        "No picture: media/curve.svg",
    ],
)
def test_packs_and_bank_agree_which_pictures_a_text_shows(written):
    files = pack_files(("![A curve](media/curve.svg)", written), **{"media/other.png": PNG})
    files["questions/left.yaml"] = files["questions/left.yaml"].replace(
        "\n\n      ![曲線](media/curve.svg)".encode(), b""
    )
    load(files)
    report = load(files)
    assert (report.edited, report.unchanged) == ([], CODES)


def test_a_dump_of_a_bank_made_by_hand_loads_elsewhere_and_changes_nothing_here():
    exam = make_exam("by-hand", rules={}, source=text("From us"), licence="CC0")
    made = make_bank(exam)
    make_question(exam, kind="multiple", publish=False, licence="MIT")
    before = [list(QuestionVersion.objects.values()), list(Question.objects.values("code", "status", "updated_at"))]
    files = exchange.dump_pack(exam)
    report = load(files)
    assert (len(report.unchanged), report.changed, report.edited) == (len(made) + 1, [], [])
    assert [
        list(QuestionVersion.objects.values()),
        list(Question.objects.values("code", "status", "updated_at")),
    ] == before
    elsewhere = {path: data.replace(b"code: by-hand", b"code: elsewhere") for path, data in files.items()}
    assert len(load(elsewhere).published) == len(made)
    assert exchange.dump_pack(Exam.objects.get(code="elsewhere")) == elsewhere


def test_an_edit_that_is_not_published_is_dumped_as_a_draft_so_that_no_pack_publishes_it():
    load()
    edit()
    files = exchange.dump_pack(Exam.objects.get())
    assert b"Edited here" in files["questions/left.yaml"]
    assert b"status: draft" in files["questions/left.yaml"]
    assert load(files).unchanged == ["a-single", *CODES[1:]]
    assert question().current_version.number == 1


def test_retired_questions_are_left_out_of_a_dump():
    load()
    bank.retire(question("an-ordering"))
    files = exchange.dump_pack(Exam.objects.get())
    assert b"an-ordering" not in files["questions/right.yaml"]


def test_a_dump_has_the_pictures_and_says_so_when_one_is_lost():
    load()
    assert exchange.dump_pack(Exam.objects.get())["media/curve.svg"] == SVG
    default_storage.delete(f"questions/{stored_name(SVG)}")
    with pytest.raises(Problems) as caught:
        exchange.dump_pack(Exam.objects.get())
    assert [(problem.code, problem.where) for problem in caught.value.problems] == [("picture_lost", "media/curve.svg")]


@pytest.mark.parametrize("number", [1, 30])
def test_a_dump_takes_the_same_few_queries_however_many_questions_it_has(number, django_assert_num_queries):
    exam = make_exam()
    for _ in range(number):
        make_question(exam)
    with django_assert_num_queries(11):
        exchange.dump_pack(exam)
