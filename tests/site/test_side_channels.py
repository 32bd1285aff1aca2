"""S3: neither the drawn order nor what a save answers says which option is right."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction

import pytest
from django.urls import reverse

from exams.domain.blueprints import draw_order
from exams.domain.responses import AnswerKey, answer_key, option_ids, split_order, to_wire
from exams.services import attempts
from tests.domain.makers import matching, multiple, ordering, single
from tests.factories import NOW, make_exam_of_all_kinds, make_user

DRAWS = 1000


def orders(content):
    """A thousand drawn orders, as (options, targets)."""
    ids, key = option_ids(content), answer_key(content)
    return [split_order(key, draw_order(ids, shuffle=True, seed=seed, position=seed % 65 + 1)) for seed in range(DRAWS)]


def is_even(counts: Counter, cells: int) -> bool:
    """Whether no cell is more than five standard errors from its share."""
    share = Fraction(1, cells)
    error = float(DRAWS * share * (1 - share)) ** 0.5
    return all(abs(counts[cell] - DRAWS / cells) < 5 * error for cell in range(cells))


@pytest.mark.parametrize("content", [single(), multiple()], ids=["single", "multiple"])
def test_the_key_of_a_choice_is_as_often_at_each_place(content):
    for right in answer_key(content).right:
        assert is_even(Counter(options.index(right) for options, _ in orders(content)), len(content.options))


def test_the_steps_of_an_ordering_are_as_often_drawn_in_the_right_order_as_in_any_other():
    content = ordering()
    drawn = Counter(tuple(options) for options, _ in orders(content))
    ways = {way: number for number, way in enumerate(sorted(drawn))}
    assert len(ways) == 6
    assert is_even(Counter({ways[way]: count for way, count in drawn.items()}), 6)


def test_a_prompt_and_its_target_are_drawn_apart():
    content = matching()
    for option in content.options:
        places = Counter(
            options.index(option.id) * len(content.targets) + targets.index(option.target)
            for options, targets in orders(content)
        )
        assert is_even(places, len(content.options) * len(content.targets))


def test_an_order_that_gives_the_key_away_would_be_caught():
    assert not is_even(Counter({0: DRAWS}), 4)


def shifted(key: AnswerKey, order, response):
    """Another answer of the same size."""
    options, targets = split_order(key, order)
    if isinstance(response, list):
        return sorted(option for option in options if option not in response)[: len(response)]
    if targets:
        return {row: targets[(targets.index(target) + 1) % len(targets)] for row, target in response.items()}
    return {row: place % len(options) + 1 for row, place in response.items()}


@pytest.mark.django_db
def test_a_save_answers_a_right_and_a_wrong_answer_alike_but_for_the_answer(client):
    candidate = make_user()
    exam = make_exam_of_all_kinds()
    attempt = attempts.start(candidate, exam, exam.sizes.get(code="short"), now=NOW, seed=5, language="en").attempt
    attempt.deadline_at, attempt.started_at = attempt.deadline_at.replace(year=2099), attempt.started_at
    attempt.save()
    client.force_login(candidate)
    seen = set()
    for item in attempt.items.select_related("version"):
        key = AnswerKey.from_json(item.answer_key)
        right = sorted(key.right) if item.version.kind in ("single", "multiple") else key.pairs
        answers = []
        for rev, response in enumerate((right, shifted(key, item.option_order, right)), start=1):
            words = to_wire(key, item.option_order, response)
            data = {"answer": words, "base": rev - 1, "rev": rev, "writer": "w"}
            path = reverse("item", args=[attempt.public_id, item.position])
            answer = client.post(path, data, headers={"accept": "application/json"})
            reply = json.loads(answer.content)
            assert reply["answer"] == words
            size = len(answer.content) - len(json.dumps(reply["left"]))
            headers = {name for name, _value in answer.items()}
            answers.append((answer.status_code, size, headers, reply.keys(), reply["flag"], reply["struck"]))
            item.refresh_from_db()
            assert item.is_correct == (rev == 1)
        assert answers[0] == answers[1]
        seen.add(item.version.kind)
    assert seen == {"single", "multiple", "ordering", "matching"}
