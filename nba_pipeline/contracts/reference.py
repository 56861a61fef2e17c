"""Contracts of ``nba_reference``: teams and players, tables without game dates."""

from __future__ import annotations

from nba_pipeline.contracts.spec import Expects, Grain, TableContract, columns
from nba_pipeline.sources.base import Endpoint

TEAMS = TableContract(
    dataset="nba_reference",
    name="teams",
    description="The 30 NBA teams.",
    grain=Grain.TEAM,
    key=("team",),
    columns=columns(
        "team team_id team_name nickname city",
        "state arena_name conference division",
        "fetched_at payload_sha256",
    ),
    identities=("one_row_per_key",),
    endpoint=Endpoint.TEAMS,
    expects=Expects.NOTHING,
    is_partitioned=False,
)

PLAYERS = TableContract(
    dataset="nba_reference",
    name="players",
    description="Every player the league lists, with the key that joins the sources.",
    grain=Grain.PLAYER,
    key=("player_id",),
    columns=columns(
        "player_id player_name player_lookup name_key from_year to_year",
        "",
        "is_active current_team fetched_at payload_sha256",
    ),
    identities=("one_row_per_key",),
    endpoint=Endpoint.PLAYERS,
    expects=Expects.NOTHING,
    is_partitioned=False,
)

TABLES = (TEAMS, PLAYERS)
