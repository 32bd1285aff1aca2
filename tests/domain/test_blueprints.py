"""Forms: exact shares, unseen first, the same seed the same form."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.domain.blueprints import Candidate, Size, allocation, assemble, draw_order, largest_remainder, offer
from exams.domain.problems import Problems

MLS = {"data": 20, "analysis": 24, "modeling": 36, "operations": 20}
FULL = Size(code="full", questions=65, scored=50, minutes=180, cut=36)
SHORT = Size(code="short", questions=20, scored=20, minutes=56, cut=15)
DAY = datetime(2026, 11, 1, tzinfo=UTC)


def bank(per_domain=30, **fields) -> list[Candidate]:
    return [
        Candidate(id=1000 * index + number, domain=domain, **fields)
        for index, domain in enumerate(MLS)
        for number in range(per_domain)
    ]


def test_what_an_assignment_keeps_back_comes_after_all_that_was_seen():
    kept = [Candidate(id=n, domain="only", is_kept=True) for n in range(1, 6)]
    seen = [Candidate(id=n, domain="only", last_seen=DAY) for n in range(6, 11)]
    size = Size(code="s", questions=6, scored=6, minutes=1, cut=1)
    form = [place.question for place in assemble(size, {"only": 1}, [*kept, *seen], 1)]
    assert len(set(form) & set(range(6, 11))) == 5


def test_shares_of_the_first_exam_are_as_its_blueprint_says():
    assert list(allocation(FULL, MLS).values()) == [(10, 3), (12, 4), (18, 5), (10, 3)]
    assert list(allocation(SHORT, MLS).values()) == [(4, 0), (5, 0), (7, 0), (4, 0)]


@given(st.integers(0, 200), st.lists(st.integers(1, 100), min_size=1, max_size=8))
def test_largest_remainder_gives_all_of_it_and_nobody_more_than_one_off(total, weights):
    shares = largest_remainder(total, weights)
    assert sum(shares) == total
    assert all(abs(share - total * weight / sum(weights)) < 1 for share, weight in zip(shares, weights, strict=True))


def test_ties_go_to_the_earlier():
    assert largest_remainder(1, [1, 1, 1]) == [1, 0, 0]


@given(st.integers(0, 2**62))
def test_a_form_has_the_exact_shares_and_no_question_twice(seed):
    places = assemble(FULL, MLS, bank(), seed)
    domains = Counter((list(MLS)[place.question // 1000], place.scored) for place in places)
    assert domains == {(d, scored): n[not scored] for d, n in allocation(FULL, MLS).items() for scored in (True, False)}
    assert len({place.question for place in places}) == 65


def test_the_same_seed_gives_the_same_form_whatever_the_order_of_the_bank():
    assert assemble(FULL, MLS, bank(), 5) == assemble(FULL, MLS, reversed(bank()), 5)
    assert assemble(FULL, MLS, bank(), 5) != assemble(FULL, MLS, bank(), 6)


def test_unseen_questions_come_first_then_those_seen_longest_ago():
    weights = {"only": 100}
    size = Size(code="s", questions=3, scored=3, minutes=1, cut=1)
    seen = [Candidate(id=n, domain="only", last_seen=DAY + timedelta(days=n)) for n in range(1, 6)]
    new = Candidate(id=9, domain="only")
    chosen = {place.question for place in assemble(size, weights, [*seen, new], 1)}
    assert chosen == {9, 1, 2}


def test_a_bank_that_is_too_small_is_refused_by_domain():
    with pytest.raises(Problems) as refused:
        assemble(FULL, MLS, bank(12), 1)
    assert [(problem.where, problem.params["missing"]) for problem in refused.value.problems] == [
        ("data", 1),
        ("analysis", 4),
        ("modeling", 11),
        ("operations", 1),
    ]


def test_a_bank_without_a_domain_is_refused():
    with pytest.raises(Problems):
        assemble(SHORT, MLS, [row for row in bank() if row.domain != "data"], 1)


def test_an_offer_says_what_is_missing_and_what_would_repeat():
    assert offer(FULL, MLS, bank()).possible
    assert dict(offer(FULL, MLS, bank(12)).missing) == {"data": 1, "analysis": 4, "modeling": 11, "operations": 1}
    half = [*bank(3, last_seen=DAY), *[Candidate(id=c.id + 500, domain=c.domain) for c in bank(4)]]
    assert offer(SHORT, MLS, half).repeats == 0 + 1 + 3 + 0


@pytest.mark.parametrize("seed", range(20))
def test_the_questions_of_a_case_stay_together_in_one_role_and_within_the_share(seed):
    rows = [*bank(30), *(Candidate(id=500 + n, domain="data", case="c") for n in range(3))]
    rows += [Candidate(id=600 + n, domain="data", case="too-long") for n in range(11)]
    places = assemble(FULL, MLS, rows, seed)
    at = [index for index, place in enumerate(places) if 500 <= place.question < 503]
    assert at in ([], list(range(at[0], at[0] + 3)) if at else [])
    assert len({places[index].scored for index in at}) <= 1
    assert not any(place.question >= 600 and place.question < 1000 for place in places)
    assert sum(place.question < 1000 for place in places) == 13


@given(
    st.lists(st.tuples(st.sampled_from(["", "", "a", "b", "c"]), st.booleans()), max_size=14),
    st.integers(1, 6),
    st.integers(0, 3),
    st.integers(0, 99),
)
def test_what_is_offered_can_be_assembled_and_what_is_not_cannot(rows, scored, pilots, seed):
    size = Size(code="s", questions=scored + pilots, scored=scored, minutes=1, cut=1)
    candidates = [
        Candidate(id=number, domain="only", case=case, last_seen=DAY if seen else None)
        for number, (case, seen) in enumerate(rows)
    ]
    try:
        assemble(size, {"only": 100}, candidates, seed)
        is_assembled = True
    except Problems:
        is_assembled = False
    assert offer(size, {"only": 100}, candidates).possible == is_assembled


def test_options_are_drawn_by_seed_and_position_or_left_as_authored():
    ids = ["a", "b", "c", "d"]
    orders = {tuple(draw_order(ids, shuffle=True, seed=1, position=position)) for position in range(50)}
    assert all(sorted(order) == ids for order in orders)
    assert len(orders) > 10
    assert draw_order(ids, shuffle=True, seed=1, position=3) == draw_order(ids, shuffle=True, seed=1, position=3)
    assert draw_order(ids, shuffle=False, seed=1, position=3) == ids


# ── near-identical questions


def near(*rows, seed=1, questions=2):
    size = Size(code="s", questions=questions, scored=questions, minutes=1, cut=1)
    return [place.question for place in assemble(size, {"only": 100}, rows, seed)]


def row(id_, near=None, **fields):
    return Candidate(**{"id": id_, "domain": "only", "near": near, **fields})


@pytest.mark.parametrize("seed", range(20))
def test_near_identical_questions_are_never_on_one_form(seed):
    drawn = near(row(1, 1), row(2, 1), row(3, 1), row(4), seed=seed)
    assert 4 in drawn
    assert len({1, 2, 3} & set(drawn)) == 1


def test_chance_decides_which_of_the_near_identical_it_is():
    assert {min(near(row(1, 1), row(2, 1), row(9), seed=seed)) for seed in range(30)} == {1, 2}


def test_the_one_that_was_not_seen_is_taken():
    seen = row(1, 1, last_seen=DAY)
    assert {min(near(seen, row(2, 1), row(9), seed=seed)) for seed in range(10)} == {2}


def test_what_near_identical_questions_leave_is_not_enough():
    size = Size(code="s", questions=2, scored=2, minutes=1, cut=1)
    rows = [row(1, 1), row(2, 1)]
    assert offer(size, {"only": 100}, rows).missing == {"only": 1}
    with pytest.raises(Problems):
        assemble(size, {"only": 100}, rows, 1)


def test_a_case_gives_way_as_a_whole_to_a_single_question():
    rows = [row(1, 1, case="c"), row(2, case="c"), row(3, 1), row(4)]
    assert sorted(near(*rows)) == [3, 4]


def test_a_case_that_is_near_identical_in_itself_is_never_drawn():
    assert sorted(near(row(1, 1, case="c"), row(2, 1, case="c"), row(3), row(4))) == [3, 4]
    assert sorted(near(row(1, 1, case="c"), row(2, 1, case="c"), row(3, 1), row(4))) == [3, 4]


@pytest.mark.parametrize("seed", range(20))
def test_what_is_offered_can_be_drawn_where_domains_share_near_identical_questions(seed):
    size = Size(code="s", questions=2, scored=2, minutes=1, cut=1)
    rows = [row(1, 1), Candidate(id=2, domain="other", near=1), row(3), Candidate(id=4, domain="other")]
    weights = {"only": 50, "other": 50}
    assert offer(size, weights, rows).possible
    drawn = {place.question for place in assemble(size, weights, rows, seed)}
    assert not {1, 2} <= drawn
