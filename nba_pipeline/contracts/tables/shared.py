"""What contracts have in common: names of columns, rules of box scores, kinds of tables.

Belongs here: what several modules of contracts say alike. Does not belong here: any table, or what
a contract is (``spec``).
"""

from __future__ import annotations

from functools import partial

from nba_pipeline.contracts.parts import (
    Audits,
    Due,
    Expectation,
    Expects,
    Payloads,
    Publishing,
    RowRule,
)
from nba_pipeline.contracts.spec import Dataset, Grain, Requirement, TableContract
from nba_pipeline.league.records import most_of_a_player

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
PLAYER_RULES = (
    POINTS_RULE,
    *MADE_RULES,
    *(RowRule(f"{name}_at_most_{most}", f"{name} > {most}", name)
      for name, most in most_of_a_player().items()),
)  # fmt: skip
"""Of a player's line; the ranges of the columns are wide enough for a team's."""

ONE_IN_TWENTY = (
    "one row of a night of one game, which has about 20; more bad ones are a wrong reading"
)
"""Reason of a tolerance of 5 %; no date of five seasons needed it."""

as_given = partial(Publishing, partial=True)
"""Published as far as it goes; the verdict says how much is missing."""

of_the_present = partial(Payloads, accumulates=True)
"""From a source that shows the present only: what was landed once stays."""

quoted = partial(of_the_present, may_be_off_schedule=True)
"""Quotes of bookmakers, who post before a game can be put off."""

raw_table = partial(TableContract, dataset=Dataset.RAW, publishing=as_given())
"""What a source gave."""

posted_table = partial(
    raw_table,
    requirements=ON_SCHEDULE,
    expectation=Expectation(Expects.ANY, Due.BEFORE_GAMES),
)
"""Posted before the games, some nights for none of them."""

lines_table = partial(
    posted_table,
    grain=Grain.LINE,
    audits=Audits(identities=ONE_PER_KEY),
    publishing=as_given(tolerance=0.05, tolerance_reason=ONE_IN_TWENTY),
)
"""Points lines of players."""

list_table = partial(
    TableContract,
    dataset=Dataset.REFERENCE,
    expectation=Expectation(Expects.NOTHING, Due.UNDATED),
    audits=Audits(identities=ONE_PER_KEY),
)
"""A list without dates, replaced whole."""
