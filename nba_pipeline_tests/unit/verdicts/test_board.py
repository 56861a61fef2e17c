"""Verdicts of many dates at once are those of the pure function, on worlds of any kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_pipeline.contracts import ops
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.league.calendar import FIRST_GAME_DATE
from nba_pipeline.sources.lookup import code_version
from nba_pipeline.verdicts.ledger import Input, row_hash, rows_table, window_version
from nba_pipeline.verdicts.scope import spans
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.verdicts.verdict import State
from nba_pipeline.warehouse.base import ContentQuery, Query

SCHEDULE = "nbac_schedule"
DATES = [FIRST_GAME_DATE + dt.timedelta(n) for n in range(12)]
TODAY = DATES[8]
TABLES = (
    SCHEDULE, "nbac_player_boxscores", "bref_player_boxscores", "nbac_team_boxscore", "nbac_shots",
    "odds_points_lines", "pst_transactions", "players", "player_aliases", "player_name_matches",
    "roster_name_matches", "team_offense_game_summary", "team_defense_game_summary",
    "player_game_summary", "game_player_pool",
)  # fmt: skip
STATUSES = [str(s) for s in State]
VERSIONS = ["a" * 32, "b" * 32, "empty", ""]


class World:
    """A warehouse that answers the snapshot's questions from rows in hand."""

    kind = "world"

    def __init__(
        self,
        ledger: Sequence[Mapping[str, Any]],
        inputs: Sequence[Mapping[str, Any]],
        games: Sequence[Mapping[str, Any]],
        counts: Mapping[tuple[str, dt.date], tuple[int, str]],
        waivers: Sequence[Mapping[str, Any]],
    ) -> None:
        self.ledger, self.inputs, self.games = ledger, inputs, games
        self.counts, self.waivers = counts, waivers

    def query_all(self, queries: Sequence[Query | ContentQuery]) -> list[pa.Table]:
        return [
            self.contents(q) if isinstance(q, ContentQuery) else self.answer(*q) for q in queries
        ]

    def contents(self, query: ContentQuery) -> pa.Table:
        asked = {c.name for c, _, _ in query.spans}
        found = {key: c for key, c in self.counts.items() if key[0] in asked and c[0]}
        return pa.table(
            {
                "asset": pa.array([t for t, _ in found], pa.string()),
                "game_date": pa.array([d for _, d in found], pa.date32()),
                "n": pa.array([n for n, _ in found.values()], pa.int64()),
                "checksum": pa.array([c for _, c in found.values()], pa.string()),
            }
        )

    def answer(self, text: str, params: Mapping[str, Any]) -> pa.Table:
        if "partition_ledger" in text:
            names = ["asset", "game_date", "status", "version", "row_count", "expected_rows",
                     "code_version", "config_hash", "attempt", "is_degraded", "failed_checks",
                     "note", "run_id", "published_at", "completeness_pct",
                     "waiver_id", "checksum"]  # fmt: skip
            return rows_table(ops.LEDGER, self._asked(self.ledger, params)).select(names)
        if "partition_inputs" in text:
            return rows_table(ops.INPUTS, self._asked(self.inputs, params))
        if "MIN(game_date)" in text:
            starts: dict[int, dt.date] = {}
            for g in self.games:
                if g["season_type"] == "regular":
                    year = g["season_year"]
                    starts[year] = min(g["game_date"], starts.get(year, g["game_date"]))
            return pa.table({"season_year": pa.array(starts, pa.int64()),
                             "first_date": pa.array(starts.values(), pa.date32())})  # fmt: skip
        if "home_team" in text:
            schema = arrow_schema(contracts()[SCHEDULE])
            names = ["game_id", "game_date", "season_year", "season_type", "home_team", "away_team",
                     "game_status", "home_score", "away_score", "nba_game_id"]  # fmt: skip
            found = [g for g in self.games
                     if params["first_date"] <= g["game_date"] <= params["last_date"]]  # fmt: skip
            return pa.Table.from_pylist(found, pa.schema([schema.field(n) for n in names]))
        if "waivers" in text:
            schema = pa.schema([("asset", pa.string()), ("game_date", pa.date32()),
                                ("reason", pa.string()), ("owner", pa.string())])  # fmt: skip
            return pa.Table.from_pylist(list(self.waivers), schema)
        raise AssertionError(text)

    @staticmethod
    def _asked(
        rows: Sequence[Mapping[str, Any]], params: Mapping[str, Any]
    ) -> list[Mapping[str, Any]]:
        return [
            r for r in rows
            if r["asset"] in params["assets"] and (
                r["game_date"] == params["whole_table"]
                or params["first_date"] <= r["game_date"] <= params["last_date"])
        ]  # fmt: skip


