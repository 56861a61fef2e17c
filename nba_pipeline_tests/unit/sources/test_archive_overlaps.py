"""Two files of an archive that hold the same games: the newer one counts, nothing is doubled."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import DateRange, Endpoint
from nba_pipeline.landing.zone import Landing, LocalStore
from nba_pipeline.league.calendar import Day, day_of
from nba_pipeline.settings import SourceMode
from nba_pipeline.sources.archive.loader import archive_loader
from nba_pipeline.sources.fetch import fetch
from nba_pipeline.sources.lookup import loaders, shape, shape_whole
from nba_pipeline.sources.schedule import schedule_rows
from nba_pipeline_tests.unit.sources.archive_folders import played, write
from nba_pipeline_tests.unit.sources.test_parse import HORFORD, LOG_HEAD, bref_line, v2, v2_game

LOG, BREF = "stats_nba_player_gamelog/game_logs_2025-26_to", "bref_boxscores/2025-26_to"
OLD, NEW = dt.date(2025, 12, 31), dt.date(2026, 1, 2)


def line(date: dt.date, points: int = 11) -> str:
    return (
        HORFORD.replace("22024,", "22025,")
        .replace("2024-10-22", str(date))
        .replace("0022400061", "0022500400")
        .replace(",2,11,19", f",2,{points},19")
    )


def aged(root: Path, path: str, content: str, day: int) -> None:
    file = write(root, path, content=content.encode()) / path
    at = dt.datetime(2026, 1, day, tzinfo=dt.UTC).timestamp()
    os.utime(file, (at, at))


def made(root: Path, table: str, endpoint: Endpoint, *dates: dt.date) -> list[dict[str, object]]:
    loader = archive_loader(root, endpoint)
    found = fetch(Landing(LocalStore(root / ".landing")), loader, DateRange(min(dates), max(dates)))
    assert found.failed == []
    days: dict[dt.date, Day] = {
        d: day_of(d, [played(str(d), game_id=f"{d:%Y%m%d}_NYK_BOS")], covered=True) for d in dates
    }
    rows, strangers = shape(contracts()[table], found, days, days)
    assert strangers == {}
    return rows.to_pylist()


def points(root: Path) -> list[tuple[object, object]]:
    found = made(root, "nbac_player_boxscores", Endpoint.PLAYER_GAMELOG, OLD, NEW)
    return sorted((r["game_date"], r["points"]) for r in found)  # type: ignore[type-var]


def test_a_longer_log_adds_its_dates_and_has_the_last_word(tmp_path: Path) -> None:
    aged(tmp_path, f"{LOG}_2025-12-31.csv.gz", f"{LOG_HEAD}\n{line(OLD)}\n", 1)
    assert points(tmp_path) == [(OLD, 11)]
    aged(tmp_path, f"{LOG}_2026-01-31.csv.gz", f"{LOG_HEAD}\n{line(OLD)}\n{line(NEW)}\n", 2)
    assert points(tmp_path) == [(OLD, 11), (NEW, 11)]
    corrected = f"{LOG_HEAD}\n{line(OLD, 12)}\n{line(NEW)}\n"
    aged(tmp_path, f"{LOG}_2026-01-31.csv.gz", corrected, 3)
    assert points(tmp_path) == [(OLD, 12), (NEW, 11)]
    aged(tmp_path, f"{LOG}_2026-01-31.csv.gz", f"{LOG_HEAD}\n{line(NEW)}\n", 4)
    assert points(tmp_path) == [(OLD, 11), (NEW, 11)]


def test_a_line_that_contradicts_itself_in_one_file_is_still_for_the_audit(tmp_path: Path) -> None:
    text = f"{LOG_HEAD}\n{line(OLD)}\n{line(OLD, 12)}\n"
    aged(tmp_path, f"{LOG}_2025-12-31.csv.gz", text, 1)
    assert points(tmp_path) == [(OLD, 11), (OLD, 12)]


def test_a_witness_that_is_there_twice_is_one_witness(tmp_path: Path) -> None:
    """Players' points are added up: those of two files would be twice the score."""
    date = dt.date(2025, 10, 21)
    listed = v2_game(
        gameId="0022500001", gameStatus=1, gameStatusText="7:30 pm ET",
        gameDateEst=f"{date}T00:00:00Z", gameDateTimeUTC=f"{date}T23:30:00Z",
        homeTeam={"teamTricode": "BKN", "score": 0}, awayTeam={"teamTricode": "GSW", "score": 0},
    )  # fmt: skip
    write(tmp_path, "schedules/scheduleleaguev2_2025-26_final_raw.json.gz",
          content=v2(listed).content)  # fmt: skip
    both = bref_line().replace(
        '"players": [{', '"players": [{"team": "GSW", "player_name": "Stephen Curry", '
        + bref_line().split('"team": "BRK", ')[1].split("}]")[0].replace('"pts": 1', '"pts": 0')
        + "}, {",
    )  # fmt: skip
    aged(tmp_path, f"{BREF}_2025-12-31.jsonl.gz", both, 1)
    aged(tmp_path, f"{BREF}_2026-01-31.jsonl.gz", both + "\n", 2)
    landing = Landing(LocalStore(tmp_path / ".landing"))
    asked = loaders(SourceMode.ARCHIVES, tmp_path, landing)
    found = schedule_rows(landing, asked, contracts()["nbac_schedule"], DateRange(date, date))
    (row,) = found.rows.to_pylist()
    assert (row["game_status"], row["home_score"], row["away_score"]) == ("final", 1, 0)
    assert row["final_witness"] == "independent_boxscore"


