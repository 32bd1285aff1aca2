"""Pages of repairs and reports: whose they are, what they show, and what is posted to them in vain."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from exams.domain.rescoring import Policy
from exams.models import Attempt, AttemptItem, Report, Rescore
from exams.queries import rescoring as queries
from exams.services import attempts, cohorts, rescoring
from tests import classroom
from tests.factories import (
    NOW,
    make_author,
    make_exam_of_all_kinds,
    make_instructor,
    make_members,
    make_sittings,
    make_user,
)
from tests.services.test_rescoring import LATER, correct_key, sat, start

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=5)
REASON = "The guide says <b>so</b>."


@pytest.fixture(autouse=True)
def later():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def question(exam):
    return exam.questions.order_by("pk").first()


@pytest.fixture
def version(question):
    return question.current_version


@pytest.fixture
def assignment(cohort, exam, instructor):
    size = exam.sizes.get(code="short")
    return cohorts.assign(cohort, exam, size, title="First", is_fixed=True, by=instructor)


def join(assignment, name="Sato Misaki"):
    return classroom.join(assignment.cohort, make_user(name, language="en"), assignment.created_by)


def address(name, assignment, *more):
    return reverse(name, args=[assignment.cohort.public_id, assignment.public_id, *more])


def body(response):
    return response.content.decode()


# ── the instructor


def test_an_instructor_sees_who_would_pass_and_then_corrects_it(
    client, exam, question, version, instructor, assignment
):
    attempt = sat(exam, version, "o1", person=join(assignment), assignment=assignment)
    source = correct_key(question)
    client.force_login(instructor)
    path = address("repair", assignment, version.pk)
    sent = {"policy": "new_key", "source": source.number, "reason": REASON}
    preview = client.post(path, sent)
    assert preview.status_code == 200
    assert preview.context["preview"].now_passing == 1
    assert "Sato Misaki" in body(preview)
    assert not Rescore.objects.exists()
    done = client.post(path, {**sent, "confirm": "yes"}, follow=True)
    assert "Done. 1 result has changed" in body(done)
    assert "The guide says &lt;b&gt;so&lt;/b&gt;." in body(done)
    assert Rescore.objects.get().assignment == assignment
    client.force_login(attempt.candidate)
    told = body(client.get(reverse("result", args=[attempt.public_id])))
    assert "Points: 14 of 20 before, 15 of 20 after. Not passed before, passed after." in " ".join(told.split())
    assert "The guide says &lt;b&gt;so&lt;/b&gt;." in told
    assert "corrected" in body(client.get("/"))


def test_who_has_left_is_neither_counted_nor_named_and_yet_corrected(client, exam, version, instructor, assignment):
    person = join(assignment)
    left = sat(exam, version, "o1", person=person, assignment=assignment)
    sat(exam, version, "o1", person=join(assignment, "Ito Ren"), assignment=assignment)
    cohorts.leave(person, assignment.cohort, now=LATER)
    client.force_login(instructor)
    path, sent = address("repair", assignment, version.pk), {"policy": "full_credit", "reason": "So."}
    answer = client.post(path, sent)
    assert [row.attempt.candidate.display_name for row in answer.context["preview"].changed] == ["Ito Ren"]
    assert "Sato Misaki" not in body(answer)
    done = client.post(path, {**sent, "confirm": "yes"}, follow=True)
    assert "Done. 1 result has changed" in body(done)
    assert [(row.results, row.flips) for row, _url in done.context["history"]] == [(1, 1)]
    assert left.items.get(version=version).is_correct
    undo = client.get(address("repair-undo", assignment, Rescore.objects.get().pk))
    assert len(undo.context["preview"].attempts) == 1


def test_an_undo_is_previewed_and_recorded(client, exam, version, instructor, assignment):
    attempt = sat(exam, version, "o1", person=join(assignment), assignment=assignment)
    done = rescoring.rescore(version, Policy.FULL_CREDIT, assignment=assignment, reason="So.", by=instructor, now=LATER)
    client.force_login(instructor)
    path = address("repair-undo", assignment, done.pk)
    assert client.get(path).context["preview"].now_failing == 1
    client.post(path, {"reason": "It was right."})
    assert not AttemptItem.objects.get(attempt=attempt, version=version).is_correct
    assert client.get(path).status_code == 404  # nothing is taken back twice
    assert "taken back" in body(client.get(address("repairs", assignment)))


def test_a_question_of_another_assignment_is_not_there(client, exam, version, instructor, assignment):
    sat(exam, version, "o1")
    client.force_login(instructor)
    assert client.get(address("repair", assignment, version.pk)).status_code == 404


def test_an_everywhere_repair_is_not_an_instructors_to_undo(client, exam, version, instructor, assignment):
    done = rescoring.rescore(version, Policy.DROP, reason="So.", by=instructor, now=LATER)
    client.force_login(instructor)
    assert client.get(address("repair-undo", assignment, done.pk)).status_code == 404


def test_foreign_fields_change_nothing(client, exam, version, instructor, assignment):
    """S5: who, when, where and what it does is not the browser's to say."""
    sat(exam, version, "o1", person=join(assignment), assignment=assignment)
    own = sat(exam, version, "o1")
    other = make_instructor()
    client.force_login(instructor)
    client.post(
        address("repair", assignment, version.pk),
        {
            **{"policy": "full_credit", "reason": "So.", "confirm": "yes", "assignment": "", "assignment_id": ""},
            **{"made_by": other.pk, "made_at": "2020-01-01", "key": "{}", "undo_of": 1, "version": 0},
        },
    )
    row = Rescore.objects.get()
    assert (row.assignment, row.made_by, row.made_at, row.undo_of) == (assignment, instructor, LATER, None)
    assert row.key == {**version.answer_key, "takes_all": True}
    assert not AttemptItem.objects.get(attempt=own, version=version).is_correct


