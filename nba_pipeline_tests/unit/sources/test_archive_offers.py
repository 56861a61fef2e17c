"""What an archive has of many days, asked at once: the same as day by day, for one look."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import Endpoint
from nba_pipeline.league.calendar import Day, DayKind, SeasonType
from nba_pipeline.sources.archive import listing
from nba_pipeline.sources.archive.loader import archive_loader
from nba_pipeline.sources.loader import SurveyedLoader, not_offered_reason, offered_days
from nba_pipeline_tests.unit.sources.archive_folders import played, write

LOG = "stats_nba_player_gamelog/game_logs"
DAYS = ["2021-11-03", "2024-11-03", "2025-11-03", "2026-01-31", "2026-02-01", "2026-02-03"]


def _days() -> list[Day]:
    """Days with none, one, and two games of different kinds."""
    found = [Day(dt.date(2025, 12, 25), DayKind.GAMES, ())]
    for text in DAYS:
        date = dt.date.fromisoformat(text)
        final = played(text, SeasonType.CUP_FINAL)
        for games in ((played(text),), (final,), (final, played(text))):
            found.append(Day(date, DayKind.GAMES, games))
    return found


@pytest.mark.parametrize(
    ("table", "path"),
    [
        ("nbac_player_boxscores", f"{LOG}_2025-26_to_2026-01-31.csv.gz"),
        ("nbac_shots", "stats_nba_shots/NBA_2026_Shots.parquet"),
        ("pst_transactions", "prosportstransactions/none.csv"),
        ("nbac_schedule", "schedule/none.json"),  # an archive must have it: fetching tells
    ],
)
def test_many_days_at_once_are_offered_as_one_by_one(tmp_path: Path, table: str, path: str) -> None:
    contract = contracts()[table]
    assert contract.endpoint is not None
    write(tmp_path, path)
    loader, days = archive_loader(tmp_path, contract.endpoint), _days()
    assert isinstance(loader, SurveyedLoader)
    one_by_one = [day for day in days if not not_offered_reason(loader, contract, day)]
    assert offered_days(loader, contract, days) == one_by_one
    if table in ("nbac_player_boxscores", "nbac_shots"):
        assert 1 < len(one_by_one) < len(days)


def test_the_folder_is_looked_at_once_and_again_when_it_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = contracts()["nbac_player_boxscores"]
    loader, days = archive_loader(tmp_path, Endpoint.PLAYER_GAMELOG), _days()[1:]
    looks: list[str] = []
    look = listing._modified

    def counted(path: str) -> int | None:
        looks.append(path)
        return look(path)

    monkeypatch.setattr(listing, "_modified", counted)
    assert offered_days(loader, contract, days) == []
    assert 0 < len(looks) < len(days) * 2
    write(tmp_path, f"{LOG}_2025-26_to_2026-01-31.csv.gz")
    assert {d.date.isoformat() for d in offered_days(loader, contract, days)} == set(DAYS[2:4])
