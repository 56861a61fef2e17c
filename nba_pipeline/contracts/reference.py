"""Contracts of ``nba_reference``: teams, players and their names.

Belongs here: what is looked up from everywhere. Most tables have no game date; the matches of
printed names have one, so that a decision about a name makes stale what reads that name only.
"""

from __future__ import annotations

from nba_pipeline.contracts.spec import (
    CoverageFloor,
    Expects,
    Grain,
    Requirement,
    RowRule,
    TableContract,
    Window,
    columns,
)
from nba_pipeline.sources.base import Endpoint

NAMED_SOURCES = ("bref_player_boxscores", "odds_points_lines")
"""Raw tables that know players by name alone."""

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

ALIASES = TableContract(
    dataset="nba_reference",
    name="player_aliases",
    description="Decisions about spellings that no rule can match: whose name it is, or that "
    "nobody is to be asked. From the package and from operators (nba names).",
    grain=Grain.PLAYER,
    key=("printed_lookup",),
    columns=columns(
        "printed_lookup player_name name_status reason owner decided_at",
        "player_id snoozed_until",
        "fetched_at payload_sha256",
    ),
    rules=(
        RowRule(
            "resolved_has_player", "(name_status = 'resolved') = (player_id IS NULL)", "player_id"
        ),
    ),  # fmt: skip
    identities=("one_row_per_key",),
    endpoint=Endpoint.ALIASES,
    expects=Expects.NOTHING,
    is_partitioned=False,
)

NAME_MATCHES = TableContract(
    dataset="nba_reference",
    name="player_name_matches",
    description="Every name that a source without player ids prints, and whose it is: by alias, by "
    "spelling, or without suffix, among the players of the season. An ambiguous or unknown name "
    "has no player and is listed by nba names; nobody's row is dropped for it.",
    grain=Grain.PLAYER_NAME,
    key=("game_date", "source_table", "printed_lookup"),
    columns=columns(
        "game_date source_table printed_lookup name_key player_name match_method name_status "
        "occurrences",
        "player_id player_lookup example_game_id",
    ),
    requirements=(
        Requirement(("players",), Window.WHOLE_TABLE),
        Requirement(("player_aliases",), Window.WHOLE_TABLE),
        *(Requirement((name,), required=False) for name in NAMED_SOURCES),
    ),
    rules=(
        RowRule(
            "matched_has_player",
            "(match_method IN ('ambiguous', 'unknown')) <> (player_id IS NULL)",
            "player_id",
        ),
    ),  # fmt: skip
    floors=(CoverageFloor("player_id", 0.9, least_rows=40),),
    identities=("one_row_per_key",),
    conserves_source_rows=True,
    expects=Expects.NOTHING,
    follows_schedule=False,
    due_when_final=False,
)

TABLES = (TEAMS, PLAYERS, ALIASES, NAME_MATCHES)
