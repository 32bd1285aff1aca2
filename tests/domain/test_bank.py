"""Contents of questions as documents."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exams.domain.bank import checksum, from_json, key_ids, to_json
from exams.domain.problems import Problems
from tests.domain.makers import full, matching, multiple, ordering, single


@pytest.mark.parametrize("content", [single(), multiple(), ordering(), matching(), full()])
def test_a_document_reads_back_as_what_was_written(content):
    assert from_json(to_json(content)) == replace(content, tags=tuple(sorted(content.tags)))


def test_contents_have_the_same_checksum_exactly_when_they_are_equal():
    assert checksum(single()) == checksum(single())
    assert checksum(single()) != checksum(single(shuffle=False))
    assert checksum(single(tags=("a", "b"))) == checksum(single(tags=("b", "a")))


def test_keys_are_those_of_choices():
    assert key_ids(multiple()) == ("o0", "o1")
    assert key_ids(ordering()) == ()


def test_another_schema_is_refused():
    with pytest.raises(Problems, match="content_schema"):
        from_json({**to_json(single()), "schema": 99})


@pytest.mark.parametrize("damage", [{"kind": "essay"}, {"options": [{}]}, {"as_of": "soon"}, {"stem": 3}])
def test_a_damaged_document_is_refused(damage):
    with pytest.raises(Problems, match="content_damaged"):
        from_json({**to_json(single()), **damage})
