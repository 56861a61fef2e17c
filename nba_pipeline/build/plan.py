"""What a publish writes: the batch of swap and bookkeeping, and the result of each date.

Belongs here: deciding, per date, what an audit means for the table. Does not belong here: running
it (``publish``). A date whose audit failed keeps the rows that were published before it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable
from typing import Any

from nba_pipeline.audit.dates import AuditReport, DateAudit, coverage_json
from nba_pipeline.build.work import DateResult, Work
from nba_pipeline.contracts import ops
from nba_pipeline.league.sides import scheduled_sides
from nba_pipeline.verdicts.ledger import Attempt, Input, inputs_hash, inputs_rows, rows_table
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.verdicts.verdict import LedgerRow, State
from nba_pipeline.warehouse.base import Batch, Outcome


class Plan:
    """The batch of one publish, and its results."""

    def __init__(
        self,
        snapshot: Snapshot,
        work: Work,
        report: AuditReport,
        attempt: Attempt,
        aside_before: Collection[dt.date] = (),
    ) -> None:
        """``aside_before``: dates with cells kept aside by an earlier attempt."""
        self.mended = set(aside_before) - {c.date for c in report.bad}
        self.snapshot, self.work, self.report, self.attempt = snapshot, work, report, attempt
        self.contract = work.contract
        self.audits: dict[dt.date, DateAudit] = dict(report.dates)
        for date in work.settled:
            self.audits[date] = DateAudit(date, version="empty")
        self.states = {d: self._state(d) for d in self.audits}

    def _state(self, date: dt.date) -> State:
        if date in self.work.settled:
            return self.work.settled[date][0]
        return self.audits[date].state

    def _row(self, date: dt.date) -> LedgerRow | None:
        return self.snapshot.row(self.contract.name, date)

    def _may_publish(self, date: dt.date) -> bool:
        return (
            date in self.work.settled
            or self.states[date] is State.COMPLETE
            or self.contract.publishing.partial
        )

    def _is_unchanged(self, date: dt.date) -> bool:
        """Equal content that the table still holds: nothing to swap."""
        row, found = self._row(date), self.audits[date]
        return (
            row is not None
            and row.version == found.version
            and row.status == self.states[date]
            and row.row_count == found.rows
            and not self.snapshot.is_damaged(self.contract.name, date)
        )

    def _keeps_old(self, date: dt.date) -> bool:
        """A failed attempt beside rows published earlier: they stay, and so does their row."""
        row = self._row(date)
        return not self._may_publish(date) and row is not None and row.row_count > 0

    def _is_same_row(self, date: dt.date) -> bool:
        """Nothing at all would change: not even the ledger's row is written again."""
        row = self._row(date)
        return (
            self._is_unchanged(date)
            and row is not None
            and date not in self.mended
            and row.code_version == self.attempt.code_version
            and row.config_hash == self.contract.config_hash
            and row.note == self._note(date)
            and row.is_degraded == self.audits[date].is_degraded
            and row.failed_checks == self.audits[date].failed_checks
            and set(self.snapshot.inputs(self.contract.name, date)) == set(self._inputs(date))
        )

    def _inputs(self, date: dt.date) -> list[Input]:
        return list(self.work.inputs.get(date, []))

    def _note(self, date: dt.date) -> str:
        if date in self.work.settled:
            return self.work.settled[date][1]
        aside = self.audits[date].quarantined
        parts = [self.work.notes.get(date, ""), f"{aside} rows quarantined" if aside else ""]
        return "; ".join(p for p in parts if p)

    def batch(self) -> Batch:
        """Everything to be written."""
        name = self.contract.name
        touched = [d for d in self.audits if not self._keeps_old(d) and not self._is_same_row(d)]
        swap = [d for d in touched if self._may_publish(d) and not self._is_unchanged(d)]
        self.swapped = set(swap)
        kept = {d: self._inputs(d) for d in touched if self._may_publish(d)}
        protected = {d: day for d, day in self.work.days.items() if d in self.swapped}
        taken = [d for d in self.audits if not self._keeps_old(d)]
        return Batch(
            contract=self.contract,
            rows=self.report.good,
            swap_dates=swap,
            ledger=rows_table(ops.LEDGER, (self._ledger_row(d) for d in touched)),
            inputs=inputs_rows(name, kept),
            history=rows_table(ops.HISTORY, (self._history_row(d) for d in self.audits)),
            quarantine=rows_table(
                ops.QUARANTINE,
                self.quarantine_rows(taken),
            ),
            protected=scheduled_sides(protected),
            seen={d: row.attempt if (row := self._row(d)) else 0 for d in touched},
        )

    def _ledger_row(self, date: dt.date) -> dict[str, Any]:
        found, row, publishes = self.audits[date], self._row(date), self._may_publish(date)
        return self.attempt.ledger_row(
            date,
            (row.attempt if row else 0) + 1,
            status=str(self.states[date]),
            version=found.version if publishes else "",
            row_count=found.rows if publishes else 0,
            expected_rows=found.expected,
            distinct_keys=found.rows if publishes else 0,
            completeness_pct=round(found.completeness_pct, 2),
            coverage=coverage_json(found),
            schedule_version=self.snapshot.schedule_version(self.contract, date),
            inputs_hash=inputs_hash(self._inputs(date)),
            sources=json.dumps(found.sources, sort_keys=True),
            is_degraded=found.is_degraded,
            failed_checks=found.failed_checks,
            note=self._note(date),
        )

    def _history_row(self, date: dt.date) -> dict[str, Any]:
        found, publishes = self.audits[date], self._may_publish(date)
        bad = self.states[date] in (State.PARTIAL, State.INVALID)
        return self.attempt.history_row(
            date,
            str(self.states[date]),
            error_class="AuditFailed" if bad else None,
            error_message=found.failed_checks if bad else None,
            rows_staged=found.rows + found.quarantined,
            rows_written=found.rows if publishes and date in self.swapped else 0,
            rows_quarantined=found.quarantined,
            expected_rows=found.expected,
        )

    def quarantine_rows(self, dates: Iterable[dt.date]) -> list[dict[str, Any]]:
        """Cells that broke a rule on the dates, each with its row."""
        wanted = set(dates)
        return [
            {
                "asset": self.contract.name,
                "game_date": c.date,
                "row_key": c.key,
                "rule": c.rule,
                "column_name": c.column,
                "bad_value": c.value,
                "run_id": self.attempt.run_id,
                "quarantined_at": self.attempt.ended_at,
                "row_json": c.row_json,
            }
            for c in self.report.bad
            if c.date in wanted
        ]

    def _why_aside(self, date: dt.date) -> str:
        """What kept rows of the date from being published: row, value and rule."""
        cells = [c for c in self.report.bad if c.date == date]
        told = ", ".join(f"{c.key}: {c.column} = {c.value} breaks {c.rule}" for c in cells[:4])
        return f"; kept aside: {told}" if told else ""

    def not_published(self, outcome: Outcome) -> list[dt.date]:
        """Dates whose attempt left the rows of an earlier one in place."""
        return [d for d in self.audits if d in outcome.lost_keys or self._keeps_old(d)]

    def results(self, outcome: Outcome) -> dict[dt.date, DateResult]:
        """What became of each date, by what the warehouse read back."""
        return {d: self._result(d, outcome) for d in sorted(self.audits)}

    def _result(self, date: dt.date, outcome: Outcome) -> DateResult:
        found, state, message, is_outrun = self.audits[date], self.states[date], "", False
        published = self._may_publish(date)
        if date in outcome.lost_keys:
            keys = outcome.lost_keys[date]
            state, published = State.PARTIAL, False
            message = f"would lose {len(keys)} published keys still expected: {'; '.join(keys[:8])}"
            message += self._why_aside(date)
        elif date in outcome.conflicts:
            published = False
            message = f"lost the race: {outcome.conflicts[date]}; run it again"
            state, is_outrun = State.INVALID, True
        elif state in (State.PARTIAL, State.INVALID):
            message = found.failed_checks
        else:
            message = self._note(date)
        row = self._row(date)
        old_rows = row.row_count if row else 0
        return DateResult(
            date=date,
            state=state,
            is_published=published,
            version=found.version,
            row_count=outcome.published.get(date, found.rows if published else old_rows),
            expected=found.expected,
            completeness_pct=found.completeness_pct,
            message=message,
            quarantined=found.quarantined,
            is_unchanged=published and date not in self.swapped,
            is_outrun=is_outrun,
            coverage=found.coverage,
            sources=found.sources,
        )
