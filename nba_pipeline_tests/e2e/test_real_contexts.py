"""The real archives: what was known before tip-off, against what then happened."""

from __future__ import annotations

from nba_pipeline.league.calendar import DayKind
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.real import DATES, query
from nba_pipeline_tests.support import OFFENSE, PLAYERS

POOL = "game_player_pool"
TEAMS, CONTEXT = "upcoming_team_game_context", "upcoming_player_game_context"


def number(row: dict[str, object], name: str) -> float:
    return float(str(row[name]))


def test_every_game_date_has_contexts_but_the_first_week_of_all(seen: Snapshot) -> None:
    games = [d for d in DATES if seen.day(d).kind is DayKind.GAMES]
    for table, first in ((POOL, 7), (TEAMS, 0), (CONTEXT, 7)):
        states = [seen.verdict(table, d).state for d in games]
        assert states[:first] == [State.BOOTSTRAP] * first
        assert set(states[first:]) == {State.COMPLETE}, table


def test_few_games_needed_to_know_who_played(real: Platform) -> None:
    """Opening weeks, trades and the replacements of December 2021."""
    found = query(
        real,
        "SELECT season_year, COUNT(DISTINCT game_id) AS games, "
        "COUNT(DISTINCT IF(context_source = 'synthetic', game_id, NULL)) AS synthetic, "
        "COUNTIF(context_source = 'synthetic' AND is_training_eligible) AS wrong "
        f"FROM nba_analytics.{CONTEXT} GROUP BY season_year ORDER BY season_year",
    )
    assert [r["season_year"] for r in found] == [2021, 2022, 2023, 2024, 2025]
    for r in found:
        assert r["wrong"] == 0
        assert number(r, "synthetic") < 0.04 * number(r, "games")


def test_what_was_known_is_there_and_who_was_not_expected_beside_it(real: Platform) -> None:
    """In 153 games less than nine in ten of who played had been in the pool."""
    lost = query(
        real,
        f"SELECT COUNT(*) AS n FROM nba_analytics.{POOL} AS p LEFT JOIN nba_analytics.{CONTEXT} "
        "AS c ON c.game_date = p.game_date AND c.player_lookup = p.player_lookup AND c.team = "
        "p.team AND c.context_source = 'pregame' WHERE c.team IS NULL",
    )
    assert lost == [{"n": 0}]
    found = query(
        real,
        "WITH played AS (SELECT s.game_id, s.player_lookup, c.context_source, "
        f"p.player_lookup IS NOT NULL AS is_expected FROM nba_analytics.{PLAYERS} AS s "
        f"LEFT JOIN nba_analytics.{POOL} AS p ON p.game_date = s.game_date "
        "AND p.team = s.team AND p.player_lookup = s.player_lookup "
        f"LEFT JOIN nba_analytics.{CONTEXT} AS c ON c.game_date = s.game_date "
        "AND c.player_lookup = s.player_lookup "
        f"WHERE s.game_date >= DATE '{DATES[7]}' AND COALESCE(s.minutes_played > 0, TRUE)) "
        "SELECT COUNT(*) AS games, SUM(synthetic) AS synthetic, SUM(without) AS without FROM ("
        "SELECT game_id, COUNTIF(context_source = 'synthetic') AS synthetic, "
        "COUNTIF(context_source IS NULL) AS without FROM played GROUP BY game_id "
        "HAVING COUNTIF(is_expected) < 0.9 * COUNT(*)) AS games",
    )[0]
    assert 140 < number(found, "games") < 170
    assert number(found, "synthetic") > 2 * number(found, "games")
    assert found["without"] == 0


def test_form_before_the_game_says_something_of_the_game(real: Platform) -> None:
    found = query(
        real,
        "SELECT c.season_year, CORR(c.points_avg_last_10, s.points) AS form, "
        "AVG(c.points_avg_last_10 - s.points) AS bias "
        f"FROM nba_analytics.{CONTEXT} AS c INNER JOIN nba_analytics.{PLAYERS} AS s "
        "ON s.game_date = c.game_date AND s.player_lookup = c.player_lookup "
        "WHERE s.minutes_played > 0 AND c.context_source = 'pregame' GROUP BY c.season_year",
    )
    assert len(found) == 5
    for r in found:
        assert 0.69 < number(r, "form") < 0.76
        assert abs(number(r, "bias")) < 0.15


def test_spreads_are_the_row_teams_and_negative_is_favoured(real: Platform) -> None:
    found = query(
        real,
        "SELECT c.season_year, CORR(c.team_spread, s.margin) AS agreement, "
        "COUNT(c.team_spread) AS n "
        f"FROM nba_analytics.{TEAMS} AS c INNER JOIN nba_analytics.{OFFENSE} AS s "
        "ON s.game_date = c.game_date AND s.team = c.team WHERE c.season_year < 2025 "
        "GROUP BY c.season_year ORDER BY c.season_year",
    )
    for r in found:
        assert -0.56 < number(r, "agreement") < -0.40
        assert number(r, "n") > 800


def test_rest_and_travel_are_those_of_the_league(real: Platform) -> None:
    found = query(
        real,
        "SELECT season_year, AVG(days_rest) AS rest, AVG(CAST(is_back_to_back AS INT64)) AS b2b, "
        "MAX(travel_miles) AS far, COUNTIF(travel_null_reason = 'unknown_venue') AS unknown, "
        "COUNTIF(days_rest IS NULL) AS first_games, MIN(result_streak) AS worst "
        f"FROM nba_analytics.{TEAMS} GROUP BY season_year ORDER BY season_year",
    )
    for r in found:
        assert r["first_games"] == 30
        assert r["unknown"] == 0
        assert 2.1 < number(r, "rest") < 2.25
        assert 0.14 < number(r, "b2b") < 0.20
        assert 2600 < number(r, "far") < 5300
    # Detroit lost 28 games in a row
    assert {r["season_year"]: r["worst"] for r in found}[2023] == -28
