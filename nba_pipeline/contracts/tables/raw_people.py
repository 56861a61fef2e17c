"""Contracts of ``nba_raw`` about players apart from what they did in a game.

Belongs here: injury reports, injury-list transactions and rosters. Does not belong here: box scores
(``raw``), or the list of all players (``reference``).
"""

from __future__ import annotations

from nba_pipeline.contracts.columns import columns
from nba_pipeline.contracts.parts import Audits, Due, Expectation, Expects, Payloads
from nba_pipeline.contracts.spec import Grain
from nba_pipeline.contracts.tables.shared import (
    GAME,
    ONE_IN_TWENTY,
    ONE_PER_KEY,
    PROVENANCE,
    as_given,
    of_the_present,
    posted_table,
    raw_table,
)
from nba_pipeline.landing.payload import Endpoint

INJURY_REPORT = posted_table(
    name="nbac_injury_report",
    description="Players on the league's injury report or ESPN's page of injuries, every report of "
    "the game's own day that was fetched; ESPN's names no tip-off. The latest before a moment is "
    "the largest report_at before it. Whether a team without rows is healthy or has not reported "
    "is in nbac_injury_report_teams.",
    grain=Grain.REPORTED_PLAYER,
    key=("game_date", "team", "player_lookup", "report_at"),
    columns=columns(
        f"{GAME} player_name player_lookup name_key injury_status injury_category report_at",
        "injury_reason minutes_before_tipoff",
        PROVENANCE,
    ),
    landing=of_the_present(Endpoint.INJURY_REPORT),
    audits=Audits(identities=("one_row_per_key", "both_teams_present")),
    publishing=as_given(may_shrink=True, tolerance=0.05, tolerance_reason=ONE_IN_TWENTY),
)

INJURY_REPORT_TEAMS = posted_table(
    name="nbac_injury_report_teams",
    description="What each injury report of the game's own day, the league's or ESPN's page, says "
    "of a team: players listed, nobody listed, or not yet submitted.",
    grain=Grain.REPORTED_TEAM,
    key=("game_date", "team", "report_at"),
    columns=columns(
        f"{GAME} team_report_status report_at",
        "players_listed minutes_before_tipoff",
        PROVENANCE,
    ),
    landing=of_the_present(Endpoint.INJURY_REPORT),
    audits=Audits(
        identities=("one_row_per_key", "both_teams_present", "every_team_on_injury_report")
    ),
    publishing=as_given(may_shrink=True),
)

TRANSACTIONS = raw_table(
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
        PROVENANCE,
    ),
    expectation=Expectation(Expects.NOTHING, Due.EVERY_DATE),
    landing=Payloads(Endpoint.INJURY_TRANSACTIONS),
    audits=Audits(identities=ONE_PER_KEY),
)

ROSTERS = raw_table(
    name="espn_rosters",
    description="Rosters of the 30 teams as ESPN showed them on the date. A past date cannot be "
    "asked for again.",
    grain=Grain.ROSTER_PLAYER,
    key=("game_date", "team", "player_lookup"),
    columns=columns(
        "game_date team espn_player_id player_name player_lookup name_key",
        "position jersey_number birth_date height_inches weight_pounds experience_years "
        "roster_status roster_injury_status",
        PROVENANCE,
    ),
    expectation=Expectation(Expects.ALL_TEAMS, Due.EVERY_DATE),
    landing=of_the_present(Endpoint.ROSTERS),
    audits=Audits(identities=ONE_PER_KEY),
    publishing=as_given(may_shrink=True, tolerance=0.05, tolerance_reason=ONE_IN_TWENTY),
)
