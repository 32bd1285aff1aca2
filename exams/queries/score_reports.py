"""What is in a printed report: of one attempt, and of a cohort's assignment."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from exams.documents.printed import Bar, Block, Facts, Heading, Report, ScoreLine, Spread, Table, Words
from exams.domain.cohort_results import FEWEST, stretches
from exams.domain.scoring import Scale, ScoreReport, Verdict
from exams.models import Attempt
from exams.models.texts import in_language
from exams.queries import results
from exams.queries.cohort_results import AssignmentResults, Weakness
from exams.queries.cohort_sittings import Sitting
from exams.queries.results import DomainRow


def score_report(attempt: Attempt, now: datetime) -> Report:
    """Of one attempt that has ended: the score, its domains, and what they rest on; no question and no key."""
    found = results.result(attempt, now)
    report, scale = found.report, found.parameters.scale
    blocks: list[Block] = [
        Facts(
            [
                (_("Verdict"), _("Passed") if report.passed else _("Not passed")),
                (_("Score"), str(report.scaled)),
                (_("Points"), _of(report.points, report.total)),
                (_("Needed"), str(report.cut)),
            ]
        ),
        _score_line(report, scale),
        Words(_meaning(report, found.probability)),
        Heading(_("By domain")),
        *(_domain_bar(row, found.cut_share) for row in found.domains),
        Words(_limits(), is_note=True),
    ]
    return Report(
        title=_("%(exam)s mock exam: score report") % {"exam": attempt.exam.code.upper()},
        subtitle=_("%(name)s, finished on %(when)s, after %(used)s of %(total)s minutes")
        % {
            "name": attempt.candidate.display_name,
            "when": date_format(timezone.localtime(found.ended_at), "DATETIME_FORMAT"),
            "used": found.minutes_used,
            "total": found.minutes,
        },
        foot=_foot(str(attempt.public_id)),
        language=get_language() or "en",
        blocks=blocks,
    )


def cohort_report(found: AssignmentResults, now: datetime) -> Report:
    """Of an assignment: the spread of scores, where the cohort is weak, and every member's latest result."""
    assignment = found.assignment
    low, high = found.passed_interval or (None, None)
    blocks: list[Block] = [
        Facts(
            [
                (_("With a result"), _of(found.submitted, len(found.rows))),
                (_("At or over the pass mark"), str(found.passed)),
                (_("Interval"), f"{low}–{high}%" if found.passed_interval else "–"),
                (_("Pass mark"), str(found.scale.pass_mark)),
            ]
        )
    ]
    if found.submitted >= FEWEST:
        blocks += [Heading(_("Spread of scores")), Spread(stretches(found.scores, found.scale), found.scale.pass_mark)]
        for title, columns in ((_("Domains, the weakest first"), found.domains), (_("Tasks"), found.tasks)):
            blocks.append(Heading(title))
            blocks += [_weakness_bar(row, found.cut_share) for row in found.weakest(columns)]
    else:
        blocks.append(
            Words(
                _("Not enough data: nothing is said of a cohort under 5 people, and %(number)s so far have a result.")
                % {"number": found.submitted}
            )
        )
    blocks += [Heading(_("Members")), _members(found), Words(_limits(), is_note=True)]
    return Report(
        title=assignment.title,
        subtitle=_("%(cohort)s, %(exam)s, as of %(when)s")
        % {
            "cohort": assignment.cohort.name,
            "exam": assignment.exam.code.upper(),
            "when": date_format(timezone.localtime(now), "DATETIME_FORMAT"),
        },
        foot=_foot(assignment.cohort.name),
        language=get_language() or "en",
        blocks=blocks,
    )


def _score_line(report: ScoreReport, scale: Scale) -> ScoreLine:
    return ScoreLine(
        minimum=scale.minimum,
        mark=scale.pass_mark,
        maximum=scale.maximum,
        score=report.scaled,
        interval=report.interval,
        passed=report.passed,
        mark_label=_("Pass mark %(mark)s") % {"mark": scale.pass_mark},
    )


def _meaning(report: ScoreReport, chance: str) -> str:
    if report.interval is None:
        return _("Nothing was answered, so nothing can be said about what this person knows.")
    low, high = report.interval
    return _(
        "The true score most plausibly lies between %(low)s and %(high)s; the probability that it reaches the pass "
        "mark is %(percent)s."
    ) % {"low": low, "high": high, "percent": chance}


def _domain_bar(row: DomainRow, cut: float) -> Bar:
    found = row.result
    words = _shares(found.correct, found.total, found.share, found.interval)
    if found.verdict:
        is_met = found.verdict is Verdict.MEETS
        words += pgettext("between two items", ", ") + (_("Meets competencies") if is_met else _("Needs improvement"))
    return Bar(in_language(row.domain.title), words, found.share, found.interval, cut)


def _weakness_bar(row: Weakness, cut: float) -> Bar:
    title = f"{row.column.code} {row.column.title}" if row.column.id.startswith("t") else row.column.title
    return Bar(title, _shares(row.correct, row.total, row.share, row.interval), row.share, row.interval, cut)


def _shares(correct: int, total: int, share: float, interval: tuple[float, float]) -> str:
    low, high = (round(100 * end) for end in interval)
    return f"{_of(correct, total)} = {round(100 * share)}% ({low}–{high}%)"


def _of(part: int, whole: int) -> str:
    return _("%(points)s of %(total)s") % {"points": part, "total": whole}


def _members(found: AssignmentResults) -> Table:
    head = [_("Member"), _("Score"), _("Interval"), _("Verdict"), _("Probability to pass"), _("Attempts")]
    rows = []
    for row in found.rows:
        cells = _member(row.latest) if row.latest else ["–"] * 4
        rows.append([row.candidate.display_name, *cells, str(row.finished)])
    return Table(head, rows, (0.32, 0.11, 0.16, 0.15, 0.15, 0.11))


def _member(latest: Sitting) -> list[str]:
    report = latest.report
    interval = f"{report.interval[0]}–{report.interval[1]}" if report.interval else "–"
    return [str(report.scaled), interval, _("Passed") if report.passed else _("Not passed"), latest.chance or "–"]


def _limits() -> str:
    return _(
        "A mock score is an estimate: the issuer publishes neither its cut in points nor how its scale is made. "
        "Intervals are about ability and no forecast of the next score."
    )


def _foot(words: str) -> str:
    return _("Mock exam report, %(what)s") % {"what": words}