@pytest.mark.parametrize("sent", [{}, {"policy": "undo", "reason": "x"}, {"policy": "new_key", "reason": "x"}])
def test_what_makes_no_sense_is_refused_beside_the_field(client, exam, version, instructor, assignment, sent):
    sat(exam, version, "o1", person=join(assignment), assignment=assignment)
    client.force_login(instructor)
    assert client.post(address("repair", assignment, version.pk), {**sent, "confirm": "yes"}).status_code == 422
    assert not Rescore.objects.exists()


def test_an_instructor_who_sits_the_question_sees_no_key(client, exam, version, instructor, assignment):
    sat(exam, version, "o1", person=join(assignment), assignment=assignment)
    size = exam.sizes.get(code="short")
    attempts.start(instructor, exam, size, now=LATER, seed=1, language="en")
    client.force_login(instructor)
    page = body(client.get(address("repair", assignment, version.pk)))
    assert "Published key" not in page
    assert "You are sitting an exam with this question yourself" in page


def test_what_is_right_in_an_attempt_that_goes_on_is_not_counted(client, exam, version, instructor, assignment):
    running = start(exam, person=join(assignment), assignment=assignment)
    running.items.filter(version=version).update(response=["o0"], is_correct=True)
    (found,) = [
        row for row in queries.used_versions(SOON, reader=instructor, assignment=assignment) if row.version == version
    ]
    assert (found.attempts, found.correct) == (0, 0)
    attempts.finish(running, now=SOON)
    (found,) = [
        row for row in queries.used_versions(SOON, reader=instructor, assignment=assignment) if row.version == version
    ]
    assert (found.attempts, found.correct) == (1, 1)


def test_an_attempt_that_left_the_question_blank_is_counted_as_an_attempt(
    client, exam, version, instructor, assignment
):
    attempt = sat(exam, version, "o1", person=join(assignment), assignment=assignment)
    attempt.items.filter(version=version).update(response=None)
    client.force_login(instructor)
    page = client.get(address("repairs", assignment))
    assert [row.attempts for row, _url in page.context["rows"] if row.version == version] == [1]
    assert ">Attempts</th>" in body(page)
    assert ">Answers</th>" not in body(page)


