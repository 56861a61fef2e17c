"""Names of archive files: what a pattern reads out of them, and what it does not take for one."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from nba_pipeline.sources.archive.pattern import Named, Pattern, PatternError

DAY = dt.date(2025, 12, 31)


def read(pattern: str, path: str, *words: str) -> Named | None:
    return Pattern(pattern, words).read(path)


@pytest.mark.parametrize(
    "written", ["2021-22", "2021_22", "2021-2022", "2021_2022", "202122", "21-22", "21_22", "2122"]
)
def test_a_season_is_read_as_it_is_written(written: str) -> None:
    pattern = f"log_{{season:{written}}}.csv"
    assert read(pattern, f"log_{written}.csv") == Named(season=2021)
    assert read(pattern, f"log_{written.replace('22', '23')}.csv") is None


def test_one_year_is_the_first_or_the_last_of_a_season() -> None:
    assert read("{season:2021}.csv", "2023.csv") == Named(season=2023)
    assert read("{season:2022}.csv", "2023.csv") == Named(season=2022)


@pytest.mark.parametrize(
    ("pattern", "path", "named"),
    [
        ("{date}.csv", "2025-12-31.csv", Named(date=DAY)),
        ("{date:%m_%d_%Y}.csv", "12_31_2025.csv", Named(date=DAY)),
        ("{date:%m-%d-%y}_*.csv", "12-31-25_10a.csv", Named(date=DAY)),
        ("raw_{date:%Y%m%d_%H%M%S}.csv", "raw_20251231_170000.csv", Named(date=DAY)),
        ("{date:%Y}/{date:%m}/{date:%d}.csv", "2025/12/31.csv", Named(date=DAY)),
        ("{date:%Y}/{date}.csv", "2025/2025-12-31.csv", Named(date=DAY)),
        ("{month}.csv", "2025-12.csv", Named(month=dt.date(2025, 12, 1))),
        ("{since}_{until}.csv", "2025-12-01_2025-12-31.csv",
         Named(since=dt.date(2025, 12, 1), until=DAY)),
        ("{season}/log_{season:2021}.csv", "2025-26/log_2025.csv", Named(season=2025)),
        ("{season}_{last_season}.csv", "2021-22_2023-24.csv", Named(season=2021, last_season=2023)),
        ("{game}.json", "0022500100.json", Named(game="0022500100")),
        ("{kind}_*.csv", "Playoffs_v2.csv", Named(kind="Playoffs")),
        ("*/*_{season}*.csv", "any/thing_2025-26_new.csv", Named(season=2025)),
        ("(a+)+$/x.y", "(a+)+$/x.y", Named()),
    ],
)  # fmt: skip
def test_what_a_name_says(pattern: str, path: str, named: Named) -> None:
    assert read(pattern, path, "Regular_Season", "Playoffs") == named


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("{date}.csv", "2025-02-30.csv"),
        ("{date}.csv", "1025-01-01.csv"),
        ("{date}.csv", "٢٠٢٥-١٢-٣١.csv"),
        ("{month}.csv", "2025-13.csv"),
        ("{date:%Y}/{date}.csv", "2024/2025-12-31.csv"),
        ("{season}/log_{season:2021}.csv", "2025-26/log_2024.csv"),
        ("{season}_{last_season}.csv", "2023-24_2021-22.csv"),
        ("{since}_{until}.csv", "2025-12-31_2025-12-01.csv"),
        ("{season:2021}.csv", "9999.csv"),
        ("{game}.json", "0072500100.json"),
        ("{kind}.csv", "Preseason.csv"),
        ("a/*.csv", "a/b/c.csv"),
        ("x.y", "xzy"),
        ("log.csv", "log.csv\n"),
    ],
)
def test_what_is_not_the_name_of_such_a_file(pattern: str, path: str) -> None:
    assert read(pattern, path, "Playoffs") is None


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("", "1 to 300 characters"),
        ("x" * 301, "1 to 300 characters"),
        ("../other/{season}.csv", "not a plain path"),
        ("/etc/{season}.csv", "not a plain path"),
        ("a//b", "not a plain path"),
        ("{player}.csv", "no field {player}; there are season, "),
        ("{season:22}.csv", "write the season 2021-22 as it stands in the names"),
        ("{date:%b %Y}.csv", "no '%b'"),
        ("{date:%Y-%m}.csv", "{date} lacks %d"),
        ("{kind}.csv", "needs kind_names"),
        ("{game:x}.csv", "{game} has no format"),
        ("{season.csv", "a { without its partner"),
        ("a***.csv", "side by side"),
        ("*a*a*.csv", "at most 2 times"),
    ],
)
def test_a_pattern_that_cannot_be_understood_says_why(pattern: str, words: str) -> None:
    with pytest.raises(PatternError) as caught:
        Pattern(pattern)
    assert words in str(caught.value)


def test_no_pattern_keeps_the_process_busy() -> None:
    pattern = Pattern("/".join(["*a*b"] * 10 + ["{season}"]))
    path = "/".join(["a" * 250 + "b"] * 10 + ["no season"])
    started = time.process_time()
    assert pattern.read(path) is None
    assert time.process_time() - started < 0.5
