"""What the platform says when it refuses: the same text in run log, check, command line and report.

Belongs here: pure functions from a refusal to words. Five parts, always in this order: what, why
with numbers, names, when and by whom, next command. Does not belong here: any decision.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.verdicts.gate import Problem, Refusal
from nba_pipeline.verdicts.verdict import Verdict

_LISTED = 10


def subject(table: str, date: dt.date) -> str:
    """What a line speaks of: table and date, or the table alone where it has no dates."""
    return table if date == WHOLE_TABLE else f"{table} {date}"


def refusal_text(refusal: Refusal) -> str:
    """One refusal, ready to be read and acted upon."""
    path = contracts()[refusal.table].path
    lines = [f"REFUSED {subject(path, refusal.date)}"]
    for same in _alike(refusal.problems):
        lines += [f"  {line}" for line in _problem_lines(same)]
    lines.append(f"  next: {next_command(refusal)}")
    return "\n".join(lines)


def _alike(problems: Iterable[Problem]) -> list[list[Problem]]:
    """Problems with one cause together: of a window that is every date of a year."""
    found: dict[tuple[object, ...], list[Problem]] = {}
    for p in problems:
        cause = (p.upstream, p.verdict.state, p.need, p.verdict.reasons)
        found.setdefault(cause, []).append(p)
    return list(found.values())


def _problem_lines(same: Sequence[Problem]) -> list[str]:
    problem = same[0]
    what = subject(problem.upstream, problem.date)
    why = f"{what} is {problem.verdict.state.upper()}"
    row = problem.row
    if len(same) > 1:
        first, last = min(p.date for p in same), max(p.date for p in same)
        why = f"{problem.upstream} is {problem.verdict.state.upper()} on {len(same)} dates, "
        why += f"{first} .. {last}"
        row = None
    if row is not None and row.expected_rows is not None and row.completeness_pct < 100:
        why += f": {row.completeness_pct:.1f} % of what is expected"
    why += f" ({problem.need})"
    lines = [why, *(f"  {reason}" for reason in problem.verdict.reasons)]
    if row is not None:
        when = f" {row.published_at:%Y-%m-%d %H:%M} UTC" if row.published_at else ""
        lines.append(f"  last attempt{when} by run {row.run_id[:8]}")
    return lines


def next_command(refusal: Refusal) -> str:
    """The command that repairs the first causes and then the refused date."""
    tables = list(dict.fromkeys(p.upstream for p in refusal.problems))
    dates = sorted({p.date for p in refusal.problems})
    return backfill_command(tables, dates, downstream=True)


def backfill_command(
    tables: Sequence[str], dates: Sequence[dt.date], *, downstream: bool = False
) -> str:
    """``nba backfill`` for tables and dates; few dates one by one, many as a range.

    A range names good dates too; they are skipped. Tables without dates need none.
    """
    days = sorted({d for d in dates if d != WHOLE_TABLE})
    words = ["nba backfill", *(f"--table {t}" for t in tables)]
    if days and len(days) <= _LISTED and len(days) < (days[-1] - days[0]).days + 1:
        words += [f"--date {d}" for d in days]
    elif len(days) == 1:
        words.append(f"--date {days[0]}")
    elif days:
        words.append(f"--from {days[0]} --to {days[-1]}")
    return " ".join([*words, *(["--downstream"] if downstream else [])])


def verdict_line(table: str, date: dt.date, verdict: Verdict) -> str:
    """One verdict in a line."""
    reasons = "; ".join(r for r in verdict.reasons if r)
    flag = " (degraded)" if verdict.is_degraded else ""
    return f"{subject(table, date)} {verdict.state}{flag}{': ' + reasons if reasons else ''}"


def failure_headline(table: str, done: int, bad: dict[dt.date, str]) -> str:
    """First line of a run that did not bring every date: counts, then each date once."""
    if set(bad) == {WHOLE_TABLE}:
        return f"{table}: not published"
    total = done + len(bad)
    dates = ", ".join(str(d) for d in sorted(bad)[:10])
    more = f" and {len(bad) - 10} more" if len(bad) > 10 else ""
    return f"{table}: {len(bad)} of {total} dates not published: {dates}{more}"


def date_ranges(dates: Iterable[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Consecutive dates as inclusive ranges, in order."""
    ranges: list[tuple[dt.date, dt.date]] = []
    for date in sorted(set(dates)):
        if ranges and date - ranges[-1][1] == dt.timedelta(1):
            ranges[-1] = (ranges[-1][0], date)
        else:
            ranges.append((date, date))
    return ranges
