"""F21: an author changes, withdraws and tries to delete in mid attempt."""

from __future__ import annotations

import pytest
from django.db.models import ProtectedError
from playwright.sync_api import expect

from exams.services import bank
from tests.factories import publish_question, text

pytestmark = [pytest.mark.browser, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_f21_an_attempt_keeps_its_version_whatever_the_author_does(enter, attempt, exam):
    room = enter()
    room.choose(1, room.right(1))
    room.expect_state("done")
    was = room.form(1).inner_text()
    question = room.item(1).version.question
    question.stem = {"en": "Reworded: which is right?", "ja": "書き直し：正しいのはどれか。"}
    question.save()
    question.options.filter(code="o0").update(code="o9", is_key=False, text=text("Another answer"))
    question.options.filter(code="o1").update(is_key=True)
    publish_question(question)
    withdrawn = room.item(2).version.question
    bank.retire(withdrawn)
    for used in (withdrawn, exam):
        with pytest.raises(ProtectedError):
            used.delete()
    room.page.reload()
    expect(room.form(1)).to_be_visible()
    assert (room.form(1).inner_text(), room.shown(1)) == (was, [room.right(1)])
    for position in (1, 2):
        room.choose(position, (room.right(position) + 1) % 4)
        room.choose(position, room.right(position))
    room.expect_state("done")
    room.finish()
    room.page.wait_for_url("**/receipt/")
    room.page.goto(f"{room.path}result/")
    expect(room.page.locator("dl.pairs dd").first).to_have_text("2 of 5")
    expect(room.page.get_by_text("Reworded")).to_have_count(0)
