"""Contracts of ``nba_raw`` about players apart from what they did in a game.

Belongs here: injury reports, injury-list transactions and rosters. Does not belong here: box scores
(``raw``), or the list of all players (``reference``).
"""

from __future__ import annotations

from nba_pipeline.contracts.spec import Expects, Grain, Requirement, TableContract, columns
from nba_pipeline.sources.base import Endpoint

_GAME = "game_date game_id season_year season_type team opponent is_home"
_PROVENANCE = "fetched_at payload_sha256"
_ON_SCHEDULE = (Requirement(("nbac_schedule",)),)

INJURY_REPORT = TableContract(
    dataset="nba_raw",
    name="nbac_injury_report",
    description="Players on the league's injury report, every report of the game's own day that "
    "was fetched. The latest before a moment is the largest report_at before it. Whether a team "
    "without rows is healthy or has not reported is in nbac_injury_report_teams.",
    grain=Grain.REPORTED_PLAYER,
    key=("game_date", "team", "player_lookup", "report_at"),
    columns=columns(
        f"{_GAME} player_name player_lookup name_key injury_status injury_category report_at",
        "injury_reason minutes_before_tipoff",
        _PROVENANCE,
    ),
    requirements=_ON_SCHEDULE,
    endpoint=Endpoint.INJURY_REPORT,
    identities=("one_row_per_key", "both_teams_present"),
    tolerance=0.05,
    publishes_partial=True,
    expects=Expects.ANY,
    due_when_final=False,
    accumulates=True,
    may_shrink=True,
)

INJURY_REPORT_TEAMS = TableContract(
    dataset="nba_raw",
    name="nbac_injury_report_teams",
    description="What each injury report of the game's own day says of a team: players listed, "
    "nobody listed, or not yet submitted.",
    grain=Grain.REPORTED_TEAM,
    key=("game_date", "team", "report_at"),
    columns=columns(
        f"{_GAME} team_report_status report_at",
        "players_listed minutes_before_tipoff",
        _PROVENANCE,
    ),
    requirements=_ON_SCHEDULE,
    endpoint=Endpoint.INJURY_REPORT,
    identities=("one_row_per_key", "both_teams_present", "every_team_on_injury_report"),
    publishes_partial=True,
    expects=Expects.ANY,
    due_when_final=False,
    accumulates=True,
    may_shrink=True,
)

TRANSACTIONS = TableContract(
    dataset="nba_raw",
    name="pst_transactions",
    description="Injury-list and missed-game transactions (Pro Sports Transactions), by date of "
    "the transaction, games or not. Names are not always those of the league: try both spellings. "
    "A row without team or player is a hole of the source.",
    grain=Grain.TRANSACTION,
    key=("game_date", "transaction_number"),
    columns=columns(
        "game_date transaction_number transaction_category",
        "team movement player_name player_lookup name_key player_name_alternative "
        "player_lookup_alternative transaction_note",
        _PROVENANCE,
    ),
    endpoint=Endpoint.INJURY_TRANSACTIONS,
    identities=("one_row_per_key",),
    publishes_partial=True,
    expects=Expects.NOTHING,
    due_when_final=False,
    follows_schedule=False,
)

ROSTERS = TableContract(
    dataset="nba_raw",
    name="espn_rosters",
    description="Rosters of the 30 teams as ESPN showed them on the date. A past date cannot be "
    "asked for again.",
    grain=Grain.ROSTER_PLAYER,
    key=("game_date", "team", "player_lookup"),
    columns=columns(
        "game_date team espn_player_id player_name player_lookup name_key",
        "position jersey_number birth_date height_inches weight_pounds experience_years "
        "roster_status roster_injury_status",
        _PROVENANCE,
    ),
    endpoint=Endpoint.ROSTERS,
    identities=("one_row_per_key",),
    tolerance=0.05,
    publishes_partial=True,
    expects=Expects.ALL_TEAMS,
    due_when_final=False,
    follows_schedule=False,
    accumulates=True,
    may_shrink=True,
)

TABLES = (INJURY_REPORT, INJURY_REPORT_TEAMS, TRANSACTIONS, ROSTERS)
