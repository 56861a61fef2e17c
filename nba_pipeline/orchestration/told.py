"""What Dagster is told of a date: what became of it in a build, or what is true of it now.

Belongs here: pure functions from results and verdicts to outcome, severity and words. Does not
belong here: events (``events``), or what Dagster knows already (``shown``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import dagster as dg

from nba_pipeline.build.door import BuildResult
from nba_pipeline.build.work import DateResult
from nba_pipeline.verdicts.contents import DAMAGED
from nba_pipeline.verdicts.messages import refusal_text
from nba_pipeline.verdicts.verdict import SETTLED, LedgerRow, State, Verdict

REFUSED, FAILED = "refused", "failed"
"""What a build says of dates that it did not compute: the gate refused, the source failed."""

GREEN = SETTLED - {State.UNRECOVERABLE}
"""States that pass the completeness check. What is lost needs nothing more, and is not there."""

_DETAIL_LENGTH = 2000
_LINE_LENGTH = 700
"""Names 16 teams of an upstream date and the next command; a longer text is in ``detail``."""


@dataclass(frozen=True, slots=True)
class Told:
    """What Dagster is told of one date.

    Attributes:
        version: content hash of what is published; empty tells of no materialization.
        passed: outcome of the completeness check.
        note: why the date is as it is.
        published_by: run that published it, where another one tells of it.
    """

    passed: bool
    verdict: str
    version: str = ""
    row_count: int = 0
    expected: int = 0
    completeness_pct: float = 0.0
    quarantined: int = 0
    note: str = ""
    published_by: str = ""

    @property
    def is_lost(self) -> bool:
        """Whether no source will ever have the date."""
        return _is_lost(self.verdict)

    @property
    def severity(self) -> dg.AssetCheckSeverity:
        """Of a check that fails: a warning where nobody can do anything about it."""
        return dg.AssetCheckSeverity.WARN if self.is_lost else dg.AssetCheckSeverity.ERROR


def told_of(built: BuildResult) -> dict[dt.date, Told]:
    """What a build has to tell, of every date that it was asked for."""
    open_dates = {d: Told(True, str(State.NOT_DUE), note=why) for d, why in built.not_due.items()}
    refused = {d: Told(False, REFUSED, note=refusal_text(r)) for d, r in built.refused.items()}
    failed = {d: Told(False, FAILED, note=why) for d, why in built.failed.items()}
    found = {d: _of_result(r) for d, r in built.results.items()}
    return dict(sorted((open_dates | refused | failed | found).items()))


def _of_result(result: DateResult) -> Told:
    return Told(
        passed=result.is_good and result.state in GREEN,
        verdict=str(result.state),
        version=result.version if result.is_published and not _is_lost(result.state) else "",
        row_count=result.row_count,
        expected=result.expected,
        completeness_pct=result.completeness_pct,
        quarantined=result.quarantined,
        note=result.message,
    )


def _is_lost(verdict: str) -> bool:
    return verdict == State.UNRECOVERABLE


def published(row: LedgerRow) -> str:
    """Version of what is published; empty of rows that nobody published, and where none can be."""
    return "" if row.version == DAMAGED or _is_lost(row.status) else row.version


def told_of_verdict(verdict: Verdict, row: LedgerRow | None) -> Told:
    """What is to be told of a date that no run is about, with what the ledger has of it."""
    passed, reasons = verdict.state in GREEN, "; ".join(r for r in verdict.reasons if r)
    if row is None:
        return Told(passed, str(verdict.state), note=reasons)
    return Told(
        passed=passed,
        verdict=str(verdict.state),
        version=published(row),
        row_count=row.row_count,
        expected=row.expected_rows or 0,
        completeness_pct=row.completeness_pct,
        note=row.note if passed and row.status == verdict.state else reasons,
        published_by=row.run_id,
    )


def description_of(told: Told) -> str:
    """Verdict and reason in one line, as the history of a check and a list of events have room."""
    text = " ".join(told.note.split())
    line = text if told.verdict == REFUSED else f"{told.verdict}: {text}".removesuffix(": ")
    return line if len(line) <= _LINE_LENGTH else f"{line[:_LINE_LENGTH]} ..."


def verdict_metadata(told: Told) -> dict[str, dg.MetadataValue | int]:
    """What the completeness check says of one date."""
    found: dict[str, dg.MetadataValue | int] = {"verdict": dg.MetadataValue.text(told.verdict)}
    if not told.passed and told.verdict not in (REFUSED, FAILED):
        found |= {"rows": told.row_count, "expected": told.expected}
    if told.note:
        found["detail"] = dg.MetadataValue.text(told.note[:_DETAIL_LENGTH])
    return found