def test_options_have_the_letters_of_item_analysis_and_a_reason_is_to_quote_them(
    client, exam, version, instructor, assignment
):
    sat(exam, version, "o1", person=join(assignment), assignment=assignment)
    client.force_login(instructor)
    page = body(client.get(address("repair", assignment, version.pk)))
    assert re.findall(r'<span class="oval">(\w)</span>', page) == ["A", "B", "C", "D"]
    assert "quote an option&#x27;s text, not its letter." in page


def test_targets_of_a_matching_have_small_letters(client, instructor):
    exam = make_exam_of_all_kinds("kinds")
    cohort = cohorts.make_cohort("Autumn", by=instructor)
    made = cohorts.assign(cohort, exam, exam.sizes.get(), title="All", is_fixed=False, by=instructor)
    make_sittings(made, make_members(cohort, 1))
    matching = AttemptItem.objects.get(version__kind="matching").version
    client.force_login(instructor)
    page = body(client.get(address("repair", made, matching.pk)))
    assert re.findall(r'<span class="badge">(\w+)</span>', page) == ["a", "b", "c", "a", "b", "c", "d"]
    client.force_login(make_author(language="en"))
    page = body(client.get(reverse("admin:exams_question_preview", args=[matching.question_id])))
    assert re.findall(r'<span class="oval">(\w)</span>', page)[:3] == ["A", "B", "C"]


def test_a_candidate_is_told_which_correction_was_taken_back(client, exam, version, instructor, assignment):
    attempt = sat(exam, version, "o1", person=join(assignment), assignment=assignment)
    done = rescoring.rescore(version, Policy.FULL_CREDIT, assignment=assignment, reason="So.", by=instructor, now=LATER)
    rescoring.undo(done, reason="It was right.", by=instructor, now=LATER + timedelta(days=1))
    client.force_login(attempt.candidate)
    path = reverse("result", args=[attempt.public_id])
    with override("en"):
        when = date_format(timezone.localtime(LATER), "DATETIME_FORMAT")
    told = " ".join(body(client.get(path)).split())
    assert f": the correction of {when} was taken back" in told
    assert "This takes back" not in told
    with time_machine.travel(LATER + timedelta(days=2), tick=False):
        size = exam.sizes.get(code="short")
        attempts.start(attempt.candidate, exam, size, now=LATER + timedelta(days=2), seed=1, language="en")
        told = " ".join(body(client.get(path)).split())
    assert f"This takes back the correction of {when}." in told
    assert told.count("It concerns a question whose key is not shown now.") == 1


def test_in_an_archived_cohort_nothing_is_repaired(client, exam, version, instructor, assignment):
    sat(exam, version, "o1", person=join(assignment), assignment=assignment)
    cohorts.archive(assignment.cohort, now=LATER)
    client.force_login(instructor)
    sent = {"policy": "full_credit", "reason": "So.", "confirm": "1"}
    answer = client.post(address("repair", assignment, version.pk), sent, follow=True)
    assert "This cohort is archived." in body(answer)
    assert not Rescore.objects.exists()


@pytest.mark.parametrize("people", [1, 3])
def test_the_pages_take_so_many_queries_for_however_many(
    client, exam, version, instructor, assignment, people, django_assert_num_queries
):
    for number in range(people):
        sat(exam, version, "o1", right=1, person=join(assignment, f"Member {number}"), assignment=assignment)
        rescoring.rescore(version, Policy.DROP, assignment=assignment, reason="So.", by=instructor, now=LATER)
    client.force_login(instructor)
    # session, person, two for the permission, cohort, assignment
    with django_assert_num_queries(11):  # history, counts, versions, what is hidden from the instructor
        client.get(address("repairs", assignment))
    with django_assert_num_queries(13):  # version, exam in hand, sources, repairs, answers and their points
        client.post(address("repair", assignment, version.pk), {"policy": "full_credit", "reason": "So."})


