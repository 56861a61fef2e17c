"""What is known of each source: when it answered, what was loaded of it, what changed in its form.

Belongs here: putting the landing zone, the ledger and the sightings of drift together by endpoint.
Does not belong here: printing (``cli.sources``), telling drift apart (``drift``), or
the files of an archive (``archives``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import Endpoint
from nba_pipeline.landing.zone import Landing
from nba_pipeline.sources.loader import Loader
from nba_pipeline.sources.reading.drift import Drift, DriftKind
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.verdicts.verdict import State
from nba_pipeline.warehouse.base import Warehouse

DRIFT_SQL = """
SELECT source, endpoint, layout, field_name, drift_kind,
  MIN(CASE WHEN drift_event = 'seen' THEN seen_at END) AS first_seen_at,
  MAX(CASE WHEN drift_event = 'seen' THEN seen_at END) AS last_seen_at,
  MAX(CASE WHEN drift_event = 'acknowledged' THEN seen_at END) AS acknowledged_at,
  SUM(CASE WHEN drift_event = 'seen' THEN 1 ELSE 0 END) AS occurrences,
  MAX(detail) AS detail, MAX(request_key) AS request_key
FROM nba_orchestration.payload_drift
GROUP BY source, endpoint, layout, field_name, drift_kind
ORDER BY source, endpoint, layout, field_name, drift_kind
"""
_LANDED = re.compile(r"^(?P<request>.+)/(?P<time>\d{8}T\d{6}Z)\.[0-9a-f]{16}\.[a-z0-9_]+$")
_REJECTED = ".rejected"


@dataclass(frozen=True, slots=True)
class Finding:
    """A changed field over all its sightings.

    Attributes:
        occurrences: runs of a build that read a payload with it.
        acknowledged_at: when a person took note last; a later sighting opens it again.
    """

    drift: Drift
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    occurrences: int
    acknowledged_at: dt.datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether payloads are refused for it and nobody has taken note since."""
        is_seen_since = self.acknowledged_at is None or self.last_seen_at > self.acknowledged_at
        return self.drift.kind.breaks and is_seen_since


@dataclass(frozen=True, slots=True)
class Lost:
    """Dates of a table that its source will never have, for one reason."""

    table: str
    first: dt.date
    last: dt.date
    dates: int
    reason: str


@dataclass
class SourceReport:
    """One endpoint of the source in force.

    Attributes:
        endpoint: None for what belongs to no endpoint.
        landed: requests with a payload in the landing zone.
        rejected: requests whose newest payload could not be read.
        fetched_at: when the newest payload was fetched.
        loaded_at: when rows of the endpoint were published last.
    """

    source: str
    endpoint: Endpoint | None
    tables: tuple[str, ...] = ()
    landed: int = 0
    rejected: int = 0
    fetched_at: dt.datetime | None = None
    loaded_at: dt.datetime | None = None
    findings: list[Finding] = field(default_factory=list)
    unrecoverable: list[Lost] = field(default_factory=list)


def source_reports(
    warehouse: Warehouse,
    snapshot: Snapshot,
    landing: Landing,
    loaders: Mapping[Endpoint, Loader],
) -> list[SourceReport]:
    """A report per endpoint, with the findings of whatever source it had.

    Raises:
        WarehouseError: the warehouse could not be read.
    """
    findings = drift_findings(warehouse)
    reports = []
    for endpoint, loader in loaders.items():
        tables = tuple(c.name for c in contracts().values() if c.endpoint is endpoint)
        report = SourceReport(loader.name, endpoint, tables)
        _add_landed(report, landing.store.list(f"{loader.name}/{endpoint}"))
        report.findings = [f for f in findings if f.drift.endpoint == endpoint]
        for table in tables:
            _add_ledger(report, snapshot, table)
        reports.append(report)
    return reports


def drift_findings(warehouse: Warehouse) -> list[Finding]:
    """Every changed field that was ever seen."""
    return [
        Finding(
            Drift(
                r["source"], r["endpoint"], r["layout"], r["request_key"], r["field_name"],
                DriftKind(r["drift_kind"]), r["detail"] or "",
            ),
            r["first_seen_at"], r["last_seen_at"], int(r["occurrences"]), r["acknowledged_at"],
        )
        for r in warehouse.query(DRIFT_SQL).to_pylist()
        if r["occurrences"]
    ]  # fmt: skip


def _add_landed(report: SourceReport, keys: Iterable[str]) -> None:
    newest: dict[str, tuple[str, str]] = {}
    notes = set()
    for key in keys:
        if key.endswith(_REJECTED):
            notes.add(key.removesuffix(_REJECTED))
        elif found := _LANDED.match(key):
            version = (found["time"], key)
            newest[found["request"]] = max(version, newest.get(found["request"], version))
    report.landed = len(newest)
    report.rejected = sum(key in notes for _, key in newest.values())
    if newest:
        time = max(t for t, _ in newest.values())
        report.fetched_at = dt.datetime.strptime(time, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)


def _add_ledger(report: SourceReport, snapshot: Snapshot, table: str) -> None:
    lost: dict[str, list[dt.date]] = {}
    for date, row in snapshot.rows(table).items():
        if row.status == State.UNRECOVERABLE:
            lost.setdefault(row.note, []).append(date)
        elif row.row_count and row.published_at:
            report.loaded_at = max(row.published_at, report.loaded_at or row.published_at)
    report.unrecoverable += [
        Lost(table, min(dates), max(dates), len(dates), reason)
        for reason, dates in sorted(lost.items(), key=lambda item: min(item[1]))
    ]
