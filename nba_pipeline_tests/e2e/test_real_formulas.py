"""The real archives: possessions, sites and minutes against what is published and in the files."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from pathlib import Path

import pandas as pd
import pytest

from nba_pipeline.platform import Platform
from nba_pipeline_tests.real import query
from nba_pipeline_tests.support import DEFENSE, OFFENSE, PLAYERS

# Basketball-Reference, season pages (leagues/NBA_2022.html and so on), "Advanced Stats": pace, and
# offensive and defensive rating, of the row "League Average" and of the fastest, the slowest, the
# best and the worst team.
LEAGUE = {2021: (98.2, 112.0), 2022: (99.2, 114.8), 2023: (98.5, 115.3), 2024: (98.8, 114.5)}
TEAMS = {
    (2021, "HOU"): (100.9, 108.4, 116.7),
    (2021, "DAL"): (95.4, 112.8, 109.4),
    (2021, "UTA"): (97.1, 116.7, 110.5),
    (2021, "OKC"): (98.5, 104.6, 112.8),
    (2022, "GSW"): (101.6, 116.1, 114.4),
    (2022, "CLE"): (95.7, 116.1, 110.6),
    (2022, "SAC"): (100.3, 119.4, 116.8),
    (2022, "CHA"): (100.8, 109.2, 115.3),
    (2023, "WAS"): (102.7, 110.5, 119.6),
    (2023, "NYK"): (95.2, 118.2, 113.4),
    (2023, "BOS"): (97.2, 123.2, 111.6),
    (2023, "MEM"): (98.2, 107.2, 114.3),
    (2024, "MEM"): (103.3, 117.7, 113.0),
    (2024, "BOS"): (95.7, 120.6, 111.1),
    (2024, "CLE"): (99.8, 121.7, 112.2),
    (2024, "WAS"): (100.9, 106.8, 119.1),
}
# they print one decimal of an estimate by a season's totals, where ours is by games
LEAGUE_GAP, TEAM_GAP = 0.1, 0.3


def test_pace_and_rating_of_every_season_are_the_published_ones(real: Platform) -> None:
    found = query(
        real,
        "SELECT o.season_year, COUNT(*) AS n, COUNT(o.possessions) AS known, "
        "240 * SAFE_DIVIDE(SUM(o.possessions), SUM(o.team_minutes)) AS pace, "
        "100 * SAFE_DIVIDE(SUM(o.points), SUM(o.possessions)) AS offense, "
        "100 * SAFE_DIVIDE(SUM(d.points_allowed), SUM(d.opponent_possessions)) AS defense, "
        "AVG(o.pace) AS mean_pace, AVG(o.offensive_rating) AS mean_offense, "
        f"AVG(d.defensive_rating) AS mean_defense FROM nba_analytics.{OFFENSE} AS o "
        f"INNER JOIN nba_analytics.{DEFENSE} AS d ON d.game_date = o.game_date "
        "AND d.team = o.team WHERE o.season_type = 'regular' AND o.season_year < 2025 "
        "GROUP BY o.season_year",
    )
    assert {r["season_year"]: (r["n"], r["known"]) for r in found} == dict.fromkeys(
        LEAGUE, (2460, 2460)
    )
    for r in found:
        pace, rating = LEAGUE[int(str(r["season_year"]))]
        totals = (r["pace"], r["offense"], r["defense"])
        assert totals == pytest.approx((pace, rating, rating), abs=LEAGUE_GAP), r
        # games with few possessions weigh as much as others
        means = (r["mean_pace"], r["mean_offense"], r["mean_defense"])
        assert means == pytest.approx((pace, rating, rating), abs=LEAGUE_GAP + 0.05), r


def test_pace_and_ratings_of_teams_are_the_published_ones(real: Platform) -> None:
    found = query(
        real,
        "SELECT o.season_year, o.team, AVG(o.pace) AS pace, AVG(o.offensive_rating) AS offense, "
        f"AVG(d.defensive_rating) AS defense FROM nba_analytics.{OFFENSE} AS o "
        f"INNER JOIN nba_analytics.{DEFENSE} AS d ON d.game_date = o.game_date "
        "AND d.team = o.team WHERE o.season_type = 'regular' GROUP BY o.season_year, o.team",
    )
    ours = {(r["season_year"], r["team"]): (r["pace"], r["offense"], r["defense"]) for r in found}
    for key, published in TEAMS.items():
        assert ours[key] == pytest.approx(published, abs=TEAM_GAP), key


def test_possessions_are_unknown_where_the_turnovers_of_teams_are(real: Platform) -> None:
    found = query(
        real,
        "SELECT season_type, COUNT(*) AS n, COUNT(possessions) AS known, COUNT(turnovers) AS lost, "
        "COUNT(possessions_null_reason) AS reasons, COUNTIF(is_degraded) AS degraded, "
        "COUNTIF((pace IS NULL) <> (possessions IS NULL) OR (offensive_rating IS NULL) "
        f"<> (possessions IS NULL)) AS apart FROM nba_analytics.{OFFENSE} GROUP BY season_type",
    )
    by_type = {r.pop("season_type"): list(r.values()) for r in found}
    # no archive has a team box score of the play-in and the Cup final
    assert by_type == {
        "regular": [9840 + 992, 9840 + 992, 9840 + 992, 0, 0, 0],
        "playoffs": [674, 674, 674, 0, 0, 0],
        "play_in": [36, 0, 0, 36, 36, 0],
        "cup_final": [4, 0, 0, 4, 4, 0],
    }
    shared = query(
        real,
        "SELECT COUNT(*) AS games, COUNTIF(n <> 2 OR low <> high) AS apart FROM (SELECT COUNT(*) "
        "AS n, MIN(possessions) AS low, MAX(possessions) AS high "
        f"FROM nba_analytics.{OFFENSE} WHERE NOT is_degraded GROUP BY game_id) AS games",
    )
    assert shared == [{"games": 5753, "apart": 0}]


_LOG = ["FGM", "FGA", "FTA", "OREB", "DREB", "PTS"]


def team_rows(archives: Path) -> pd.DataFrame:
    """Official rows of teams by date; of 2025-26 by their players, but for the turnovers."""
    logs = [pd.read_parquet(p) for p in sorted(archives.glob("stats_nba_team_gamelog/*.parquet"))]
    whole = pd.concat(logs)[["GAME_DATE", "TEAM_ABBREVIATION", "MATCHUP", "MIN", "TOV", *_LOG]]
    newest = next(archives.glob("stats_nba_player_gamelog/*2025-26*"))
    key = ["GAME_DATE", "TEAM_ABBREVIATION", "MATCHUP"]
    summed = pd.read_csv(newest).groupby(key, as_index=False)[["MIN", *_LOG]].sum()
    summed["MIN"] = 240 + 25 * ((summed["MIN"] - 240) / 25).round().clip(lower=0)
    compact = pd.read_csv(next(archives.glob("stats_nba_team_gamelog/*compact*")))
    rows = pd.concat([whole, summed.merge(compact[[*key, "TOV"]], on=key)], ignore_index=True)
    rows["game_date"] = pd.to_datetime(rows["GAME_DATE"]).dt.date
    rows["opponent"] = rows["MATCHUP"].str[-3:]
    return rows.rename(columns={"TEAM_ABBREVIATION": "team"}).drop(columns=key[:1])


def test_every_estimate_is_that_of_the_bare_files(real: Platform, archives: Path) -> None:
    rows = team_rows(archives)
    other = rows.rename(columns={"team": "opponent", "opponent": "team"})
    both = rows.merge(other, on=["game_date", "team", "opponent"], suffixes=("", "_o"))

    def own(mine: str, theirs: str) -> pd.Series:
        share = both[f"OREB{mine}"] / (both[f"OREB{mine}"] + both[f"DREB{theirs}"])
        missed = both[f"FGA{mine}"] - both[f"FGM{mine}"]
        shots = both[f"FGA{mine}"] + 0.4 * both[f"FTA{mine}"] - 1.07 * share * missed
        return shots + both[f"TOV{mine}"]

    both["poss"] = (own("", "_o") + own("_o", "")) / 2
    both["rating"] = 100 * both["PTS"] / both["poss"]
    both["allowed"] = 100 * both["PTS_o"] / both["poss"]
    both["tempo"] = 240 * both["poss"] / both["MIN"]
    found = pd.DataFrame(
        query(
            real,
            "SELECT o.game_date, o.team, o.turnovers, o.possessions, o.pace, o.offensive_rating, "
            f"d.defensive_rating FROM nba_analytics.{OFFENSE} AS o INNER JOIN "
            f"nba_analytics.{DEFENSE} AS d ON d.game_date = o.game_date AND d.team = o.team "
            "WHERE NOT o.is_degraded",
        )
    )
    joined = found.merge(both, on=["game_date", "team"])
    assert len(joined) == len(found) == 9840 + 992 + 674
    for ours, theirs in (
        ("turnovers", "TOV"),
        ("possessions", "poss"),
        ("pace", "tempo"),
        ("offensive_rating", "rating"),
        ("defensive_rating", "allowed"),
    ):
        assert (joined[ours] - joined[theirs]).abs().max() < 1e-9, ours


NEUTRAL = {
    "20221217_MIA_SAS", "20230119_CHI_DET", "20231109_ATL_ORL", "20231207_IND_MIL",
    "20231207_NOP_LAL", "20231209_IND_LAL", "20240111_BKN_CLE", "20251216_SAS_NYK",
}  # fmt: skip
"""Mexico City, Paris, Las Vegas: schedules without a word on it, but with the city."""


def test_neutral_sites_are_known_by_their_city_and_nothing_else_is_neutral(real: Platform) -> None:
    found = query(
        real,
        "SELECT o.game_id, o.is_neutral, o.neutral_source, s.arena_city, s.is_neutral AS said, "
        f"s.is_neutral_in_log FROM nba_analytics.{OFFENSE} AS o INNER JOIN nba_raw.nbac_schedule "
        "AS s ON s.game_date = o.game_date AND s.game_id = o.game_id WHERE o.is_home",
    )
    by_arena = {r["game_id"] for r in found if r["is_neutral"] and r["said"] is None}
    later = {"20251101_DAL_DET", "20251213_NYK_ORL", "20251213_SAS_OKC"}
    assert by_arena == NEUTRAL | later
    # of these three the log would have told, after the game
    assert {r["game_id"] for r in found if r["is_neutral_in_log"]} == later
    assert sum(r["said"] is True for r in found) == 5
    assert {r["neutral_source"] for r in found} == {"schedule", "arena", None}
    unknown = {r["arena_city"] for r in found if r["is_neutral"] is None}
    assert unknown == {None}  # the playoffs of 2023-24 and 28 games that were added later
    assert sum(r["is_neutral"] is None for r in found) == 88 + 28
    second_home = [r for r in found if r["arena_city"] == "Austin"]
    assert len(second_home) == 6
    assert not any(r["is_neutral"] for r in second_home)


def test_the_usage_of_half_a_minute_is_of_half_a_minute(real: Platform) -> None:
    """Basketball-Reference prints 90.9; of the whole minute it would be 45.5."""
    found = query(
        real,
        "SELECT minutes_played, minutes_source, ROUND(usage_rate, 1) AS usage, is_starter "
        f"FROM nba_analytics.{PLAYERS} WHERE player_lookup = 'davidroddy' "
        "AND game_date = DATE '2024-03-17'",
    )
    assert found == [
        {"minutes_played": 0.5, "minutes_source": "bref", "usage": 90.9, "is_starter": False}
    ]


def test_who_played_has_minutes_or_a_reason(real: Platform) -> None:
    found = query(
        real,
        "SELECT COUNTIF(minutes_played = 0) AS zero, COUNTIF(minutes_played IS NULL) AS unknown, "
        "COUNTIF(minutes_null_reason = 'rounded_to_zero' AND usage_null_reason = 'no_minutes') "
        "AS reasons, COUNTIF((minutes_played IS NULL) <> (minutes_null_reason IS NOT NULL)) "
        f"AS silent FROM nba_analytics.{PLAYERS}",
    )
    assert found == [{"zero": 0, "unknown": 160, "reasons": 160, "silent": 0}]
    rescued = query(
        real,
        f"SELECT COUNT(*) AS n FROM nba_analytics.{PLAYERS} AS p INNER JOIN "
        "nba_raw.nbac_player_boxscores AS b ON b.game_date = p.game_date "
        "AND b.player_id = p.player_id WHERE b.minutes_played = 0 AND p.minutes_played > 0",
    )
    assert rescued == [{"n": 278}]


def test_every_row_of_the_second_source_finds_its_player_by_any_of_his_names(
    real: Platform,
) -> None:
    found = query(
        real,
        "SELECT p.season_year, COUNT(p.is_starter) AS known, COUNTIF(p.is_starter) AS starters, "
        "COUNTIF(p.minutes_source = 'bref') AS exact "
        f"FROM nba_analytics.{PLAYERS} AS p WHERE p.season_type = 'regular' "
        "AND p.season_year <> 2024 GROUP BY p.season_year ORDER BY p.season_year",
    )
    printed = query(
        real,
        "SELECT season_year, COUNT(*) AS n FROM nba_raw.bref_player_boxscores "
        "WHERE season_type = 'regular' GROUP BY season_year ORDER BY season_year",
    )
    # one row of 2025-12-04 has a steal and a block exchanged; eleven have other minutes
    assert [r["known"] for r in found] == [r["n"] for r in printed[:3]] + [10_839]  # type: ignore[operator]
    assert printed[3]["n"] == 10_840
    assert [r["starters"] for r in found] == [12_300, 12_300, 12_300, 4_959]
    assert [int(str(r["known"])) - int(str(r["exact"])) for r in found] == [1, 10, 0, 0]
    one = query(
        real,
        f"SELECT player_name, minutes_source, COUNT(*) AS n FROM nba_analytics.{PLAYERS} "
        "WHERE season_year = 2025 AND player_id IN (1641842, 1642942) "
        "GROUP BY player_name, minutes_source ORDER BY n DESC",
    )
    assert [(r["player_name"], r["minutes_source"]) for r in one] == [
        ("Ronald Holland II", "bref"),  # Ron Holland there
        ("Jahmai Mashack", "bref"),  # on no list of players
    ]
    moved = query(
        real,
        "SELECT DISTINCT player_id FROM nba_reference.roster_name_matches "
        "WHERE printed_lookup = 'cuiyongxi'",
    )
    assert moved == [{"player_id": 1642385}]  # Cui Cui in the league's list


def plain(name: str) -> str:
    """A name without accents, blanks and suffix."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]", "", re.sub(r"\b(jr|sr|ii|iii|iv)\b\.?", "", bare))


