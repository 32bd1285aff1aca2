"""Spreadsheets and printed reports of results."""

from __future__ import annotations

import csv
import zipfile
from datetime import datetime, timedelta
from io import BytesIO, StringIO

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from openpyxl import load_workbook

from exams.documents.printed import Spread
from exams.domain.attempts import CLOSING
from exams.queries import cohort_results, score_reports
from exams.services import attempts, cohorts
from exams.templatetags.charts import score_spread
from tests.classroom import MINUTE, join, sit
from tests.factories import (
    NOW,
    make_exam_of_all_kinds,
    make_members,
    make_sittings,
    make_user,
)
from tests.sitting import make_form, make_people, rights, sit_form

pytestmark = pytest.mark.django_db
SHEETS = ("members", "answers", "items")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW + 5 * MINUTE, tick=False) as traveller:
        yield traveller


def member(assignment, name, instructor):
    return join(assignment.cohort, make_user(name, language="en"), instructor)


def get(room, name, assignment, *rest):
    return room.get(reverse(name, args=[assignment.cohort.public_id, assignment.public_id, *rest]))


def read_csv(answer):
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline="")))


def plain(value):
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return "" if value is None else str(value)


def read_xlsx(answer):
    return load_workbook(BytesIO(answer.getvalue())).active


def test_members_go_out_with_score_interval_and_domains(room, assignment, instructor):
    sit(member(assignment, "Aoki", instructor), assignment, correct=15)
    member(assignment, "Baba", instructor)
    head, aoki, baba = read_csv(get(room, "sheet", assignment, "members", "csv"))
    assert head[:3] == ["Member", "Attempts", "Finished (Asia/Tokyo)"]
    assert head[-1] == "Operations, percent correct"
    assert aoki[:6] == ["Aoki", "1", "2026-11-23 18:01", "15", "20", "750"]
    assert (head[8], aoki[8], aoki[10], len(aoki)) == ("Verdict", "Passed", "750", len(head))
    assert baba == ["Baba", "0", *[""] * (len(head) - 2)]


