"""ESPN's page of injuries: what is read of it, and how it becomes rows of the teams that play."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from typing import Any

import pandas as pd
import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import Layout, PayloadError
from nba_pipeline.landing.zone import LandedPayload
from nba_pipeline.league.calendar import TEAMS, day_of
from nba_pipeline.sources.lookup import parse, shape
from nba_pipeline.sources.rows.frames import Fetched
from nba_pipeline_tests.support import NIGHT
from nba_pipeline_tests.unit.league.test_calendar import game
from nba_pipeline_tests.unit.sources.samples import ON_PAGE, samples
from nba_pipeline_tests.unit.sources.test_parse_markets import AT

OUT = {**ON_PAGE, "team": "New York Knicks", "player_name": "Landry Shamet", "status": "Out",
       "description": "Shamet (rest) has been ruled out."}  # fmt: skip
AWAY = {**ON_PAGE, "team": "Utah Jazz", "player_name": "Isaiah Collier"}


def page(*rows: dict[str, Any]) -> Any:
    return parse(samples()[Layout.ESPN_INJURIES_PARQUET].payload(list(rows)))


def rows_of(table: str, *rows: dict[str, Any]) -> tuple[list[dict[str, Any]], object]:
    payload = samples()[Layout.ESPN_INJURIES_PARQUET].payload(list(rows))
    landed = LandedPayload(payload.source, payload.endpoint, payload.request_key, payload.layout,
                           AT, payload.sha256, 1, "k")  # fmt: skip
    days = {NIGHT: day_of(NIGHT, [game()], covered=True)}
    found, strangers = shape(contracts()[table], Fetched([(landed, parse(payload))]), days, days)
    return found.to_pylist(), strangers


@pytest.mark.parametrize(
    ("status", "description", "said"),
    [
        ("Day-To-Day", "Queta (toe) won't play Sunday.", ("questionable", "injury")),
        ("Out", "Queta (rest) has been ruled out.", ("out", "rest")),
        ("Out", "Queta (personal) has been ruled out.", ("out", "personal")),
        ("Out", "Queta (not injury related) is out.", ("out", "other")),
        ("Out", "Queta left with four points (2-6 FG).", ("out", "other")),
        ("Suspension", "Queta (suspension) is out.", ("out", "suspension")),
        ("out", None, ("out", "other")),
    ],
)
def test_its_words_are_those_of_a_report(
    status: str, description: str | None, said: tuple[str, str]
) -> None:
    found = page({**ON_PAGE, "status": status, "description": description})
    row = found.iloc[0]
    assert (row["injury_status"], row["injury_category"]) == said
    assert (row["team"], row["player_lookup"]) == ("BOS", "neemiasqueta")
    assert str(row["report_at"]) == "2026-01-03 10:35:53+00:00"


def test_the_date_is_eastern() -> None:
    found = page({**ON_PAGE, "fetched_at": "2026-01-04T03:00:00"})
    assert set(found["game_date"]) == {dt.date(2026, 1, 3)}


def test_every_team_is_told_and_those_that_play_become_rows() -> None:
    assert len(page(ON_PAGE)) == len(TEAMS)
    players, strangers = rows_of("nbac_injury_report", ON_PAGE, AWAY, OUT)
    assert strangers == {}
    told = {(r["team"], r["opponent"], r["player_lookup"], r["injury_status"]) for r in players}
    assert told == {
        ("BOS", "NYK", "neemiasqueta", "questionable"), ("NYK", "BOS", "landryshamet", "out"),
    }  # fmt: skip
    teams, _ = rows_of("nbac_injury_report_teams", ON_PAGE, AWAY)
    said = {r["team"]: (r["team_report_status"], r["players_listed"]) for r in teams}
    assert said == {"BOS": ("players_listed", 1), "NYK": ("nobody_listed", 0)}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({**ON_PAGE, "status": "Maybe"}, "row 1: status = 'Maybe' is no status of ESPN's page"),
        ({**ON_PAGE, "team": ""}, "row 1: team"),
        ({**ON_PAGE, "player_name": None}, "row 1: player_name"),
        ({**ON_PAGE, "fetched_at": "yesterday"}, "row 1: fetched_at = 'yesterday' is no time"),
    ],
)
def test_what_cannot_be_read_is_named(row: dict[str, Any], words: str) -> None:
    with pytest.raises(PayloadError, match=words):
        page(row)


def test_a_page_is_of_one_moment_and_lists_somebody() -> None:
    with pytest.raises(PayloadError, match="pages of 2 moments"):
        page(ON_PAGE, {**OUT, "fetched_at": "2026-01-03T11:00:00"})
    sample = samples()[Layout.ESPN_INJURIES_PARQUET].payload()
    body = io.BytesIO()
    pd.DataFrame([ON_PAGE]).iloc[:0].to_parquet(body)
    with pytest.raises(PayloadError, match="lists nobody"):
        parse(dataclasses.replace(sample, content=body.getvalue()))
