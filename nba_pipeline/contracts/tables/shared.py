"""What contracts have in common: names of columns, rules of box scores, kinds of tables.

Belongs here: what several modules of contracts say alike. Does not belong here: any table, or what
a contract is (``spec``).
"""

from __future__ import annotations

from functools import partial

from nba_pipeline.contracts.spec import Expects, Grain, Requirement, RowRule, TableContract

GAME = "game_date game_id season_year season_type team opponent is_home"
NAMES = "player_name player_lookup name_key"
SHOOTING = (
    "field_goals_made field_goals_attempted three_pointers_made three_pointers_attempted "
    "free_throws_made free_throws_attempted offensive_rebounds defensive_rebounds"
)
BASIC = "rebounds assists steals blocks turnovers points"
PROVENANCE = "fetched_at payload_sha256"
ON_SCHEDULE = (Requirement(("nbac_schedule",)),)
ONE_PER_KEY = ("one_row_per_key",)

POINTS_RULE = RowRule(
    "points_from_shots",
    "points <> 2 * (field_goals_made - three_pointers_made) + 3 * three_pointers_made "
    "+ free_throws_made",
    "points",
)
MADE_RULES = (
    RowRule("field_goals_made_within_attempted", "field_goals_made > field_goals_attempted",
            "field_goals_made"),
    RowRule("three_pointers_made_within_attempted",
            "three_pointers_made > three_pointers_attempted", "three_pointers_made"),
    RowRule("free_throws_made_within_attempted", "free_throws_made > free_throws_attempted",
            "free_throws_made"),
    RowRule("rebounds_add_up", "rebounds <> offensive_rebounds + defensive_rebounds", "rebounds"),
)  # fmt: skip

raw_table = partial(TableContract, dataset="nba_raw", publishes_partial=True)
"""Published as far as it goes; its verdict says how much is missing."""

posted_table = partial(
    raw_table,
    requirements=ON_SCHEDULE,
    expects=Expects.ANY,
    accumulates=True,
    due_when_final=False,
)
"""Posted before the games, some nights for none of them; the source shows the present only."""

lines_table = partial(posted_table, grain=Grain.LINE, identities=ONE_PER_KEY, tolerance=0.05)
"""Points lines of players."""

list_table = partial(
    TableContract,
    dataset="nba_reference",
    identities=ONE_PER_KEY,
    expects=Expects.NOTHING,
    is_partitioned=False,
)
"""A list without dates, replaced whole."""
