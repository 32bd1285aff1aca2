"""What instructors read of their own cohorts, and nothing more."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from exams.domain.attempts import CLOSING
from exams.domain.rescoring import Policy
from exams.models import Assignment, Attempt
from exams.queries import cohort_tables
from exams.services import attempts, cohorts, rescoring
from tests.classroom import MINUTE, join, sit
from tests.factories import NOW, make_instructor, make_members, make_sittings, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def sit_many(cohort, assignment, instructor, scores):
    """One member for each number of right answers, named A0, A1 and so on."""
    return [
        sit(join(cohort, make_user(f"A{number}"), instructor), assignment, correct=correct)
        for number, correct in enumerate(scores)
    ]


def results(room, assignment, query=""):
    return room.get(reverse("assignment", args=[assignment.cohort.public_id, assignment.public_id]) + query)


def names(answer):
    return [row.member.candidate.display_name for row in answer.context["table"].rows]


def test_every_page_of_an_assignment_leads_to_all_others(room, cohort, assignment, instructor):
    person = join(cohort, make_user("Aoki"), instructor)
    attempt = sit(person, assignment, correct=3, finish=False)
    version = attempt.items.get(position=1).version
    by = {"reason": "So.", "by": instructor, "now": NOW}
    done = rescoring.rescore(version, Policy.DROP, assignment=assignment, **by)
    ids = [cohort.public_id, assignment.public_id]
    ways = ["assignment", "assignment_live", "item_analysis", "repairs", "assignment_edit"]
    pages = [
        *((name, []) for name in ways),
        *((name, [version.pk]) for name in ("item_of_assignment", "repair")),
        ("repair-undo", [done.pk]),
        ("member_accommodation", [person.public_id]),
        ("live_attempt", [attempt.public_id]),
    ]
    wanted = [*(reverse(name, args=ids) for name in ways), reverse("assignment", args=ids) + "#take-h"]
    for name, more in pages:
        page = room.get(reverse(name, args=[*ids, *more])).content.decode()
        nav = page.partition('<nav class="seg seg--many"')[2].partition("</nav>")[0]
        assert sorted(re.findall('href="([^"]+)"', nav)) == sorted(wanted), name
        assert nav.count("aria-current") == 1, name
        menu = page.partition('<nav class="nav"')[2].partition("</nav>")[0]
        assert re.findall('href="([^"]+)" aria-current="true"', menu) == [reverse("cohorts")], name
    assert 'id="take-h"' in results(room, assignment).content.decode()


# ── one's own


@pytest.fixture
def waiting(cohort, assignment, instructor):
    """The instructor has sat it, too, and so has a member; scores are shown after the close, in two hours."""
    Assignment.objects.filter(pk=assignment.pk).update(
        closes_at=NOW + timedelta(hours=2), score_release="closed", key_release="last_deadline"
    )
    assignment.refresh_from_db()
    other = sit(join(cohort, make_user("Aoki"), instructor), assignment, correct=3)
    return sit(join(cohort, instructor, instructor), assignment, correct=16), other


def pages_of(own, assignment):
    """All pages and files that tell of results, as their reader gets them."""
    ids = [assignment.cohort.public_id, assignment.public_id]
    version = own.items.get(position=1).version_id
    return {
        "results": reverse("assignment", args=ids),
        "items": reverse("item_analysis", args=ids),
        "item": reverse("item_of_assignment", args=[*ids, version]),
        "repairs": reverse("repairs", args=ids),
        "progress": reverse("cohort-progress", args=ids[:1]),
        "member": reverse("member", args=[ids[0], own.candidate.public_id]),
        "attempt": reverse("member-attempt", args=[ids[0], own.public_id]),
        "report": reverse("member-report", args=[ids[0], own.public_id]),
        **{what: reverse("sheet", args=[*ids, what, "csv"]) for what in ("members", "answers", "items")},
    }


def read(client, path):
    answer = client.get(path)
    return answer.status_code, b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_who_teaches_and_sits_learns_the_own_score_no_sooner_than_the_others(
    room, client, assignment, instructor, waiting, clock
):
    own, _other = waiting
    clock.shift(timedelta(minutes=30))
    paths = pages_of(own, assignment)
    said = {name: read(room, path) for name, path in paths.items()}
    assert {name for name, (status, _body) in said.items() if status == 404} == {"attempt", "report"}
    found = results(room, assignment).context["results"]
    mine, theirs = sorted(found.rows, key=lambda row: row.candidate.pk != instructor.pk)
    assert (mine.latest, mine.best, mine.is_waiting, mine.is_missing, found.submitted) == (None, None, True, False, 1)
    assert theirs.latest.report.points == 3
    assert "not shown to you yet" in said["results"][1].decode()
    assert "not shown to you yet" in said["member"][1].decode()
    own.items.update(is_correct=False)  # not a figure on any of them depends on it
    token = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    for name, path in paths.items():
        status, body = read(room, path)
        assert (status, token.sub(b"", body)) == (said[name][0], token.sub(b"", said[name][1])), name
    colleague = make_instructor(language="en")
    assignment.cohort.instructors.add(colleague)
    client.force_login(colleague)
    assert results(client, assignment).context["results"].submitted == 2


def test_the_own_score_is_shown_with_everybodys(room, assignment, waiting, clock):
    own, _other = waiting
    clock.move_to(assignment.closes_at + CLOSING)
    assert results(room, assignment).context["results"].submitted == 2
    assert {read(room, path)[0] for path in pages_of(own, assignment).values()} == {200}


def test_the_own_answers_are_not_in_a_preview_of_a_repair_before(room, assignment, waiting):
    own, _other = waiting
    version = own.items.get(position=1).version
    path = reverse("repair", args=[assignment.cohort.public_id, assignment.public_id, version.pk])
    shown = room.post(path, {"policy": "full_credit", "reason": "So."}).context["preview"]
    assert own.pk not in [row.attempt.pk for row in shown.attempts]


# ── results


def test_results_show_best_and_latest_and_whether_it_passes(room, cohort, assignment, instructor, clock):
    person = join(cohort, make_user("Aoki"), instructor)
    sit(person, assignment, correct=15)
    sit(person, assignment, correct=3, at=NOW + timedelta(hours=1))
    clock.shift(timedelta(hours=3))
    found = results(room, assignment).context["results"]
    row = found.rows[0]
    assert (row.best.report.scaled, row.latest.report.scaled, row.finished) == (750, 230, 2)
    assert (row.latest.report.passed, len([cell for cell in row.cells(found.domains) if cell])) == (False, 4)


def test_nothing_of_a_running_or_closing_attempt_is_shown(room, cohort, assignment, instructor, clock):
    person = join(cohort, make_user(), instructor)
    attempt = sit(person, assignment, correct=20, finish=False)
    for at in (NOW + MINUTE, attempt.deadline_at + CLOSING - timedelta(seconds=1)):
        clock.move_to(at)
        found = results(room, assignment).context["results"]
        assert (found.rows[0].latest, found.rows[0].is_running, found.running) == (None, True, 1)
    clock.move_to(attempt.deadline_at + CLOSING)
    assert results(room, assignment).context["results"].rows[0].latest.report.scaled == 1000


def test_attempts_made_on_ones_own_are_not_the_instructors_business(room, cohort, assignment, instructor, exam):
    person = join(cohort, make_user(), instructor)
    size = exam.sizes.get(code="short")
    alone = attempts.start(person, exam, size, now=NOW, seed=1, language="en").attempt
    attempts.finish(alone, now=NOW)
    assert results(room, assignment).context["results"].rows[0].latest is None


def test_a_spread_is_drawn_from_five_people_on(room, cohort, assignment, instructor):
    for number in range(5):
        sit(join(cohort, make_user(), instructor), assignment, correct=number * 5)
        drawn = 'id="spread-t"' in results(room, assignment).content.decode()
        assert drawn == (number == 4)


@pytest.mark.parametrize("number", [3, 300])
def test_results_take_as_many_queries_for_three_members_as_for_three_hundred(
    room, cohort, assignment, assert_queries, number
):
    make_sittings(assignment, make_members(cohort, number))
    with assert_queries(11):
        assert len(results(room, assignment).context["results"].latest) == number


# ── the table


def test_the_table_is_sorted_by_figures_from_the_largest_and_the_other_way_round(room, cohort, assignment, instructor):
    sit_many(cohort, assignment, instructor, [10, 18, 3])
    join(cohort, make_user("Absent"), instructor)
    assert names(results(room, assignment)) == ["A0", "A1", "A2", "Absent"]
    for sort in ("latest", "best", "chance"):
        assert names(results(room, assignment, f"?sort=-{sort}")) == ["A1", "A0", "A2", "Absent"]
        assert names(results(room, assignment, f"?sort={sort}")) == ["A2", "A0", "A1", "Absent"]
    assert names(results(room, assignment, "?sort=-name")) == ["Absent", "A2", "A1", "A0"]


def test_the_table_is_sorted_by_a_domain(room, cohort, assignment, exam, instructor):
    _first, second = sit_many(cohort, assignment, instructor, [0, 0])
    domain = exam.domains.get(code="modeling")
    second.items.filter(domain=domain).update(is_correct=True)
    assert names(results(room, assignment, f"?sort=-d{domain.pk}")) == ["A1", "A0"]
    task = domain.tasks.get()
    assert names(results(room, assignment, f"?by=task&sort=t{task.pk}")) == ["A0", "A1"]


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("passed", ["A1"]),
        ("failed", ["A0", "A2"]),
        ("risk", ["A0", "A2"]),
        ("running", ["Busy"]),
        ("missing", ["Absent"]),
    ],
)
def test_the_table_is_filtered(room, cohort, assignment, instructor, show, expected):
    sit_many(cohort, assignment, instructor, [14, 18, 3])
    join(cohort, make_user("Absent"), instructor)
    sit(join(cohort, make_user("Busy"), instructor), assignment, finish=False)
    assert names(results(room, assignment, f"?show={show}")) == expected


@pytest.mark.parametrize(
    "query", ["?sort=email&show=x&by=x&page=x", "?page=0", "?page=99999999999", "?sort=-", "?sort=d"]
)
def test_what_makes_no_sense_in_the_address_shows_the_table_as_it_is(room, cohort, assignment, instructor, query):
    sit_many(cohort, assignment, instructor, [1, 2])
    assert names(results(room, assignment, query)) == ["A0", "A1"]


def test_members_are_shown_by_pages(room, cohort, assignment, instructor, monkeypatch):
    monkeypatch.setattr(cohort_tables, "PAGE", 2)
    sit_many(cohort, assignment, instructor, [1, 2, 3])
    assert names(results(room, assignment, "?sort=latest&page=2")) == ["A2"]
    answer = results(room, assignment, "?sort=latest&page=9")
    assert names(answer) == ["A2"]
    assert "?sort=latest&amp;page=1#members" in answer.content.decode()


def test_cells_stand_under_their_domain_and_task(room, cohort, assignment, exam, instructor):
    (attempt,) = sit_many(cohort, assignment, instructor, [0])
    domain = exam.domains.get(code="analysis")
    attempt.items.filter(domain=domain).update(is_correct=True)
    for query, columns in (("", "domains"), ("?by=task", "tasks")):
        answer = results(room, assignment, query)
        cells = answer.context["table"].rows[0].cells
        assert [(cell.percent, cell.of, cell.heat) for cell in cells] == [
            (0, 4, -3),
            (100, 5, 3),
            (0, 7, -3),
            (0, 4, -3),
        ]
        assert len(getattr(answer.context["results"], columns)) == 4


# ── the cohort as a whole


def test_under_five_nothing_is_said_of_the_cohort(room, cohort, assignment, instructor):
    sit_many(cohort, assignment, instructor, [5, 5, 5, 5])
    answer = results(room, assignment)
    found = answer.context["results"]
    assert (found.weakest(found.tasks), found.passed_interval, answer.context["table"].summary) == ([], None, None)
    assert answer.content.decode().count("Not enough data") == 2


def test_the_weakest_tasks_come_first_with_what_they_rest_on(room, cohort, assignment, exam, instructor):
    for attempt in sit_many(cohort, assignment, instructor, [0] * 5):
        attempt.items.exclude(domain__code="modeling").update(is_correct=True)
    answer = results(room, assignment)
    first, *rest = answer.context["weakest"]
    assert (first.column.code, first.correct, first.total, first.people) == ("3.1", 0, 35, 5)
    assert first.interval[0] == 0.0
    assert first.interval[1] > 0.3
    assert {row.share for row in rest} == {1.0}
    assert [cell.percent for cell in answer.context["table"].summary] == [100, 100, 0, 100]


def test_who_is_at_risk_is_told_by_probability_and_not_by_rank(room, cohort, assignment, instructor):
    sit_many(cohort, assignment, instructor, [20, 19, 18, 17, 16])
    assert results(room, assignment).context["at_risk"] == []
    sit_many(cohort, assignment, instructor, [12, 4])
    found = results(room, assignment).context["at_risk"]
    assert [row.latest.report.points for row in found] == [4, 12]
    assert found[0].weak


def test_nobody_without_an_answer_is_called_at_risk(room, cohort, assignment, instructor):
    sit_many(cohort, assignment, instructor, [0])
    row = results(room, assignment).context["results"].rows[0]
    assert (row.latest.is_at_risk, row.latest.chance) == (False, "")


def test_all_who_are_at_risk_are_one_link_away(room, cohort, assignment, instructor):
    sit_many(cohort, assignment, instructor, [1] * 11)
    page = results(room, assignment).content.decode()
    assert "All 11 of them" in page


# ── over several exams


def test_progress_shows_what_was_set_in_its_order_and_the_latest_of_each(room, cohort, assignment, exam, instructor):
    size = exam.sizes.get(code="short")
    second = cohorts.assign(cohort, exam, size, title="Second", is_fixed=False, by=instructor)
    for attempt in sit_many(cohort, assignment, instructor, [10] * 5):
        sit(attempt.candidate, assignment, correct=12, at=NOW + 2 * MINUTE)
    sit(join(cohort, make_user("Z"), instructor), second, correct=20)
    answer = room.get(reverse("cohort-progress", args=[cohort.public_id]))
    first, other = answer.context["progress"].steps
    assert (first.assignment.title, first.submitted, first.passed, first.share) == ("First", 5, 0, 0.6)
    assert first.interval[0] < 0.6 < first.interval[1]
    assert (other.submitted, other.passed, other.share) == (1, 1, None)
    row = answer.context["progress"].rows[-1]
    assert [sitting and sitting.report.scaled for sitting in row.latest] == [None, 1000]


@pytest.mark.parametrize("number", [3, 300])
def test_progress_takes_as_many_queries_for_three_members_as_for_three_hundred(
    room, cohort, assignment, assert_queries, number
):
    make_sittings(assignment, make_members(cohort, number))
    with assert_queries(9):
        answer = room.get(reverse("cohort-progress", args=[cohort.public_id]))
    assert answer.context["progress"].steps[0].submitted == number


def test_a_cohort_without_assignments_has_no_progress(room, cohort):
    page = room.get(reverse("cohort-progress", args=[cohort.public_id])).content.decode()
    assert "Nothing is set for this cohort yet." in page


# ── one member


def member_page(room, cohort, person):
    return room.get(reverse("member", args=[cohort.public_id, person.public_id]))


def answers(room, cohort, attempt, query=""):
    return room.get(reverse("member-attempt", args=[cohort.public_id, attempt.public_id]) + query)


def test_a_members_page_has_what_was_done_in_this_cohort_and_nothing_else(room, cohort, assignment, exam, instructor):
    person = join(cohort, make_user("Aoki"), instructor)
    seen = sit(person, assignment, correct=15)
    other = cohorts.make_cohort("Another", by=instructor)
    join(other, person, instructor)
    elsewhere = cohorts.assign(other, exam, assignment.size, title="Elsewhere", is_fixed=False, by=instructor)
    sit(person, elsewhere, at=NOW + 2 * MINUTE)
    alone = attempts.start(person, exam, assignment.size, now=NOW + 4 * MINUTE, seed=1, language="en").attempt
    attempts.finish(alone, now=NOW + 5 * MINUTE)
    void = sit(person, assignment, at=NOW + 6 * MINUTE)
    Attempt.objects.filter(pk=void.pk).update(is_void=True)
    running = sit(person, assignment, at=NOW + 8 * MINUTE, finish=False)
    answer = member_page(room, cohort, person)
    rows = [(row.attempt.pk, row.report and row.report.scaled) for row in answer.context["rows"]]
    assert rows == [(running.pk, None), (seen.pk, 750)]
    assert person.email not in answer.content.decode()


def test_the_answers_of_an_attempt_are_shown_with_their_keys_and_without_notes(room, cohort, assignment, instructor):
    attempt = sit(join(cohort, make_user("Aoki"), instructor), assignment, correct=3)
    attempt.items.filter(position=1).update(note="a private word")
    page = answers(room, cohort, attempt).content.decode()
    assert "a private word" not in page
    assert page.count('class="verdict verdict--key"') == 20
    assert "Your answer" not in page
    assert len(answers(room, cohort, attempt, "?show=wrong").context["items"]) == 17


def test_answers_are_absent_while_the_attempt_goes_on_or_closes(room, cohort, assignment, instructor, clock):
    attempt = sit(join(cohort, make_user(), instructor), assignment, finish=False)
    assert answers(room, cohort, attempt).status_code == 404
    clock.move_to(attempt.deadline_at + CLOSING - timedelta(seconds=1))
    assert answers(room, cohort, attempt).status_code == 404
    clock.move_to(attempt.deadline_at + CLOSING)
    assert answers(room, cohort, attempt).status_code == 200


def test_leaving_ends_every_view(room, cohort, assignment, instructor):
    person = join(cohort, make_user("Gone Person"), instructor)
    attempt = sit(person, assignment)
    assert member_page(room, cohort, person).status_code == 200
    cohorts.leave(person, cohort, now=NOW)
    assert member_page(room, cohort, person).status_code == 404
    assert answers(room, cohort, attempt).status_code == 404
    pages = [results(room, assignment), room.get(reverse("cohort-progress", args=[cohort.public_id]))]
    assert not any("Gone Person" in page.content.decode() for page in pages)


def test_own_practice_void_and_other_cohorts_attempts_cannot_be_opened(room, cohort, assignment, exam, instructor):
    person = join(cohort, make_user(), instructor)
    alone = attempts.start(person, exam, assignment.size, now=NOW, seed=1, language="en").attempt
    attempts.finish(alone, now=NOW)
    void = sit(person, assignment)
    Attempt.objects.filter(pk=void.pk).update(is_void=True)
    other = cohorts.make_cohort("Another", by=make_instructor())
    join(other, person, instructor)
    elsewhere = sit(
        person,
        cohorts.assign(other, exam, assignment.size, title="E", is_fixed=False, by=instructor),
        at=NOW + 2 * MINUTE,
    )
    statuses = [answers(room, cohort, attempt).status_code for attempt in (alone, void, elsewhere)]
    assert statuses == [404, 404, 404]
    assert answers(room, other, elsewhere).status_code == 404


def test_an_instructor_who_sits_the_same_questions_is_not_shown_their_keys(room, cohort, assignment, exam, instructor):
    attempt = sit(join(cohort, make_user(), instructor), assignment, correct=3)
    attempts.start(instructor, exam, assignment.size, now=NOW, seed=2, language="en")
    found = answers(room, cohort, attempt)
    assert {item.verdict for item in found.context["items"]} == {"hidden"}
    assert "verdict--key" not in found.content.decode()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_page_has_an_inline_style_or_script(room, cohort, assignment, instructor, language):
    instructor.language = language
    instructor.save()
    attempt = sit_many(cohort, assignment, instructor, [3, 6, 9, 12, 15])[0]
    pages = [
        results(room, assignment),
        room.get(reverse("cohort-progress", args=[cohort.public_id])),
        member_page(room, cohort, attempt.candidate),
        answers(room, cohort, attempt),
    ]
    for page in pages:
        body = page.content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", body)
        assert f'lang="{language}"' in body