# ── the author


def test_an_author_repairs_a_question_everywhere_and_sees_no_name(client, exam, question, version, assignment):
    inside = sat(exam, version, "o1", person=join(assignment), assignment=assignment)
    own = sat(exam, version, "o1", person=make_user("Tanaka Aoi"))
    source = correct_key(question)
    author = make_author(language="en")
    client.force_login(author)
    path = reverse("admin:exams_question_repair", args=[question.pk, version.number])
    sent = {"policy": "new_key", "source": source.number, "reason": "So."}
    preview = client.post(path, sent)
    done = client.post(path, {**sent, "confirm": "yes"}, follow=True)
    assert preview.context["preview"].now_passing == 2
    for page in (body(preview), body(done)):
        for attempt in (inside, own):
            assert attempt.candidate.display_name not in page
            assert attempt.candidate.email not in page
            assert str(attempt.public_id) not in page
    assert "Done. 2 results have changed" in body(done)
    row = Rescore.objects.get()
    client.post(reverse("admin:exams_question_repair_undo", args=[question.pk, row.pk]), {"reason": "No."})
    assert [AttemptItem.objects.get(attempt=a, version=version).is_correct for a in (inside, own)] == [False, False]


def test_an_author_who_may_not_publish_may_not_repair(client, question):
    author = make_author()
    author.groups.first().permissions.remove(*author.groups.first().permissions.filter(codename="publish_question"))
    client.force_login(author)
    assert client.get(reverse("admin:exams_question_repairs", args=[question.pk])).status_code == 403


# ── reports


def report_path(attempt, position=1):
    return reverse("report", args=[attempt.public_id, position])


def test_a_report_is_sent_answered_and_read(client, exam, version):
    attempt = sat(exam, version, "o1", person=make_user("Sato Misaki", language="en"))
    position = attempt.items.get(version=version).position
    client.force_login(attempt.candidate)
    sent = client.post(report_path(attempt, position), {"category": "key", "text": "B <script>"}, follow=True)
    assert "Your report was sent" in body(sent)
    assert "B &lt;script&gt;" in body(sent)
    page = client.get(report_path(attempt, position))
    assert "B &lt;script&gt;" in body(page)
    assert "<textarea" not in body(page)
    again = client.post(report_path(attempt, position), {"category": "key", "text": "B"})
    assert again.status_code == 422
    assert "You have reported this question already" in body(again)
    report = Report.objects.get()
    author = make_author(language="en")
    client.force_login(author)
    read = body(client.get(reverse("admin:exams_report_change", args=[report.pk])))
    assert f"<h1>Report {report.pk}</h1>" in read
    assert "English" in read.partition("Read in:")[2].partition("</div>")[0]
    answered = client.post(
        reverse("admin:exams_report_answer", args=[report.pk]), {"answer": "You are <i>right</i>."}, follow=True
    )
    assert answered.status_code == 200
    client.force_login(attempt.candidate)
    assert "You are &lt;i&gt;right&lt;/i&gt;." in body(client.get("/"))
    client.post(reverse("report-read", args=[report.pk]))
    assert "You are &lt;i&gt;right" not in body(client.get("/"))
    assert "You are &lt;i&gt;right" in body(client.get(reverse("result", args=[attempt.public_id])))


def test_nothing_is_reported_before_the_end(client, exam):
    attempt = start(exam)
    client.force_login(attempt.candidate)
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        assert client.get(report_path(attempt)).status_code == 404
        assert client.post(report_path(attempt), {"category": "key", "text": "B"}).status_code == 404
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [{}, {"category": "key", "text": " "}, {"category": "x", "text": "B"}, {"category": "key", "text": "x" * 1001}],
)
def test_a_report_of_nothing_or_too_much_is_refused(client, exam, version, sent):
    attempt = sat(exam, version, "o1")
    client.force_login(attempt.candidate)
    assert client.post(report_path(attempt), sent).status_code == 422
    assert not Report.objects.exists()


