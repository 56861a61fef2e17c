"""Real play-by-play: every game of 2025-26 to the end of 2025 adds up, against two box scores."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

from nba_pipeline.contracts.fields.shots import SHOT_ZONES
from nba_pipeline.landing.payload import Endpoint, Layout, Payload
from nba_pipeline.platform import Platform
from nba_pipeline.sources.lookup import parse
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.real import DATES, query

PRINTED, FEED = "bref_play_by_play", "nbac_play_by_play"
OPENING = dt.date(2025, 10, 21)


def states(platform: Platform, table: str) -> Counter[State]:
    snapshot = snapshot_of(platform)
    return Counter(snapshot.verdict(table, d).state for d in DATES)


def test_every_date_of_both_tables_is_settled(real: Platform) -> None:
    assert states(real, PRINTED) == {
        State.COMPLETE: 70, State.NO_GAMES: 618, State.UNRECOVERABLE: 847
    }  # fmt: skip
    assert states(real, FEED) == {
        State.COMPLETE: 2, State.NO_GAMES: 618, State.UNRECOVERABLE: 915
    }  # fmt: skip


def test_every_printed_row_of_every_game_is_there(real: Platform) -> None:
    (found,) = query(
        real,
        "SELECT COUNT(*) AS n, COUNT(DISTINCT game_id) AS games, "
        "COUNTIF(event_type = 'heave') AS heaves, COUNTIF(event_type = 'other') AS others, "
        "COUNT(DISTINCT CASE WHEN period > 4 THEN game_id END) AS overtime_games "
        f"FROM nba_raw.{PRINTED}",
    )
    # the others are heads of a period that are printed again
    assert found == {"n": 239_681, "games": 497, "heaves": 208, "others": 6, "overtime_games": 30}


def by_team(table: str) -> str:
    return f"""SELECT game_date, team, SUM(points) AS points,
      COUNTIF(assist_short_name IS NOT NULL) AS assists,
      COUNTIF(event_type = 'shot') AS shots,
      COUNTIF(event_type = 'shot' AND is_made) AS made,
      COUNTIF(event_type = 'shot' AND is_three AND is_made) AS threes,
      COUNTIF(event_type = 'free_throw') AS free_throws,
      COUNTIF(event_type = 'free_throw' AND is_made) AS free_throws_made,
      COUNTIF(event_type = 'rebound' AND player_short_name IS NOT NULL) AS rebounds
    FROM nba_raw.{table} WHERE team IS NOT NULL GROUP BY game_date, team"""


def test_points_and_assists_are_those_of_the_official_team_box_score(real: Platform) -> None:
    (found,) = query(
        real,
        "SELECT COUNT(*) AS n, COUNTIF(p.points <> b.points) AS points, "
        "COUNTIF(p.assists <> b.assists) AS assists "
        f"FROM ({by_team(PRINTED)}) AS p INNER JOIN nba_raw.nbac_team_boxscore AS b "
        "ON b.game_date = p.game_date AND b.team = p.team",
    )
    assert found == {"n": 992, "points": 0, "assists": 0}


def test_makes_are_those_of_both_player_box_scores(real: Platform) -> None:
    for table, team_games in (("nbac_player_boxscores", 992), ("bref_player_boxscores", 994)):
        (found,) = query(
            real,
            "SELECT COUNT(*) AS n, COUNTIF(p.threes <> b.threes) AS threes, "
            "COUNTIF(p.made <> b.made) AS made, COUNTIF(p.free_throws <> b.fta) AS free_throws, "
            "COUNTIF(p.free_throws_made <> b.ftm) AS free_throws_made, "
            "COUNTIF(p.rebounds <> b.rebounds) AS rebounds, "
            "COUNTIF(p.shots <> b.shots) AS attempts "
            f"FROM ({by_team(PRINTED)}) AS p INNER JOIN (SELECT game_date, team, "
            "SUM(three_pointers_made) AS threes, SUM(field_goals_made) AS made, "
            "SUM(free_throws_attempted) AS fta, SUM(free_throws_made) AS ftm, "
            "SUM(rebounds) AS rebounds, SUM(field_goals_attempted) AS shots "
            f"FROM nba_raw.{table} GROUP BY game_date, team) AS b "
            "ON b.game_date = p.game_date AND b.team = p.team",
        )
        assert found["n"] == team_games
        # two attempts are printed with no player, and no box score of players has them
        assert found["attempts"] == 2
        differing = {k: v for k, v in found.items() if k not in ("n", "attempts") and v}
        assert differing == {}, table


def test_the_feed_gives_every_players_line_of_its_two_games(real: Platform) -> None:
    (found,) = query(
        real,
        "SELECT COUNT(*) AS n, COUNTIF(COALESCE(p.points, 0) <> b.points) AS points, "
        "COUNTIF(COALESCE(p.shots, 0) <> b.field_goals_attempted) AS shots, "
        "COUNTIF(COALESCE(p.threes, 0) <> b.three_pointers_made) AS threes, "
        "COUNTIF(COALESCE(p.rebounds, 0) <> b.rebounds) AS rebounds, "
        "COUNTIF(COALESCE(p.steals, 0) <> b.steals) AS steals, "
        "COUNTIF(COALESCE(p.blocks, 0) <> b.blocks) AS blocks "
        "FROM nba_raw.nbac_player_boxscores AS b LEFT JOIN (SELECT game_date, player_id, "
        "SUM(points) AS points, COUNTIF(event_type = 'shot') AS shots, "
        "COUNTIF(event_type = 'shot' AND is_three AND is_made) AS threes, "
        "COUNTIF(event_type = 'rebound') AS rebounds, COUNTIF(event_type = 'steal') AS steals, "
        f"COUNTIF(event_type = 'block') AS blocks FROM nba_raw.{FEED} "
        "WHERE player_id IS NOT NULL GROUP BY game_date, player_id) AS p "
        "ON p.game_date = b.game_date AND p.player_id = b.player_id "
        f"WHERE b.game_id IN (SELECT game_id FROM nba_raw.{FEED})",
    )
    assert found.pop("n") == 37
    assert set(found.values()) == {0}


def test_the_feeds_of_single_games_of_2026_are_read_too(archives: Path) -> None:
    folder = archives / "raw_api_samples" / "nbac_live_feed"
    files = [*folder.glob("*_pbp_*.json.gz"), *folder.glob("playbyplay_*.json.gz")]
    assert len(files) == 4
    for file in files:
        found = parse(payload_of(file))
        last = found.iloc[-1]
        points = found.groupby("team")["points"].sum()
        assert points[last["home_team"]] == last["running_home_score"], file.name
        assert points[last["away_team"]] == last["running_away_score"], file.name
        shots = found[found["event_type"] == "shot"]
        assert set(shots["shot_zone"]) <= set(SHOT_ZONES)
        assert shots["player_id"].notna().all()
        distance = (shots["loc_x"] ** 2 + shots["loc_y"] ** 2) ** 0.5
        assert (distance - shots["shot_distance"]).abs().max() < 1.5  # both in feet


def payload_of(file: Path) -> Payload:
    at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    return Payload(
        "test", Endpoint.LEAGUE_PLAYS, file.name, Layout.LEAGUE_PLAYS_JSON, at, file.read_bytes()
    )
