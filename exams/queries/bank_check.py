"""The whole bank of an exam: every question, questions against each other, the bank against the blueprint."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from exams.domain import duplicates
from exams.domain.bank import CHOICE_KINDS, QuestionContent
from exams.domain.blueprints import allocation
from exams.domain.checking import Bot, Finding, Level, longest_option_bot, stale_before
from exams.models import Domain, Exam, NearDuplicate, Question, Size
from exams.queries.bank import bank_of, content_of
from exams.queries.blueprints import offers, rule_of
from exams.queries.checking import Judged, judged, near_finding


@dataclass(frozen=True, slots=True)
class Need:
    """A domain's published questions (``have``) against those that each size takes (``need``, by the size's code)."""

    domain: Domain
    have: int
    need: dict[str, int]


@dataclass(frozen=True, slots=True)
class Checked:
    """A question with all that is to be said of its working copy."""

    question: Question
    judged: Sequence[Judged]


@dataclass(frozen=True, slots=True)
class BankCheck:
    """What ``check_bank`` prints."""

    exam: Exam
    questions: Sequence[Checked]
    needs: Sequence[Need]
    bots: Sequence[Bot]
    about_bank: Sequence[Finding]

    @property
    def errors(self) -> int:
        """How many findings keep a question from being published, or the exam from being sat."""
        of_bank = sum(finding.level is Level.ERROR for finding in self.about_bank)
        return of_bank + sum(row.is_error for checked in self.questions for row in checked.judged)

    @property
    def accepted(self) -> int:
        """How many warnings somebody has accepted."""
        return sum(row.waiver is not None for checked in self.questions for row in checked.judged)

    @property
    def open(self) -> int:
        """How many warnings nobody has accepted."""
        of_bank = sum(finding.level is Level.WARNING for finding in self.about_bank)
        return of_bank + sum(row.is_open for checked in self.questions for row in checked.judged)


def check_bank(exam: Exam, *, on: date) -> BankCheck:
    """Check every question that is not retired, on that day. Reads the whole bank, in a number of queries that does not
    grow with it."""
    questions = [row for row in bank_of(exam.code) if row.status != Question.Status.RETIRED]
    contents = {row.pk: content_of(row) for row in questions}
    near = _near(questions, contents, exam.languages)
    checked = [Checked(row, judged(row, contents[row.pk], on=on, near=near.get(row.pk, ()))) for row in questions]
    choices = [content for content in contents.values() if content.kind in CHOICE_KINDS]
    bots = [longest_option_bot(choices, language) for language in exam.languages]
    return BankCheck(exam, checked, needs(exam), bots, [*_short(exam), *_bots(bots)])


def needs(exam: Exam) -> list[Need]:
    """The blueprint against the bank, in the order of the domains. Three queries."""
    rows = exam.questions.filter(current_version__isnull=False).exclude(status=Question.Status.RETIRED).order_by()
    have = Counter(rows.values_list("current_version__domain", flat=True))
    domains = list(exam.domains.all())
    weights = {domain.code: domain.weight for domain in domains}
    wanted: dict[str, dict[str, int]] = defaultdict(dict)
    for size in exam.sizes.all():
        for code, (scored, pilots) in (allocation(rule_of(size), weights) if weights else {}).items():
            wanted[code][size.code] = scored + pilots
    return [Need(domain, have[domain.pk], wanted[domain.code]) for domain in domains]


MOST_PAIRS = 100


@dataclass(frozen=True, slots=True)
class Glance:
    """What a page can say of a bank of any length: ``near`` has the first pairs, ``nears`` says how many there are."""

    sizes: Sequence[Size]
    needs: Sequence[Need]
    near: Sequence[NearDuplicate]
    nears: int
    stale: int

    @property
    def rows(self) -> list[tuple[Need, list[tuple[Size, int]]]]:
        """Each domain with what every size takes of it."""
        return [(need, [(size, need.need[size.code]) for size in self.sizes]) for need in self.needs]


def glance(exam: Exam, *, on: date) -> Glance:
    """Counts and kept pairs; no text is read. Seven queries."""
    questions = exam.questions.exclude(status=Question.Status.RETIRED).order_by()
    pairs = NearDuplicate.objects.filter(first__exam=exam).exclude(first__status=Question.Status.RETIRED)
    pairs = pairs.exclude(second__status=Question.Status.RETIRED).select_related("first", "second")
    return Glance(
        sizes=list(exam.sizes.all()),
        needs=needs(exam),
        near=list(pairs[:MOST_PAIRS]),
        nears=pairs.count(),
        stale=questions.filter(as_of__lt=stale_before(on)).count(),
    )


def _near(
    questions: Sequence[Question], contents: dict[int, QuestionContent], languages: Sequence[str]
) -> dict[int, list[Finding]]:
    codes = {row.pk: row.code for row in questions}
    found: dict[int, list[Finding]] = defaultdict(list)
    for language in languages:
        texts = {pk: duplicates.said(content, language) for pk, content in contents.items()}
        for pair in duplicates.pairs(texts, language):
            found[pair.first].append(near_finding(language, codes[pair.second], pair.percent))
            found[pair.second].append(near_finding(language, codes[pair.first], pair.percent))
    return found


def _short(exam: Exam) -> list[Finding]:
    """An exam that can't be sat in any of its sizes; what its smallest lacks."""
    found = offers(exam)
    if not found or any(row.offer.possible for row in found):
        return []
    smallest = min(found, key=lambda row: row.size.questions)
    return [
        Finding(
            "bank_short",
            domain.code,
            {"size": str(smallest.size), "domain": str(domain), "missing": missing},
            Level.ERROR,
        )
        for domain, missing in smallest.missing
    ]


def _bots(bots: Sequence[Bot]) -> list[Finding]:
    return [
        Finding(
            "longest_bot",
            bot.language,
            {
                "language": bot.language,
                "right": f"{bot.right:.1f}",
                "questions": bot.questions,
                "chance": f"{bot.chance:.1f}",
                "bound": f"{bot.bound:.1f}",
            },
        )
        for bot in bots
        if bot.is_too_good
    ]