def test_a_report_takes_its_sender_and_question_from_the_address(client, exam, version):
    attempt = sat(exam, version, "o1")
    other = make_user()
    client.force_login(attempt.candidate)
    foreign = {"candidate": other.pk, "version": 0, "item": 0, "answer": "x", "answered_at": "2020-01-01"}
    client.post(report_path(attempt), {"category": "key", "text": "B", **foreign})
    row = Report.objects.get()
    assert (row.candidate, row.item.attempt, row.item.position) == (attempt.candidate, attempt, 1)
    assert (row.answer, row.answered_at, row.sent_at) == ("", None, LATER)


def make_report(attempt, version, **fields):
    item = attempt.items.get(version=version)
    return Report.objects.create(
        **{"version": version, "item": item, "candidate": attempt.candidate, "category": "key"},
        **{"text": "B is right", "language": "en", "sent_at": LATER},
        **fields,
    )


def test_authors_learn_nothing_of_who_sent_it(client, exam, version):
    """S4: pages, search, filters and history."""
    attempt = sat(exam, version, "o1", person=make_user("Sato Misaki", email="sato@example.org"))
    report = make_report(attempt, version)
    client.force_login(make_author(language="en"))
    client.post(reverse("admin:exams_report_answer", args=[report.pk]), {"answer": "Yes."})
    changelist = reverse("admin:exams_report_changelist")
    pages = [
        client.get(path)
        for path in (
            changelist,
            *(reverse(f"admin:exams_report_{view}", args=[report.pk]) for view in ("change", "history", "answer")),
            reverse("admin:index"),
        )
    ]
    for page in pages:
        assert page.status_code == 200
        for secret in ("Sato", "sato@", str(attempt.public_id), str(attempt.candidate.public_id)):
            assert secret not in body(page)
    for lookup in ("candidate", "candidate__email", "candidate__display_name__startswith", "item__attempt", "item"):
        assert client.get(changelist, {lookup: attempt.candidate.pk}).status_code == 400
    assert "B is right" not in body(client.get(changelist, {"q": "sato"}))
    assert "B is right" in body(client.get(changelist, {"q": "B is"}))
    offered = {"state": "answered", "category__exact": "key", "version__question__exam__id__exact": exam.pk}
    assert "B is right" in body(client.get(changelist, offered))
    assert "B is right" not in body(client.get(changelist, {**offered, "state": "open"}))


def test_an_answer_waits_while_the_question_is_being_sat(client, exam, version):
    attempt = sat(exam, version, "o1", person=make_user(language="en"))
    make_report(attempt, version, answer="B is the key", answered_at=LATER)
    client.force_login(attempt.candidate)
    assert "B is the key" in body(client.get("/"))
    attempts.start(attempt.candidate, exam, exam.sizes.get(code="short"), now=LATER, seed=1, language="en")
    assert "B is the key" not in body(client.get("/"))
    assert "B is the key" not in body(client.get(reverse("result", args=[attempt.public_id])))


def test_an_answer_counts_once(client, exam, version):
    attempt = sat(exam, version, "o1")
    report = make_report(attempt, version, answer="First", answered_at=LATER)
    client.force_login(make_author(language="en"))
    assert client.post(reverse("admin:exams_report_answer", args=[report.pk]), {"answer": "Second"}).status_code == 422
    report.refresh_from_db()
    assert report.answer == "First"


def test_pages_of_repairs_and_reports_are_not_stored(client, exam, version, instructor, assignment):
    attempt = sat(exam, version, "o1", person=join(assignment), assignment=assignment)
    for person, path in (
        (instructor, address("repairs", assignment)),
        (instructor, address("repair", assignment, version.pk)),
        (attempt.candidate, report_path(attempt)),
        (make_author(), reverse("admin:exams_question_repairs", args=[version.question_id])),
    ):
        client.force_login(person)
        assert "no-store" in client.get(path).headers["Cache-Control"]
    assert Attempt.objects.count() == 1
