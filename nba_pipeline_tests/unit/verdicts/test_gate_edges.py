"""What an edge of a contract asks of an upstream: how much of it, and whether degraded rows do.

On edges of the same date, with one upstream and with alternatives, and on windows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import Requirement, Window
from nba_pipeline.sources.lookup import code_version
from nba_pipeline.verdicts.gate import GateReport, ask
from nba_pipeline.verdicts.messages import refusal_text
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline_tests.unit.verdicts.test_board import DATES, SCHEDULE, TODAY, World

ONE, OTHER = "nbac_player_boxscores", "bref_player_boxscores"
DATE = DATES[4]
PAST = DATES[:4]


def entry(table: str, date: dt.date, **facts: Any) -> dict[str, Any]:
    contract = contracts()[table]
    return {
        "asset": table, "game_date": date, "row_count": 2, "expected_rows": 2,
        "status": "complete", "version": "a" * 32, "attempt": 1, "run_id": "r",
        "code_version": code_version(contract), "config_hash": contract.config_hash,
        "is_degraded": False, "completeness_pct": 100.0, "note": "", "failed_checks": "",
        "waiver_id": "", "published_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "checksum": "e:1",
        **facts,
    }  # fmt: skip


def judged(requirement: Requirement, *upstreams: dict[str, Any]) -> GateReport:
    """The gate's answer for ``DATE`` of a table with this one edge; other dates are whole."""
    given = {(e["asset"], e["game_date"]): e for e in upstreams}
    dates = [*PAST, DATE]
    plain = [entry(t, d) for t in (SCHEDULE, ONE, OTHER) for d in dates if (t, d) not in given]
    games = [
        {"game_id": f"{d}", "game_date": d, "season_year": 2021, "season_type": "regular",
         "home_team": "BOS", "away_team": "NYK", "game_status": "final", "home_score": 100,
         "away_score": 90, "nba_game_id": None}
        for d in dates
    ]  # fmt: skip
    ledger = [*plain, *given.values()]
    counts = {(e["asset"], e["game_date"]): (e["row_count"], e["checksum"]) for e in ledger}
    read = [
        {"asset": t, "game_date": d, "upstream": SCHEDULE, "window_start": d, "window_end": d,
         "version": "a" * 32}
        for t in (ONE, OTHER) for d in dates
    ]  # fmt: skip
    world = World(ledger, read, games, counts, [])
    span = (DATES[0], DATES[-1])
    snapshot = Snapshot(world, TODAY, tables=(SCHEDULE, ONE, OTHER), dates=span)  # type: ignore[arg-type]
    reader = replace(contracts()["player_game_summary"], requirements=(requirement,))
    return ask(snapshot, reader, [DATE])


SINGLE, CHOICE = Requirement((ONE,)), Requirement((ONE, OTHER))
WINDOW = Requirement((ONE,), Window.TRAILING_DAYS, len(PAST))
ALL = Requirement((ONE, OTHER), reads_all=True)


@pytest.mark.parametrize("edge", [SINGLE, CHOICE, ALL])
def test_degraded_rows_are_read_on_the_same_date_where_the_edge_takes_them(
    edge: Requirement,
) -> None:
    tainted = [entry(t, DATE, is_degraded=True) for t in edge.upstreams]
    assert list(judged(edge, *tainted).admitted) == [DATE]
    strict = judged(replace(edge, allow_degraded=False), *tainted)
    assert {p.upstream for p in strict.refused[DATE].problems} == set(edge.upstreams)
    assert "COMPLETE (required 100% (none degraded))" in refusal_text(strict.refused[DATE])
    assert list(judged(replace(edge, allow_degraded=False)).admitted) == [DATE]


def test_of_alternatives_one_that_is_not_degraded_is_enough() -> None:
    strict = replace(CHOICE, allow_degraded=False)
    for bad, good in ((ONE, OTHER), (OTHER, ONE)):
        found = judged(strict, entry(bad, DATE, is_degraded=True))
        assert good in {i.upstream for i in found.admitted[DATE]}


def test_a_degraded_date_of_a_window_is_refused_and_named_or_read() -> None:
    tainted = entry(ONE, PAST[1], is_degraded=True)
    assert list(judged(WINDOW, tainted).admitted) == [DATE]
    strict = judged(replace(WINDOW, allow_degraded=False), tainted)
    assert [(p.upstream, p.date) for p in strict.refused[DATE].problems] == [(ONE, PAST[1])]
    some = replace(WINDOW, allow_degraded=False, min_coverage=0.75)
    assert list(judged(some, tainted).admitted) == [DATE]


def partial(date: dt.date, share: float) -> dict[str, Any]:
    return entry(ONE, date, status="partial", completeness_pct=share)


@pytest.mark.parametrize(
    ("asked", "held", "is_read"), [(1.0, 90, False), (0.9, 90, True), (0.9, 89.9, False)]
)
def test_the_share_asked_of_the_same_date_is_what_is_there_of_it(
    asked: float, held: float, is_read: bool
) -> None:
    found = judged(replace(SINGLE, min_coverage=asked), partial(DATE, held))
    assert (DATE in found.admitted) is is_read
    assert (DATE in found.refused) is not is_read
    if not is_read:
        assert f"(required {asked:.0%})" in refusal_text(found.refused[DATE])


def test_a_date_that_is_partial_for_another_reason_than_its_share_stays_shut() -> None:
    assert DATE in judged(SINGLE, partial(DATE, 100.0)).refused
    lost = {**entry(ONE, DATE), "status": "invalid"}
    assert DATE in judged(replace(SINGLE, min_coverage=0.5), lost).refused


@pytest.mark.parametrize(("asked", "is_read"), [(1.0, False), (0.75, True), (0.76, False)])
def test_the_share_asked_of_a_window_is_of_its_dates(asked: float, is_read: bool) -> None:
    found = judged(replace(WINDOW, min_coverage=asked), partial(PAST[2], 0))
    assert (DATE in found.admitted) is is_read
