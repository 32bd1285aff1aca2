"""``check_bank EXAM``: everything that the checker finds in the bank of an exam."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone, translation

from exams.forms.problems import sentence
from exams.models import Exam
from exams.queries.bank_check import BankCheck, Checked, check_bank
from exams.queries.checking import Judged


def day(text: str) -> date:
    """The day that ``--on`` names."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no day. Write it as 2026-11-30.") from None


class Command(BaseCommand):
    """One line for each finding; docs/checking.md explains them."""

    help = "Check the question bank of an exam (docs/checking.md). Ends with code 1 where there are errors."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The exam, the day, and for whom to print."""
        parser.add_argument("exam", help="the exam's code")
        parser.add_argument("--on", type=day, help="the day that ages are reckoned from; default today")
        parser.add_argument("--json", action="store_true", help="print it for machines")

    def handle(self, *args: Any, exam: str, on: date | None, json: bool, **options: Any) -> None:
        """Check, print, and end with code 1 where there are errors."""
        found = Exam.objects.filter(code=exam).first()
        if found is None:
            there = ", ".join(Exam.objects.values_list("code", flat=True)) or "none"
            raise CommandError(f"There is no exam “{exam}”. There are: {there}.")
        today = on or timezone.localdate()
        check = check_bank(found, on=today)
        with translation.override("en"):  # as all else that a terminal shows here
            self.stdout.write("\n".join([as_json(check, today)] if json else lines(check, today)))
        if check.errors:
            sys.exit(1)


def lines(check: BankCheck, on: date) -> list[str]:
    """What people read: a line for each finding (its text's fingerprint last, as a waiver names it), then figures."""
    found = [line(checked, row) for checked in check.questions for row in checked.judged]
    about = [
        f"{check.exam.code}: {finding.where}: {finding.level}: {sentence(finding)}" for finding in check.about_bank
    ]
    sizes = list(check.needs[0].need) if check.needs else []
    return [
        *found,
        *about,
        *(
            f"{need.domain.code}: {need.have} published, "
            + ", ".join(f"{size} takes {need.need[size]}" for size in sizes)
            for need in check.needs
        ),
        *(
            f"longest option, {bot.language}: {bot.right:.1f} of {bot.questions} right; "
            f"chance {bot.chance:.1f}, bound {bot.bound:.1f}"
            for bot in check.bots
        ),
        f"{check.exam.code} on {on}: {len(check.questions)} questions, {check.errors} errors, "
        f"{check.open + check.accepted} warnings, {check.accepted} of them accepted.",
    ]


def line(checked: Checked, row: Judged) -> str:
    """A finding of one question."""
    level = row.finding.level.value if row.waiver is None else "accepted"
    told = f" ({row.waiver.reason})" if row.waiver else ""
    text = "" if row.is_error else f" [{row.finding.code} {row.text}]"
    return f"{checked.question.code}: {row.finding.where}: {level}: {sentence(row.finding)}{told}{text}"


def as_json(check: BankCheck, on: date) -> str:
    """The same for machines."""
    return json.dumps(
        {
            "exam": check.exam.code,
            "on": on.isoformat(),
            "errors": check.errors,
            "warnings": check.open,
            "accepted": check.accepted,
            "findings": [
                {
                    "question": checked.question.code,
                    "where": row.finding.where,
                    "level": row.finding.level.value,
                    "code": row.finding.code,
                    "says": sentence(row.finding),
                    "text": row.text,
                    "accepted": row.waiver.reason if row.waiver else None,
                }
                for checked in check.questions
                for row in checked.judged
            ],
            "bank": [
                {"where": finding.where, "level": finding.level.value, "code": finding.code, "says": sentence(finding)}
                for finding in check.about_bank
            ],
            "blueprint": [{"domain": need.domain.code, "have": need.have, "need": need.need} for need in check.needs],
            "bots": [
                {
                    "language": bot.language,
                    "questions": bot.questions,
                    "right": round(bot.right, 2),
                    "chance": round(bot.chance, 2),
                    "bound": round(bot.bound, 2),
                }
                for bot in check.bots
            ],
        },
        ensure_ascii=False,
        indent=2,
    )