def test_a_sample_of_usage_is_that_of_the_bare_files(real: Platform, archives: Path) -> None:
    """Three hundred rows of 2023-24 whose names are plain in both files."""
    log = pd.read_csv(archives / "stats_nba_player_gamelog" / "game_logs_2023-24.csv.gz")
    log["used"] = log["FGA"] + 0.44 * log["FTA"] + log["TOV"]
    team = log.groupby(["GAME_ID", "TEAM_ABBREVIATION"])
    log["team_used"], log["minutes"] = team["used"].transform("sum"), team["MIN"].transform("sum")
    log["minutes"] = 240 + 25 * ((log["minutes"] - 240) / 25).round().clip(lower=0)
    games = pd.read_json(archives / "bref_boxscores" / "2023-24.jsonl.gz", lines=True, dtype=False)
    lines = [
        (str(game.game_date)[:10], p["team"], plain(p["player_name"].encode("latin-1").decode()),
         p["mp"], p["is_starter"])
        for game in games.itertuples()
        for p in game.players
    ]  # fmt: skip
    exact = pd.DataFrame(lines, columns=["GAME_DATE", "TEAM_ABBREVIATION", "name", "mp", "starter"])
    log["name"] = log["PLAYER_NAME"].map(plain)
    joined = log.merge(exact, on=["GAME_DATE", "TEAM_ABBREVIATION", "name"])
    assert len(joined) > 26_000
    found = pd.DataFrame(
        query(
            real,
            "SELECT game_date, team, player_id, minutes_played, usage_rate_raw, is_starter "
            f"FROM nba_analytics.{PLAYERS} WHERE season_year = 2023 AND season_type = 'regular'",
        )
    )
    found["GAME_DATE"] = found["game_date"].map(dt.date.isoformat)
    keys = {"team": "TEAM_ABBREVIATION", "player_id": "PLAYER_ID"}
    sample = joined[joined["mp"] > 0].sample(300, random_state=11)
    ours = sample.merge(found.rename(columns=keys), on=["GAME_DATE", *keys.values()])
    assert len(ours) == 300
    wanted = 100 * ours["used"] * ours["minutes"] / 5 / (ours["mp"] * ours["team_used"])
    assert (ours["minutes_played"] - ours["mp"]).abs().max() < 1e-9
    assert (ours["usage_rate_raw"] - wanted).abs().max() < 1e-9
    assert (ours["is_starter"] == ours["starter"]).all()
    assert (ours["mp"] % 1 > 0).sum() > 200  # tenths, not whole minutes