def _games(chance: Random) -> list[dict[str, Any]]:
    games = []
    for n, date in enumerate(DATES):
        for number in range(chance.randint(0, 2)):
            home, away = [("BOS", "NYK"), ("LAL", "DEN")][number]
            status = chance.choice(["final", "scheduled", "postponed", "live"])
            kind = chance.choice(["regular", "regular", "preseason", "all_star"])
            has_score = status == "final" and chance.randint(0, 4) > 0
            games.append({
                "game_id": f"{n}-{number}", "game_date": date, "season_year": 2021,
                "season_type": kind, "home_team": home, "away_team": away, "game_status": status,
                "home_score": 100 if has_score else None, "away_score": 90 if has_score else None,
                "nba_game_id": None,
            })  # fmt: skip
    return games


def world_of(seed: int) -> World:
    chance = Random(seed)
    ledger, inputs, counts = [], [], {}
    for name in TABLES:
        contract = contracts()[name]
        for date in DATES if contract.is_partitioned else [WHOLE_TABLE]:
            if chance.randint(0, 3) == 0:
                continue
            rows = chance.choice([0, 2, 4])
            is_old_code = chance.randint(0, 9) == 0
            is_old_config = chance.randint(0, 9) == 0
            ledger.append({
                "asset": name, "game_date": date, "row_count": rows, "expected_rows": 4,
                "status": chance.choice(["complete"] * 8 + STATUSES),
                "version": chance.choice(VERSIONS), "attempt": 1, "run_id": "r",
                "code_version": "old" if is_old_code else code_version(contract),
                "config_hash": "old" if is_old_config else contract.config_hash,
                "is_degraded": chance.random() < 0.5, "completeness_pct": 100.0, "note": "n",
                "failed_checks": "", "waiver_id": "",
                "published_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "checksum": "e:1",
            })  # fmt: skip
            now = chance.choice([rows, rows, rows, rows, rows, rows, 0, 3])
            counts[name, date] = (now, chance.choice(["e:1"] * 8 + ["e:2", "f:1"]))
    versions = {(r["asset"], r["game_date"]): r["version"] for r in ledger}
    for row in ledger:
        for requirement in contracts()[row["asset"]].requirements:
            span = requirement.span(row["game_date"], DATES[0])
            for upstream in requirement.upstreams if span else ():
                assert span is not None
                now = _version(versions, upstream, *span)
                kept = chance.randint(0, 9) > 0
                inputs.append({
                    "asset": row["asset"], "game_date": row["game_date"], "upstream": upstream,
                    "window_start": span[0], "window_end": span[1],
                    "version": now if kept else "c" * 32,
                })  # fmt: skip
        if chance.random() < 0.05:  # read by an older contract
            inputs.append({
                "asset": row["asset"], "game_date": row["game_date"], "upstream": TABLES[4],
                "window_start": row["game_date"], "window_end": row["game_date"],
                "version": versions.get((TABLES[4], row["game_date"]), ""),
            })  # fmt: skip
    waivers = [{"asset": r["asset"], "game_date": r["game_date"], "reason": "x", "owner": "y"}
               for r in ledger if chance.randint(0, 19) == 0]  # fmt: skip
    return World(ledger, inputs, _games(chance), counts, waivers)


def _version(
    versions: Mapping[tuple[str, dt.date], str], table: str, start: dt.date, end: dt.date
) -> str:
    if start == end:
        return versions.get((table, start), "")
    high = low = 0
    for (name, date), version in versions.items():
        if name == table and start <= date <= end:
            one, other = row_hash(date, version)
            high, low = (high + one) % 2**64, (low + other) % 2**64
    return window_version(high, low)


def _disagreements(seed: int, *, recount: bool) -> Iterator[State]:
    """States of a world; the first disagreement fails."""
    world = world_of(seed)
    snapshot = Snapshot(
        world,  # type: ignore[arg-type]
        TODAY,
        tables=TABLES,
        dates=(DATES[0], DATES[-1]),
        recount=recount,
    )
    for name in TABLES:
        column = snapshot.column(name)
        for date in DATES if contracts()[name].is_partitioned else [WHOLE_TABLE]:
            verdict = snapshot.verdict(name, date)
            place = column.index(date)
            assert snapshot.state(name, date) is verdict.state, (name, date, verdict)
            assert bool(column.is_degraded[place]) == verdict.is_degraded, (name, date, verdict)
            assert bool(column.is_settled[place]) == verdict.is_settled
            assert bool(column.is_usable[place]) == verdict.is_usable
            yield verdict.state


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_the_board_judges_as_the_pure_function(seed: int, recount: bool) -> None:
    assert list(_disagreements(seed, recount=recount))


