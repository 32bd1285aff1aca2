"""A text that is being written, as a candidate would see it in the exam room."""

from __future__ import annotations

from exams.domain.bank import QuestionContent
from exams.domain.blueprints import draw_order
from exams.domain.responses import answer_key, option_ids
from exams.models import Exam
from exams.queries.attempts import ItemRow, RoomItem, room_item
from exams.queries.bank import question_html, with_media


def sample(content: QuestionContent, exam: Exam, *, seed: int) -> RoomItem:
    """The question as an unanswered item of a room with this one question; ``seed`` draws the order of its options."""
    content = with_media(content, exam)
    row = ItemRow(
        position=1,
        answer_key=answer_key(content).to_json(),
        option_order=draw_order(option_ids(content), shuffle=content.shuffle, seed=seed, position=1),
        response=None,
        is_flagged=False,
        struck=[],
        note="",
        revision=0,
        seconds_spent=0,
        version_id=0,
        checksum="",
        renderer_version=0,
        case_code=content.case.id if content.case else "",
    )
    return room_item(row, {language: question_html(content, language) for language in exam.languages})
