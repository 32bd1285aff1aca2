"""Accepted warnings and renamed services in a pack: read, written back, and their faults named."""

from __future__ import annotations

from datetime import date

from exams.domain.checking import Service
from exams.formats import pack_files as written
from exams.formats import packs
from exams.formats.packs import WaiverRow
from tests.formats.makers import faults, pack_files

SERVICES = "services:\n  - {name: Old, since: 2024-01-02, now: New}\n  - {name: Gone, since: 2024-01-03}\n"
WAIVERS = '  waivers:\n    - {code: a_rule, where: stem.en, text: "0123456789abcdef", reason: So it is meant}\n'


def with_both(services: str = SERVICES, waivers: str = WAIVERS) -> dict[str, bytes]:
    files = pack_files()
    files["exam.yaml"] += services.encode()
    files["questions/left.yaml"] += waivers.encode()
    return files


def test_they_are_read_and_written_back():
    pack = packs.read(with_both())
    assert pack.exam.services == (
        Service(name="Old", since=date(2024, 1, 2), now="New"),
        Service(name="Gone", since=date(2024, 1, 3)),
    )
    question = next(row for row in pack.questions if row.code == "a-single")
    assert question.waivers == (WaiverRow("a_rule", "stem.en", "0123456789abcdef", "So it is meant"),)
    again = packs.read(written.write(pack))
    assert again.exam.services == pack.exam.services
    assert [row.waivers for row in again.questions if row.code == "a-single"] == [question.waivers]


def test_a_service_without_a_day_and_a_waiver_without_a_reason_are_faults():
    assert faults(with_both(services=SERVICES.replace(", since: 2024-01-03", ""))) == [
        ("field_missing", "exam.yaml:27: services.2.since")
    ]
    assert faults(with_both(waivers=WAIVERS.replace(", reason: So it is meant", "")))[0][0] == "field_missing"
