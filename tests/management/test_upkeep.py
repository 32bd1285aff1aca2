"""Commands for upkeep."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from exams.models import NearDuplicate, Question, QuestionVersion
from exams.services import attempts
from tests.factories import make_bank, make_exam, make_question, make_user

pytestmark = pytest.mark.django_db


def run(name: str) -> str:
    out = StringIO()
    call_command(name, stdout=out)
    return out.getvalue().strip()


def test_attempts_that_ran_out_are_stamped_at_their_deadline_once():
    exam = make_exam()
    make_bank(exam)
    then = timezone.now() - timedelta(days=1)
    size = exam.sizes.get(code="short")
    attempt = attempts.start(make_user(), exam, size, now=then, seed=1, language="en").attempt
    assert [run("stamp_attempts"), run("stamp_attempts")] == ["1 attempts stamped.", "0 attempts stamped."]
    attempt.refresh_from_db()
    assert attempt.finished_at == attempt.deadline_at


def test_versions_of_an_older_renderer_are_rendered_again_and_their_content_stays():
    old, new = make_question(make_exam()).current_version, make_question(make_exam()).current_version
    was = QuestionVersion.objects.get(pk=old.pk)
    QuestionVersion.objects.filter(pk=old.pk).update(
        renderer_version=0, question_html={"en": {}, "ja": {}}, review_html={}
    )
    assert [run("rebuild_html").splitlines()[0] for _time in range(2)] == [
        "1 versions rendered again.",
        "0 versions rendered again.",
    ]
    old.refresh_from_db()
    assert (old.question_html, old.review_html["en"], old.content) == (
        was.question_html,
        was.review_html["en"],
        was.content,
    )
    assert new.renderer_version == old.renderer_version


def test_versions_from_before_there_were_sketches_are_compared_so_that_no_form_gets_near_identical_ones():
    exam = make_exam()
    stem = {
        "en": "A parcel carrier reads millions of barcodes a day and wants to know which were in vain. Which?",
        "ja": "ある運送会社では毎日数百万のバーコードを読み取っている。最適なものはどれか。",
    }
    for _number in range(2):
        make_question(exam, stem=stem)
    Question.objects.update(near_group=None)
    NearDuplicate.objects.all().delete()
    QuestionVersion.objects.update(sketches={})
    said = [run("rebuild_html").splitlines()[1] for _time in range(2)]
    assert said == ["2 versions compared with the others.", "0 versions compared with the others."]
    assert NearDuplicate.objects.exists()
    assert Question.objects.exclude(near_group=None).count() == 2