def test_transactions_of_two_files_are_those_of_the_newer_one(tmp_path: Path) -> None:
    (tmp_path / "nba_archive.toml").write_text(
        '[[files]]\npath = "moves_{until}.csv"\nendpoint = "injury_transactions"\n'
        'layout = "transactions_csv"\n'
    )
    head = "Date,Team,Acquired,Relinquished,Notes,page_url,page_num\n"
    one = "2025-12-31,Celtics,,• Al Horford,placed on IL,u,1\n"
    two = "2025-12-31,Celtics,• Al Horford,,activated from IL,u,1\n"
    aged(tmp_path, "moves_2025-12-31.csv", head + one, 1)
    aged(tmp_path, "moves_2026-01-31.csv", head + one + two, 2)
    found = made(tmp_path, "pst_transactions", Endpoint.INJURY_TRANSACTIONS, OLD)
    assert len(found) == 2


def test_of_two_seasons_of_profiles_the_later_one_counts(tmp_path: Path) -> None:
    columns = "PERSON_ID DISPLAY_FIRST_LAST ROSTERSTATUS FROM_YEAR TO_YEAR TEAM_ABBREVIATION"
    answer = {
        "resultSets": [
            {
                "name": "CommonAllPlayers",
                "headers": columns.split(),
                "rowSet": [[1, "Al Horford", 1, "2007", "2026", "BOS"]],
            }
        ]
    }
    aged(tmp_path, "players/commonallplayers_raw.json.gz", json.dumps(answer), 1)
    head = "PLAYER_ID,PLAYER_NAME,BIRTHDATE,HEIGHT,WEIGHT,POSITION,JERSEY\n"
    for season, weight in (("2025-26", 240), ("2026-27", 235)):
        line = f"1,Al Horford,1986-06-03T00:00:00,6-8,{weight},Center-Forward,42\n"
        aged(tmp_path, f"players/player_profiles_{season}.csv.gz", head + line, 2)
    loader = archive_loader(tmp_path, Endpoint.PLAYERS)
    found = fetch(Landing(LocalStore(tmp_path / ".landing")), loader, DateRange(NEW, NEW))
    (row,) = shape_whole(contracts()["players"], found).to_pylist()
    assert (row["player_name"], row["weight_pounds"]) == ("Al Horford", 235)
