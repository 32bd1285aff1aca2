"""What `make bench` tells is what was measured. The run itself takes minutes and is not among the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from django.urls import get_resolver
from django.utils import timezone

from exams.queries import live, statistics
from tests.load import bank, reports
from tests.load.meter import parent_of, processor_seconds
from tests.load.report import Block, Measured, details, percentile, summary, together

BURN = "import time\nwhile time.process_time() < 0.4: pass"


def block(operation: str = "save", *, clients: int = 1, **fields: Any) -> Block:
    values: dict[str, Any] = {
        "elapsed": 2.0,
        "latencies": [0.01, 0.02, 0.03, 0.04],
        "sizes": [200, 210, 220, 230],
        "statements": [4, 4, 4, 4],
        "server": 0.03,
        "database": 0.01,
    }
    return Block(operation=operation, clients=clients, **{**values, **fields})


def cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


def test_the_time_of_a_child_counts_after_it_is_dead():
    before = processor_seconds(os.getpid())
    subprocess.run([sys.executable, "-c", BURN], check=True)
    assert processor_seconds(os.getpid()) - before >= 0.35


def test_the_time_of_a_living_grandchild_counts():
    code = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN + chr(10) + 'input()'!r}])"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as child:
        try:
            for _ in range(1000):
                if processor_seconds(child.pid) >= 0.35:
                    break
                os.sched_yield()
                subprocess.run(["sleep", "0.02"], check=True)
            else:
                pytest.fail("the time of the grandchild is missing")
        finally:
            child.communicate(b"\n")


def test_the_parent_of_a_process_is_who_started_it():
    assert parent_of(os.getpid()) == os.getppid()


def test_processor_time_is_per_request_of_server_and_database():
    assert block().processor == pytest.approx(0.01)


def test_slices_add_up():
    whole = together([block(), block(elapsed=1.0, latencies=[0.5], sizes=[1], statements=[5], server=0.07)])
    assert (whole.count, whole.elapsed, whole.processor) == (5, 3.0, pytest.approx(0.12 / 5))
    assert (whole.sizes[-1], whole.statements[-1], whole.latencies[-1]) == (1, 5, 0.5)


def test_the_summary_has_median_and_spread_of_the_multiples():
    rounds = [Measured(block(), multiple) for multiple in (4.0, 1.0, 2.0)]
    assert cells(summary(rounds, [block(statements=[4, 5, 4, 4])]))[2] == [
        *("save", "2.00 (1.00 – 4.00)", "1.5", "4 – 5", "4", "215", "1,000")
    ]


def test_the_details_have_rates_percentiles_and_milliseconds():
    assert cells(details([block(), block(elapsed=4.0)], []))[2] == [
        *("save", "1", "8", "1.5", "20.0", "40.0", "40.0", "7.50", "2.50", "")
    ]


@pytest.mark.parametrize(("share", "value"), [(50, 50), (95, 95), (99, 99)])
def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed(share, value):
    assert percentile(list(range(1, 101)), share) == value


def test_the_table_of_reports_has_medians_and_what_is_asked_for():
    told = [
        ["item_analysis", "1,000 members", [0.2, 0.1, 0.25], 9, 81_234],
        ["item_of_assignment", "10,000 members", [0.5], 10, 900],
    ]
    assert cells(reports.table({"SQLite": told}))[2:] == [
        ["item analysis", "1,000 members", "SQLite", "200", "250", "300", "9", "81,234"],
        ["one question", "10,000 members", "SQLite", "500", "500", "", "10", "900"],
    ]


def test_what_is_built_for_the_reports_is_an_assignment_that_all_have_sat(django_user_model, db, monkeypatch):
    monkeypatch.setattr(reports, "GROUPS", {"few": 40})
    monkeypatch.setattr(reports, "SITTING", {"busy": 30})
    monkeypatch.setattr("tests.load.data.QUESTIONS", 80)
    _teacher, assignments = reports.build()
    found = statistics.analysis(assignments["few"], timezone.now())
    assert (found.is_fixed, len(found.items), found.reliability.n, found.reliability.items) == (True, 65, 40, 50)
    assert found.reliability.kr20 > 0.5
    assert all(item.statistics.correct < 40 for item in found.items)
    board = live.board(assignments["busy"], timezone.now())
    assert board.counts == {"running": 30, "waiting": 0, "finished": 0}
    assert all(row.answered > 50 and row.saved_at for row in board.rows)


def test_every_page_that_is_measured_exists():
    found = {(page, group) for page, group in reports.TARGETS}
    assert found <= {(page, group) for page in reports.PAGES for group in reports.GROUPS | reports.SITTING}
    assert all(get_resolver().reverse_dict.getlist(page) for page in reports.PAGES)
    assert set(reports.NAMES) == set(reports.PAGES)


def test_the_table_of_the_bank_has_limits_for_pages_and_for_the_search():
    told = [["list", [0.2, 0.1, 0.25], 13, 81_234], [bank.NEAR, [41.5], 171, 0], [bank.TYPING, [0.1], 9, 900]]
    assert cells(bank.table({"SQLite": told}))[2:] == [
        ["list", "SQLite", "200", "250", "300", "13", "81,234"],
        [bank.NEAR, "SQLite", "41,500", "41,500", "60,000", "171", ""],
        [bank.TYPING, "SQLite", "100", "100", "", "9", "900"],
    ]


def test_every_filter_of_the_benchs_bank_finds_something(db, monkeypatch, settings):
    monkeypatch.setattr(bank, "QUESTIONS", 400)
    monkeypatch.setattr(bank, "SITTERS", 20)
    settings.ALLOWED_HOSTS = ["*"]
    exam = bank.build()
    bank.search(exam)
    client = bank.author()
    bank.portions(client, exam)
    found = {}
    for page, ask in bank.pages(exam):
        answer = ask(client)
        assert answer.status_code == 200, page
        if answer.context and "cl" in answer.context:
            found[page] = answer.context["cl"].result_count
    nothing = {
        "filter anything to look at",
        "search, nothing",
        "search, one question",
        "filter suspect keys",
        "four filters and a search",
    }
    assert {page for page, count in found.items() if not count} <= nothing
    assert found["list"] == 400
