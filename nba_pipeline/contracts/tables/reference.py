"""Contracts of ``nba_reference``: teams, players and their names.

Belongs here: what is looked up from everywhere. Most tables have no game date; the matches of
printed names have one, so that a decision about a name makes stale what reads that name only.
"""

from __future__ import annotations

from dataclasses import replace

from nba_pipeline.contracts.columns import columns
from nba_pipeline.contracts.parts import (
    Audits,
    CoverageFloor,
    Due,
    Expectation,
    Expects,
    Payloads,
    RowRule,
    Statement,
)
from nba_pipeline.contracts.spec import Dataset, Grain, Requirement, TableContract, Window
from nba_pipeline.contracts.tables.shared import ONE_PER_KEY, PROVENANCE, list_table
from nba_pipeline.landing.payload import Endpoint

NAMED_SOURCES = (
    "bref_player_boxscores",
    "bdl_player_boxscores",
    "odds_points_lines",
    "bettingpros_points_lines",
    "prizepicks_points_lines",
    "nbac_injury_report",
)
"""Raw tables of games that know players by name alone."""

NAMED_DAILY = ("espn_rosters", "pst_transactions")
"""The same of every day: read over months, so that a change of a game's names is none of theirs."""

TEAMS = list_table(
    name="teams",
    description="The 30 NBA teams.",
    grain=Grain.TEAM,
    key=("team",),
    columns=columns(
        "team team_id team_name nickname city",
        "state arena_name conference division",
        PROVENANCE,
    ),
    landing=Payloads(Endpoint.TEAMS),
)

PLAYERS = list_table(
    name="players",
    description="Every player the league lists, with the key that joins the sources. Position, "
    "date of birth and size are there only for players of the newest season's profiles.",
    grain=Grain.PLAYER,
    key=("player_id",),
    columns=columns(
        "player_id player_name player_lookup name_key from_year to_year",
        "position birth_date height_inches weight_pounds",
        "is_active current_team fetched_at payload_sha256",
    ),
    landing=Payloads(Endpoint.PLAYERS),
)

PLAYER_SEASONS = list_table(
    name="player_seasons",
    description="Position and team of players by season, as far as lists of the season name them: "
    "not everybody who played is on one. The team is that of the list, one a season; for a game "
    "take the box score's. Dates of birth are those of profiles.",
    grain=Grain.PLAYER_SEASON,
    key=("player_id", "season_year"),
    columns=columns(
        "player_id season_year player_name player_lookup name_key",
        "team position jersey_number height_inches weight_pounds birth_date",
        PROVENANCE,
    ),
    landing=Payloads(Endpoint.PLAYER_SEASONS),
)

ARENAS = list_table(
    name="arenas",
    description="Where games are played: homes of the teams by season, other cities a team plays "
    "home games in, neutral sites. A game is at the place with the city of its arena (up to a "
    "comma) that is the home team's or nobody's; where the schedule names no known city and no "
    "neutral site, at the home team's home of that season.",
    grain=Grain.VENUE,
    key=("venue_key",),
    columns=columns(
        "venue_key is_home_arena arena_name arena_city first_season_year arena_latitude "
        "arena_longitude arena_time_zone",
        "venue_team last_season_year",
        PROVENANCE,
    ),
    landing=Payloads(Endpoint.ARENAS),
)

ALIASES = list_table(
    name="player_aliases",
    description="Decisions about spellings that no rule can match: whose name it is, or that "
    "nobody is to be asked. From the package and from operators (nba names).",
    grain=Grain.PLAYER,
    key=("printed_lookup",),
    columns=columns(
        "printed_lookup player_name name_status reason owner decided_at",
        "player_id snoozed_until",
        PROVENANCE,
    ),
    landing=Payloads(Endpoint.ALIASES),
    audits=Audits(
        rules=(
            RowRule(
                "resolved_has_player",
                "(name_status = 'resolved') = (player_id IS NULL)",
                "player_id",
            ),
        ),
        identities=ONE_PER_KEY,
    ),
)

NAME_MATCHES = TableContract(
    dataset=Dataset.REFERENCE,
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
    expectation=Expectation(Expects.NOTHING, Due.BEFORE_GAMES, conserves_source_rows=True),
    statement=Statement("name_matches", (("is_daily", False),)),
    audits=Audits(
        rules=(
            RowRule(
                "matched_has_player",
                "(match_method IN ('ambiguous', 'unknown')) <> (player_id IS NULL)",
                "player_id",
            ),
        ),
        identities=ONE_PER_KEY,
        floors=(CoverageFloor("player_id", 0.9, least_rows=40),),
    ),
)

ROSTER_NAME_MATCHES = replace(
    NAME_MATCHES,
    name="roster_name_matches",
    description="player_name_matches of rosters and transactions, which are read over months.",
    requirements=(
        *NAME_MATCHES.requirements[:2],
        *(Requirement((name,), required=False) for name in NAMED_DAILY),
    ),
    expectation=replace(NAME_MATCHES.expectation, due=Due.EVERY_DATE),
    statement=replace(NAME_MATCHES.statement, parameters=(("is_daily", True),)),
)
