"""Fields of real payloads: every one is listed for its layout, and every payload is read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.landing.zone import Landing, LocalStore
from nba_pipeline.league.calendar import FIRST_GAME_DATE
from nba_pipeline.settings import SourceMode
from nba_pipeline.sources.fetch import fetch
from nba_pipeline.sources.lookup import loaders, parse
from nba_pipeline.sources.own.fixed import NothingLoader
from nba_pipeline.sources.reading.drift import collecting
from nba_pipeline_tests.real import LAST
from nba_pipeline_tests.templates import session_folder

KEY = "season=2025-26/dates=2025-10-21..2025-10-21/x"
SAMPLES: dict[Layout, tuple[Endpoint, str]] = {
    Layout.ODDS_API_PROPS_JSON: (
        Endpoint.POINTS_LINES,
        "raw_api_samples/oddsa_player_props_his/raw_[4d]*",
    ),
    Layout.ODDS_API_GAMES_JSON: (Endpoint.GAME_LINES, "raw_api_samples/oddsa_game_lines_his/*"),
    Layout.BETTINGPROS_EVENTS_JSON: (Endpoint.BETTINGPROS_LINES, "raw_api_samples/bp_events/*"),
    Layout.SHEET_LIVE_JSON: (Endpoint.GAME_SHEETS, "raw_api_samples/nbac_live_feed/*_box_*"),
    Layout.SHEET_GAMEBOOK_JSON: (Endpoint.GAME_SHEETS, "raw_api_samples/nbac_gamebook_pdf/exp_*"),
    Layout.INJURY_REPORT_JSON: (Endpoint.INJURY_REPORT, "raw_api_samples/nbac_injury_report/exp_*"),
    Layout.ESPN_ROSTER_JSON: (Endpoint.ROSTERS, "raw_api_samples/espn_roster_api/*"),
    Layout.GAMELOG_JSON: (Endpoint.PLAYER_GAMELOG, "raw_api_samples/nbac_player_boxscore/*"),
    Layout.BDL_JSON: (Endpoint.BDL_BOXSCORES, "raw_api_samples/bdl_box_scores/*"),
    Layout.ESPN_INJURIES_PARQUET: (Endpoint.INJURY_REPORT, "layout_samples/injury_report_*"),
    Layout.SCOREBOARD_JSON: (Endpoint.SCOREBOARD, "layout_samples/todaysScoreboard_*"),
}
"""Single answers of layouts that only the web has, of later dates than those of the archives, or in
a newer shape."""

WITHOUT_A_SAMPLE = {
    Layout.SHOTS_JSON,
    Layout.SHEET_JSON,
    Layout.BETTINGPROS_OFFERS_JSON,
    Layout.NOT_POSTED,
}
"""Layouts of which no real payload is at hand."""


@pytest.mark.real
def test_no_payload_of_the_archives_has_a_field_that_is_not_listed(
    archives: Path, tmp_path: Path
) -> None:
    # what a frame's fields told is kept with it: nothing is parsed twice in a session
    landing = Landing(LocalStore(tmp_path), kept=session_folder("parsed"))
    whole = DateRange(FIRST_GAME_DATE, LAST)
    read, failed = set(), []
    with collecting() as told:
        for loader in loaders(SourceMode.ARCHIVES, archives, landing).values():
            if isinstance(loader, NothingLoader):
                continue  # declared to have nothing; asking it is an error
            found = fetch(landing, loader, whole)
            failed += found.failed
            read |= {landed.layout for landed, _ in found.frames}
    assert told == []
    assert failed == []
    assert read | set(SAMPLES) | WITHOUT_A_SAMPLE == set(Layout)
    assert read.isdisjoint(WITHOUT_A_SAMPLE)


@pytest.mark.parametrize("layout", SAMPLES)
def test_no_single_answer_has_a_field_that_is_not_listed(archives: Path, layout: Layout) -> None:
    endpoint, pattern = SAMPLES[layout]
    files = sorted(archives.glob(pattern))
    assert files
    for file in files:
        at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
        with collecting() as told:
            frame = parse(Payload("test", endpoint, KEY, layout, at, file.read_bytes()))
        assert len(frame), file.name
        assert told == [], file.name