@pytest.mark.parametrize("what", SHEETS)
def test_a_workbook_says_what_the_text_file_says(room, assignment, instructor, what):
    sit(member(assignment, "青木 さくら", instructor), assignment, correct=3)
    rows = read_csv(get(room, "sheet", assignment, what, "csv"))
    sheet = read_xlsx(get(room, "sheet", assignment, what, "xlsx"))
    cells = [[plain(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    rows = [[value.removesuffix(".0") for value in row] for row in rows]
    assert cells == rows
    assert len(rows) == {"members": 2, "answers": 21, "items": 21}[what]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == sheet.dimensions


def test_a_workbook_knows_dates_and_shares(room, assignment, instructor):
    sit(member(assignment, "Aoki", instructor), assignment, correct=15)
    head, row = read_xlsx(get(room, "sheet", assignment, "members", "xlsx")).iter_rows()
    found = {name.value: cell for name, cell in zip(head, row, strict=True)}
    assert found["Finished (Asia/Tokyo)"].value == datetime(2026, 11, 23, 18, 1)  # noqa: DTZ001
    assert found["Probability to pass"].number_format == "0.0%"
    assert 0 < found["Probability to pass"].value < 1


def test_answers_are_in_the_letters_in_which_options_were_written(room, instructor):
    exam = make_exam_of_all_kinds("kinds")
    cohort = cohorts.make_cohort("Autumn", by=instructor)
    made = cohorts.assign(cohort, exam, exam.sizes.get(), title="All kinds", is_fixed=False, by=instructor)
    attempt = attempts.start(
        member(made, "Aoki", instructor), exam, made.size, now=NOW, seed=1, language="en", assignment=made
    ).attempt
    answers = {
        "single": ["o2"],
        "multiple": ["o0", "o3"],
        "ordering": {"o2": 1, "o0": 2, "o1": 3, "o3": 4},
        "matching": {"o1": "t0", "o0": "t3"},
    }
    for item in attempt.items.all():
        attempt.items.filter(pk=item.pk).update(response=answers[item.answer_key["kind"]])
    attempts.finish(attempt, now=NOW)
    rows = read_csv(get(room, "sheet", made, "answers", "csv"))[1:]
    found = {row[4].rpartition("-")[0]: (row[9], row[10]) for row in rows}
    assert found == {
        "single": ("C", "A"),
        "multiple": ("A D", "A B"),
        "ordering": ("C A B D", "A B C D"),
        "matching": ("A:d B:a", "A:a B:b C:c"),
    }
    keys = {row[0].rpartition("-")[0]: row[6] for row in read_csv(get(room, "sheet", made, "items", "csv"))[1:]}
    assert keys == {kind: key for kind, (_answer, key) in found.items()}


def test_questions_go_out_with_what_was_asked_and_answered(room, assignment, instructor):
    for number, correct in enumerate((20, 10, 0)):
        sit(member(assignment, f"A{number}", instructor), assignment, correct=correct)
    rows = read_csv(get(room, "sheet", assignment, "items", "csv"))[1:]
    assert sum(int(row[7]) for row in rows) == 40  # as in item analysis: who answered nothing is left out
    assert sum(int(row[8]) for row in rows) == 10
    assert sum(int(row[9]) for row in rows) == 30


def test_who_finishes_while_questions_are_read_is_not_among_them(room, assignment, instructor, clock):
    sit(member(assignment, "Aoki", instructor), assignment, correct=3)
    late = attempts.start(
        member(assignment, "Baba", instructor),
        *(assignment.exam, assignment.size),
        **{"now": NOW, "seed": 2, "language": "en", "assignment": assignment},
    ).attempt
    late.items.update(response=["o0"])

    def finishing(execute, sql, *rest):
        answer = execute(sql, *rest)
        if "AVG(" in sql:
            attempts.finish(late, now=NOW + 6 * MINUTE)
        return answer

    with connection.execute_wrapper(finishing):
        rows = read_csv(get(room, "sheet", assignment, "items", "csv"))[1:]
    assert [row[7] for row in rows] == ["1"] * 20
    assert {row[13] for row in rows} == {"0.0"}
    clock.move_to(NOW + 6 * MINUTE)
    assert sum(int(row[7]) for row in read_csv(get(room, "sheet", assignment, "items", "csv"))[1:]) == 40


@pytest.mark.parametrize("sat", [29, 30])
def test_a_difficulty_goes_out_where_the_page_gives_it(room, instructor, sat):
    people = make_people(sat)
    made = make_form(2, members=people, by=instructor)
    sit_form(made, people, [rights("10")] * sat)
    head, *rows = read_csv(get(room, "sheet", made, "items", "csv"))
    assert head[10:13] == ["Difficulty (p)", "Interval from", "Interval to"]
    assert {len(row) for row in rows} == {len(head)}
    expected = {("", "", "")} if sat < 30 else {("1.0", "0.8865", "1.0"), ("0.0", "0.0", "0.1135")}
    assert {tuple(row[10:13]) for row in rows} == expected


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_name_becomes_a_formula(room, assignment, instructor, ending):
    names = ["=1+1", "+81 3-1234-5678", "-5", "@cmd", '=HYPERLINK("https://evil.example")', "青木", "a\u0007b"]
    for name in names:
        sit(member(assignment, name, instructor), assignment)
    answer = get(room, "sheet", assignment, "members", ending)
    if ending == "csv":
        found = {row[0] for row in read_csv(answer)[1:]}
        expected = {"'=1+1", "'+81 3-1234-5678", "-5", "'@cmd", '\'=HYPERLINK("https://evil.example")', "青木", "ab"}
    else:
        column = [row[0] for row in read_xlsx(answer).iter_rows(min_row=2)]
        assert {cell.data_type for cell in column} == {"s"}
        found = {cell.value for cell in column}
        expected = {*names[:-1], "ab"}
    assert found == expected


def test_another_sheet_or_ending_is_absent(room, assignment):
    assert get(room, "sheet", assignment, "people", "csv").status_code == 404
    assert get(room, "sheet", assignment, "members", "ods").status_code == 404


def test_nothing_that_is_not_over_and_nobody_who_left_goes_out(room, assignment, instructor, clock):
    gone = member(assignment, "Gone", instructor)
    sit(gone, assignment, correct=3)
    cohorts.leave(gone, assignment.cohort, now=NOW)
    busy = member(assignment, "Busy", instructor)
    running = attempts.start(
        busy, assignment.exam, assignment.size, now=NOW, seed=1, language="en", assignment=assignment
    ).attempt
    running.items.filter(position=1).update(response=["o0"])
    for at in (NOW + MINUTE, running.deadline_at + CLOSING - timedelta(seconds=1)):
        clock.move_to(at)
        assert [len(read_csv(get(room, "sheet", assignment, what, "csv"))) for what in SHEETS] == [2, 1, 1]
    clock.move_to(running.deadline_at + CLOSING)
    bodies = [get(room, "sheet", assignment, what, "csv").getvalue().decode() for what in SHEETS]
    assert [body.count("\r\n") for body in bodies] == [2, 21, 21]
    assert not any("Gone" in body for body in bodies)


def test_no_address_of_anybody_goes_out(room, assignment, instructor):
    person = member(assignment, "Aoki", instructor)
    sit(person, assignment)
    for what in SHEETS:
        assert person.email not in get(room, "sheet", assignment, what, "csv").getvalue().decode()


def test_a_file_is_named_after_its_assignment_without_what_a_path_would_be_made_of(room, assignment):
    assignment.title = "第1回 / A"
    assignment.save()
    header = get(room, "sheet", assignment, "members", "csv").headers["Content-Disposition"]
    assert header == "attachment; filename*=utf-8''%E7%AC%AC1%E5%9B%9E%20%20%20A%20Members.csv"


def test_a_stream_is_in_the_language_and_zone_of_who_asked(room, assignment, instructor):
    instructor.language, instructor.time_zone = "ja", "Europe/Berlin"
    instructor.save()
    sit(member(assignment, "Aoki", instructor), assignment)
    head, row = read_csv(get(room, "sheet", assignment, "answers", "csv"))[:2]
    assert head[0] == "メンバー"
    assert row[6].endswith("（日本語）")
    assert (head[1], row[1]) == ("受験開始 (Europe/Berlin)", "2026-11-23 10:00")


@pytest.mark.parametrize("what", SHEETS)
def test_a_sheet_takes_as_many_queries_for_three_members_as_for_three_hundred(room, assignment, assert_queries, what):
    counts = {"members": 11, "answers": 17, "items": 21}
    make_sittings(assignment, make_members(assignment.cohort, 3))
    with assert_queries(counts[what]):
        get(room, "sheet", assignment, what, "csv").getvalue()
    make_sittings(assignment, make_members(assignment.cohort, 297))
    with assert_queries(counts[what]):
        get(room, "sheet", assignment, what, "csv").getvalue()


# ── on paper


def test_a_candidate_gets_the_own_report_once_the_attempt_is_over(client, assignment, instructor):
    person = member(assignment, "青木 さくら", instructor)
    attempt = attempts.start(
        person, assignment.exam, assignment.size, now=NOW, seed=1, language="en", assignment=assignment
    ).attempt
    client.force_login(person)
    path = reverse("own-report", args=[attempt.public_id])
    assert client.get(path).status_code == 404
    attempts.finish(attempt, now=NOW + MINUTE)
    answer = client.get(path)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.getvalue().startswith(b"%PDF-")
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_members_report_is_the_instructors_while_the_membership_lasts(room, assignment, instructor):
    attempt = sit(member(assignment, "Aoki", instructor), assignment, correct=9)
    path = reverse("member-report", args=[assignment.cohort.public_id, attempt.public_id])
    assert room.get(path).getvalue().startswith(b"%PDF-")
    cohorts.leave(attempt.candidate, assignment.cohort, now=NOW)
    assert room.get(path).status_code == 404


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("number", [0, 1, 6])
def test_a_cohort_has_a_report_however_small_it_is(room, assignment, instructor, language, number):
    instructor.language = language
    instructor.save()
    for count in range(number):
        sit(member(assignment, f"青木 {count}", instructor), assignment, correct=3 * count)
    member(assignment, "Baba", instructor)
    assert get(room, "cohort-report", assignment).getvalue().startswith(b"%PDF-")


def test_the_spread_on_paper_has_the_bins_of_the_page(assignment, instructor):
    make_sittings(assignment, make_members(assignment.cohort, 12))
    found = cohort_results.assignment_results(assignment, NOW, reader=instructor)
    (spread,) = [block for block in score_reports.cohort_report(found, NOW).blocks if isinstance(block, Spread)]
    on_the_page = score_spread(found.scores, found.scale, "key")["counts"]
    assert [column for column in spread.columns if column[2]] == [tuple(row.values()) for row in on_the_page]
    assert [low for low, _high, _people in spread.columns] == list(range(100, 1000, 50))


def test_all_reports_come_in_one_archive_that_is_sent_while_it_is_made(room, assignment, instructor):
    for name in ("青木 さくら", "../../etc/passwd", "Aoki"):
        sit(member(assignment, name, instructor), assignment, correct=9)
    answer = get(room, "all-reports", assignment)
    parts = list(answer.streaming_content)
    assert len(parts) == 4
    archive = zipfile.ZipFile(BytesIO(b"".join(parts)))
    assert archive.testzip() is None
    names = archive.namelist()
    assert len(set(names)) == 3
    assert not any("/" in name or "\\" in name for name in names)
    assert all(archive.read(name).startswith(b"%PDF-") for name in names)