def test_the_worlds_have_every_state_but_that_of_a_season_without_past() -> None:
    seen = {state for seed in range(12) for state in _disagreements(seed, recount=True)}
    assert seen >= set(State) - {State.BOOTSTRAP}


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 11), st.integers(0, 11))
def test_a_narrow_question_gets_the_answers_of_a_wide_one(seed: int, one: int, two: int) -> None:
    world = world_of(seed)
    first, last = DATES[min(one, two)], DATES[max(one, two)]
    wide = Snapshot(world, TODAY, tables=TABLES, dates=(DATES[0], DATES[-1]))  # type: ignore[arg-type]
    for name in TABLES:
        narrow = Snapshot(world, TODAY, tables=[name], dates=(first, last))  # type: ignore[arg-type]
        dates = [d for d in DATES if first <= d <= last]
        for date in dates if contracts()[name].is_partitioned else [WHOLE_TABLE]:
            assert narrow.verdict(name, date) == wide.verdict(name, date)
            assert narrow.state(name, date) is wide.state(name, date)


def test_a_date_that_was_not_read_is_never_missing() -> None:
    world = World([], [], [], {}, [])
    snapshot = Snapshot(world, TODAY, tables=["nbac_shots"], dates=(DATES[3], DATES[4]))  # type: ignore[arg-type]
    with pytest.raises(KeyError):
        snapshot.verdict("nbac_shots", DATES[6])
    with pytest.raises(KeyError):
        snapshot.state("player_game_summary", DATES[3])


def test_a_window_is_the_difference_of_running_sums() -> None:
    day = {"status": "complete", "row_count": 1, "expected_rows": 1, "code_version": "x",
           "config_hash": "x", "attempt": 1, "run_id": "r"}  # fmt: skip
    ledger = [{**day, "asset": SCHEDULE, "game_date": d, "version": f"{n:032d}"}
              for n, d in enumerate(DATES)]  # fmt: skip
    world = World(ledger, [], [], {}, [])
    snapshot = Snapshot(
        world,  # type: ignore[arg-type]
        TODAY,
        tables=[SCHEDULE],
        dates=(DATES[0], DATES[-1]),
        recount=False,
    )
    versions = {(SCHEDULE, d): f"{n:032d}" for n, d in enumerate(DATES)}
    for start, end in ((0, 11), (3, 7), (5, 6)):
        expected = _version(versions, SCHEDULE, DATES[start], DATES[end])
        assert snapshot.version(SCHEDULE, DATES[start], DATES[end]) == expected
    changed = {**versions, (SCHEDULE, DATES[5]): "z"}
    before = _version(versions, SCHEDULE, DATES[3], DATES[7])
    assert _version(changed, SCHEDULE, DATES[3], DATES[7]) != before


def test_spans_follow_requirements_and_reach_no_further() -> None:
    date = dt.date(2024, 2, 1)
    found = spans(["upcoming_player_game_context"], date, date)
    assert found["upcoming_player_game_context"].days == 1
    assert found["game_player_pool"].days == 1
    assert found["player_game_summary"].first == date - dt.timedelta(365)
    assert found["espn_rosters"].first == date - dt.timedelta(365)  # through names of rosters
    assert found["players"].first == WHOLE_TABLE
    assert "prizepicks_points_lines" in found
    raw = spans(["nbac_shots"], date, date)
    assert set(raw) == {SCHEDULE, "nbac_shots"}
    assert (date - raw[SCHEDULE].first).days < 30
    assert Input("x", date, date, "v").upstream == "x"


def test_what_is_recorded_as_lost_is_told_with_its_note() -> None:
    seen = 0
    for seed in range(6):
        dates = (DATES[0], DATES[-1])
        snapshot = Snapshot(world_of(seed), TODAY, tables=TABLES, dates=dates)  # type: ignore[arg-type]
        for name in TABLES:
            rows = snapshot.rows(name).items()
            lost = {d: r.note for d, r in rows if r.status == State.UNRECOVERABLE}
            assert snapshot.recorded_as_lost(name) == lost
            seen += len(lost)
    assert seen
