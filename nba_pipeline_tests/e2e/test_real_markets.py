"""Real quotes: which dates have them, the sign of every spread, and what running games leave."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.landing.zone import LandedPayload
from nba_pipeline.league.calendar import DayKind, day_of, season_label, season_year_on
from nba_pipeline.platform import Platform
from nba_pipeline.sources.lookup import parse, shape
from nba_pipeline.sources.rows.frames import Fetched
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.real import DATES, query
from nba_pipeline_tests.support import endpoint_of
from nba_pipeline_tests.unit.league.test_calendar import game


@pytest.mark.parametrize(
    ("table", "complete"),
    [
        ("odds_points_lines", 159),
        ("prizepicks_points_lines", 22),
        ("bettingpros_points_lines", 0),
        ("odds_game_lines", 729),
    ],
)
def test_every_date_is_settled_and_says_what_no_archive_holds(
    real: Platform, table: str, complete: int
) -> None:
    snapshot = snapshot_of(real)
    found: Counter[State] = Counter()
    for date in DATES:
        verdict = snapshot.verdict(table, date)
        assert verdict.is_settled, (date, verdict)
        if snapshot.day(date).kind is DayKind.GAMES:
            found[verdict.state] += 1
        if verdict.state is State.UNRECOVERABLE:
            periods = (f"{date:%Y-%m}", season_label(season_year_on(date)))
            assert any(period in verdict.reasons[0] for period in periods), verdict
    assert found == Counter({State.COMPLETE: complete, State.UNRECOVERABLE: 917 - complete})


def test_spreads_are_of_the_home_team_and_totals_of_both(real: Platform) -> None:
    """Known of closing lines: margin against spread about -0.45, total about 0.4 to 0.5."""
    found = query(
        real,
        "SELECT g.season_year, g.bookmaker, COUNT(*) AS n, "
        "CORR(g.home_spread, s.home_score - s.away_score) AS spread, "
        "CORR(g.game_total, s.home_score + s.away_score) AS total, "
        "AVG(g.home_spread + s.home_score - s.away_score) AS spread_bias, "
        "AVG(ABS(s.home_score + s.away_score - g.game_total)) AS total_error "
        "FROM nba_raw.odds_game_lines AS g INNER JOIN nba_raw.nbac_schedule AS s "
        "ON s.game_date = g.game_date AND s.game_id = g.game_id "
        "WHERE g.line_fault IS NULL GROUP BY g.season_year, g.bookmaker",
    )
    by = {(r["season_year"], r["bookmaker"]): r for r in found}
    games = {key: r["n"] for key, r in by.items()}
    assert games == {
        (2021, "sbr_consensus"): 1318,
        (2022, "sbr_consensus"): 1318,
        (2021, "consensus"): 289,
        (2022, "consensus"): 343,
        (2023, "consensus"): 401,
        (2024, "consensus"): 1195,
        (2025, "consensus"): 40,  # too few to measure
    }
    for key, r in by.items():
        if key[0] < 2025:
            # few games are farther from what is known by chance
            chance = 0.07 if r["n"] > 1000 else 0.12
            assert abs(r["spread"] + 0.45) < chance, key
            assert 0.37 < r["total"] < 0.56, key
            assert abs(r["spread_bias"]) < 1.5, key
            assert 12 < r["total_error"] < 15, key


def test_lines_of_the_running_game_are_kept_apart(real: Platform) -> None:
    """Known: 150 with odd seconds and 49 on a whole minute that no game is scheduled on."""
    found = query(
        real,
        "SELECT bookmaker, line_fault, COUNT(*) AS n FROM nba_raw.odds_game_lines "
        "WHERE line_fault IS NOT NULL GROUP BY bookmaker, line_fault",
    )
    assert {(r["bookmaker"], r["line_fault"]): r["n"] for r in found} == {
        ("consensus", "taken_in_game"): 199,
        ("consensus", "impossible"): 1,
        ("sbr_consensus", "impossible"): 4,
    }
    far = query(
        real,
        "SELECT a.line_fault IS NULL AS is_line, COUNT(*) AS n, "
        "AVG(ABS(a.home_spread - b.home_spread)) AS spread, "
        "AVG(ABS(a.game_total - b.game_total)) AS total "
        "FROM nba_raw.odds_game_lines AS a INNER JOIN nba_raw.odds_game_lines AS b "
        "ON b.game_date = a.game_date AND b.game_id = a.game_id "
        "WHERE a.bookmaker = 'consensus' AND b.bookmaker = 'sbr_consensus' "
        "AND b.line_fault IS NULL GROUP BY 1",
    )
    by = {r["is_line"]: r for r in far}
    assert (by[True]["n"], by[False]["n"]) == (628, 63)
    assert by[True]["spread"] < 1.1 and by[True]["total"] < 1.9
    assert by[False]["spread"] > 3.9 and by[False]["total"] > 6.7


def test_no_context_rests_on_them_or_on_sources_that_contradict(real: Platform) -> None:
    found = query(
        real,
        "SELECT line_null_reason, COUNT(*) AS n, COUNT(team_spread) AS spreads, "
        "COUNT(game_total) AS totals FROM nba_analytics.upcoming_team_game_context "
        "WHERE season_year IN (2021, 2022, 2024) GROUP BY line_null_reason",
    )
    told = {r["line_null_reason"]: (r["n"], r["spreads"], r["totals"]) for r in found}
    assert told == {
        None: (7584, 7584, 7584),
        "taken_in_game": (220, 0, 0),
        "impossible": (8, 0, 0),
        "sources_disagree": (52, 28, 22),
        "no_line": (64, 0, 34),
    }
    finals = query(
        real,
        "SELECT team_spread, game_total FROM nba_analytics.upcoming_team_game_context "
        "WHERE game_id = '20220616_GSW_BOS' AND is_home",
    )
    assert finals == [{"team_spread": -2.5, "game_total": 212.5}]


def test_two_sources_agree_on_the_side_of_the_favourite(real: Platform) -> None:
    found = query(
        real,
        "SELECT COUNT(*) AS n, CORR(a.home_spread, b.home_spread) AS agreement, "
        "COUNTIF(ABS(a.home_spread - b.home_spread) <= 3) AS near "
        "FROM nba_raw.odds_game_lines AS a INNER JOIN nba_raw.odds_game_lines AS b "
        "ON b.game_date = a.game_date AND b.game_id = a.game_id "
        "WHERE a.bookmaker = 'sbr_consensus' AND b.bookmaker = 'consensus' "
        "AND a.line_fault IS NULL AND b.line_fault IS NULL "
        "AND a.home_spread IS NOT NULL AND b.home_spread IS NOT NULL",
    )[0]
    assert found["n"] > 600
    assert found["agreement"] > 0.92
    assert found["near"] / found["n"] > 0.9


def test_closing_lines_have_no_price_and_no_time(real: Platform) -> None:
    found = query(
        real,
        "SELECT COUNTIF(home_spread_price IS NOT NULL OR over_price IS NOT NULL) AS priced, "
        "COUNTIF(snapshot_at IS NOT NULL OR snapshot_key <> 'closing') AS timed, "
        "COUNTIF(home_spread IS NULL) AS signless, MIN(home_spread) AS lowest, "
        "MAX(home_spread) AS highest, MIN(game_total) AS least, MAX(game_total) AS most "
        "FROM nba_raw.odds_game_lines WHERE line_fault IS NULL",
    )[0]
    assert (found["priced"], found["timed"], found["signless"]) == (0, 0, 21)
    assert found["lowest"] >= -22.5 and found["highest"] <= 22.5
    assert found["least"] > 180 and found["most"] < 265


def test_lines_of_games_that_were_put_off_are_left_out_and_told(real: Platform) -> None:
    snapshot = snapshot_of(real)
    told = {
        d: row.note for d, row in snapshot.rows("odds_game_lines").items() if "left out" in row.note
    }
    assert told[dt.date(2023, 2, 1)] == "left out: WAS@DET"  # an ice storm in Dallas
    assert told[dt.date(2025, 1, 11)] == "left out: HOU@ATL, SAS@LAL"
    assert len(told) == 5


def test_prizepicks_lines_meet_the_points_of_the_night(real: Platform) -> None:
    """Known of these boards: 1,892 player-dates with a box score, overs 48 percent."""
    found = query(
        real,
        "WITH last_line AS (SELECT game_date, game_id, name_key, points_line, ROW_NUMBER() OVER "
        "(PARTITION BY game_date, game_id, player_lookup ORDER BY snapshot_at DESC) AS place "
        "FROM nba_raw.prizepicks_points_lines "
        "WHERE line_kind = 'standard' AND minutes_before_tipoff >= 0) "
        "SELECT COUNT(*) AS n, COUNT(p.points) AS played, "
        "COUNTIF(p.points > l.points_line) AS overs, CORR(p.points, l.points_line) AS agreement "
        "FROM last_line AS l LEFT JOIN nba_raw.nbac_player_boxscores AS p "
        "ON p.game_date = l.game_date AND p.game_id = l.game_id AND p.name_key = l.name_key "
        "WHERE l.place = 1",
    )[0]
    assert (found["n"], found["played"]) == (2024, 1893)
    assert 0.47 < found["overs"] / found["played"] < 0.49
    assert 0.67 < found["agreement"] < 0.70


def test_demons_are_above_standard_lines_and_goblins_below(real: Platform) -> None:
    found = query(
        real,
        "SELECT o.line_kind, COUNT(*) AS n, COUNTIF(o.points_line > s.points_line) AS above, "
        "COUNTIF(o.points_line < s.points_line) AS below "
        "FROM nba_raw.prizepicks_points_lines AS o "
        "INNER JOIN nba_raw.prizepicks_points_lines AS s "
        "ON s.game_date = o.game_date AND s.player_lookup = o.player_lookup "
        "AND s.line_kind = 'standard' AND s.first_snapshot_at = o.first_snapshot_at "
        "WHERE o.line_kind <> 'standard' GROUP BY o.line_kind",
    )
    kinds = {r["line_kind"]: r for r in found}
    demons, goblins = kinds["demon"], kinds["goblin"]
    assert goblins["below"] == goblins["n"] > 150
    assert demons["below"] == 0
    assert demons["above"] == demons["n"] - 1 > 150  # Darius Garland's 16.5 is both


def test_players_whose_team_no_board_prints_are_named_not_guessed(real: Platform) -> None:
    row = snapshot_of(real).rows("prizepicks_points_lines")[dt.date(2025, 12, 6)]
    assert row.note.count("no team") == 5
    assert "Tyler Herro, no team" in row.note


def test_the_first_snapshot_is_never_after_the_last(real: Platform) -> None:
    for table, earlier in (("odds_points_lines", 4000), ("prizepicks_points_lines", 400)):
        found = query(
            real,
            "SELECT COUNTIF(first_snapshot_at > snapshot_at) AS wrong, "
            "COUNTIF(first_snapshot_at < snapshot_at) AS earlier, "
            "COUNTIF((first_snapshot_at IS NULL) <> (snapshot_at IS NULL)) AS silent "
            f"FROM nba_raw.{table}",
        )[0]
        assert (found["wrong"], found["silent"]) == (0, 0), table
        assert found["earlier"] > earlier, table


def sample(archives: Path, name: str, layout: Layout) -> Payload:
    content = (archives / "raw_api_samples" / name).read_bytes()
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return Payload("sample", endpoint_of(layout), f"file={name}", layout, at, content)


def rows_of(payload: Payload, table: str, date: dt.date, home: str, away: str) -> Any:
    landed = LandedPayload(
        payload.source, payload.endpoint, "k", payload.layout, payload.fetched_at, "s", 1, "k"
    )
    played = game(home, away, game_date=date, game_id=f"{date:%Y%m%d}_{away}_{home}")
    days = {date: day_of(date, [played], covered=True)}
    found, strangers = shape(contracts()[table], Fetched([(landed, parse(payload))]), days, days)
    assert strangers == {}
    return found.to_pylist()


@pytest.mark.parametrize(("name", "n"), [("raw_4fd911e4", 28), ("raw_d894c998", 47)])
def test_real_answers_taken_in_the_game_are_all_marked(archives: Path, name: str, n: int) -> None:
    answer = sample(archives, f"oddsa_player_props_his/{name}.json.gz", Layout.ODDS_API_PROPS_JSON)
    found = rows_of(answer, "odds_points_lines", dt.date(2025, 3, 9), "NOP", "MEM")
    assert len(found) == n
    assert {round(r["minutes_before_tipoff"]) for r in found} == {-40}
    assert all(abs(p) >= 100 for r in found for p in (r["over_price"], r["under_price"]))


def test_real_game_lines_taken_in_the_game_are_marked(archives: Path) -> None:
    answer = sample(
        archives, "oddsa_game_lines_his/raw_b722994c.json.gz", Layout.ODDS_API_GAMES_JSON
    )
    found = rows_of(answer, "odds_game_lines", dt.date(2024, 1, 24), "GSW", "ATL")
    lines = {r["bookmaker"]: (r["home_spread"], r["game_total"]) for r in found}
    assert lines == {"draftkings": (-6.5, 248.5), "fanduel": (-7.5, 247.5)}
    assert {round(r["minutes_before_tipoff"]) for r in found} == {-35}


def test_a_real_answer_in_the_wrong_folder_is_refused(archives: Path) -> None:
    """Game lines that were filed among player props."""
    name = "oddsa_player_props_his/raw_815b3ee3.json.gz"
    with pytest.raises(PayloadError, match="no player_points, but spreads, totals"):
        parse(sample(archives, name, Layout.ODDS_API_PROPS_JSON))


def test_real_events_of_bettingpros_have_their_eastern_date(archives: Path) -> None:
    for file in sorted((archives / "raw_api_samples" / "bp_events").iterdir()):
        found = parse(sample(archives, f"bp_events/{file.name}", Layout.BETTINGPROS_EVENTS_JSON))
        pairs = list(zip(found["away_team"], found["home_team"], strict=True))
        assert pairs == [("DAL", "ATL"), ("MIL", "MIA"), ("LAC", "GSW")]
        assert set(found["game_date"]) == {dt.date(2021, 10, 21)}
