"""The SELECT of player summaries on hand-made rows: minutes, starters, and who confirms a line."""

from __future__ import annotations

from typing import Any

import pytest

from nba_pipeline_tests.support import OFFENSE, PLAYERS
from nba_pipeline_tests.unit.warehouse.test_summaries import (
    COUNTS,
    DAY,
    NAMES,
    NYK,
    OFFICIAL,
    PHI,
    SHOTS,
    Rows,
    five,
    offense,
    selected,
)


def players(source: str, **of_the_first: Any) -> Rows:
    """Both teams' players in a source; the first of PHI is changed."""
    rows = []
    for name, counts, turnovers in (("PHI", PHI, 12), ("NYK", NYK, 13)):
        for n, row in enumerate(five(name, counts, turnovers=turnovers)):
            lookup = NAMES[n] if name == "PHI" else f"{NAMES[n]}jr"
            known = {"player_lookup": lookup, "player_name": lookup.title(), "personal_fouls": n,
                     **dict.fromkeys(("assists", "steals", "blocks"), n),
                     "three_pointers_attempted": row["three_pointers_made"] + 3}  # fmt: skip
            if source == "bref":
                known |= {"minutes_played": 53.2, "is_starter": n < 4}
            rows.append({**row, **known})
    rows[0] |= of_the_first
    return rows


def first(official: Rows, exact: Rows, names: Rows | None = None) -> dict[str, Any]:
    teams = list(offense(nbac_team_boxscore=OFFICIAL).values())
    rows = selected(
        PLAYERS,
        {OFFENSE: teams, "nbac_player_boxscores": official, "bref_player_boxscores": exact,
         "player_name_matches": names or []},
    )  # fmt: skip
    assert len(rows) == 10
    assert {r["source"] for r in rows} == {"nbac"}
    return next(r for r in rows if r["player_lookup"] == "onefirst")


def used(row: dict[str, Any], minutes: float) -> float:
    """Usage of the first player: 20 shots, 3 free throws and 3 turnovers of the team's."""
    return 100 * (19 + 0.44 * 3 + 3) * 53 / (minutes * (92 + 0.44 * 14 + 12))


WHOLE = ("nbac", None)
"""Where minutes are from, and who started, if nothing but the source says so."""


def test_minutes_to_a_tenth_and_starters_are_taken_where_all_counts_agree() -> None:
    row = first(players("nbac"), players("bref", minutes_played=52.6))
    assert (row["minutes_played"], row["minutes_source"], row["is_starter"]) == (52.6, "bref", True)
    assert row["usage_rate"] == pytest.approx(used(row, 52.6))
    assert told(row) == ("bref", None, None)


COMPARED = (*COUNTS, "rebounds", "assists", "steals", "blocks", "personal_fouls",
            "three_pointers_attempted")  # fmt: skip


def told(row: dict[str, Any]) -> tuple[Any, ...]:
    """Who confirms the row, why nobody does, and what differs."""
    return tuple(row[c] for c in ("confirmed_by", "confirmed_null_reason", "differences"))


@pytest.mark.parametrize("name", sorted(set(COMPARED)))
def test_one_count_apart_the_row_is_somebody_elses(name: str) -> None:
    theirs = players("bref")
    theirs[0][name] += 1
    row = first(players("nbac"), theirs)
    assert (row["minutes_played"], row["minutes_source"], row["is_starter"]) == (53.0, *WHOLE)
    # with another number of points the second source is no longer the game's
    reason = "second_source_unfit" if name == "points" else "differs"
    assert told(row) == (None, reason, f"{name} {row[name]}/{row[name] + 1}")
    assert row["usage_rate"] == pytest.approx(used(row, 53.0))


def test_minutes_further_apart_than_rounding_stay_the_sources_own() -> None:
    row = first(players("nbac"), players("bref", minutes_played=52.3))
    assert (row["minutes_played"], row["minutes_source"], row["is_starter"]) == (53.0, "nbac", True)
    assert told(row) == (None, "differs", "minutes_played 53.0/52.3")


def test_counts_that_the_source_lacks_are_not_compared() -> None:
    """Its rows are taken only where the independent source lacks some of the game's."""
    counted = [{**r, **dict.fromkeys(SHOTS)} for r in players("nbac")]
    row = first(counted, players("bref")[:-1])
    assert (row["minutes_played"], row["is_starter"], row["is_degraded"]) == (53.2, True, True)
    assert told(row) == ("bref", None, None)


def test_who_confirms_nothing_is_nobody_or_has_no_such_player() -> None:
    assert told(first(players("nbac"), [])) == (None, "no_second_source", None)
    renamed = players("bref", player_lookup="somebodyelse")
    assert told(first(players("nbac"), renamed)) == (None, "not_in_second_source", None)


def test_where_the_official_rows_are_worse_they_are_the_second_source() -> None:
    """Without shots they come second; their counts are held against the others all the same."""
    official = [{**r, **dict.fromkeys(SHOTS)} for r in players("nbac", minutes_played=53.0)]
    official[1]["assists"] += 2
    teams = list(offense(nbac_team_boxscore=OFFICIAL).values())
    rows = selected(
        PLAYERS,
        {
            OFFENSE: teams,
            "nbac_player_boxscores": official,
            "bref_player_boxscores": players("bref"),
        },
    )
    assert {(r["source"], r["minutes_source"], r["minutes_played"]) for r in rows} == {
        ("bref", "bref", 53.2)
    }
    by_name = {r["player_lookup"]: r for r in rows}
    assert told(by_name["onefirst"]) == ("nbac", None, None)
    assert told(by_name["twosecond"]) == (None, "differs", "assists 1/3")
    assert [by_name[n]["is_starter"] for n in NAMES] == [True, True, True, True, False]


@pytest.mark.parametrize(
    ("exact", "minutes", "reason"),
    [(0.4, 0.4, None), (0.0, None, "rounded_to_zero"), (None, None, "rounded_to_zero")],
)
def test_who_played_and_has_no_minutes_has_exact_ones_or_a_reason(
    exact: float | None, minutes: float | None, reason: str | None
) -> None:
    official = players("nbac", minutes_played=0.0)
    official.append({**official[1], "player_lookup": "sixthman", **dict.fromkeys(COUNTS, 0)})
    theirs = players("bref", minutes_played=exact) if exact is not None else []
    teams = list(offense(nbac_team_boxscore=OFFICIAL).values())
    rows = selected(
        PLAYERS,
        {OFFENSE: teams, "nbac_player_boxscores": official, "bref_player_boxscores": theirs},
    )
    row = next(r for r in rows if r["player_lookup"] == "onefirst")
    assert (row["minutes_played"], row["minutes_null_reason"]) == (minutes, reason)
    if minutes is None:
        assert (row["usage_rate"], row["usage_null_reason"]) == (None, "no_minutes")
    else:
        assert row["usage_rate_raw"] == pytest.approx(used(row, 0.4))


def match(printed: str, lookup: str) -> dict[str, Any]:
    return {"game_date": DAY, "source_table": "bref_player_boxscores", "printed_lookup": printed,
            "player_id": 1, "player_lookup": lookup}  # fmt: skip


def test_two_spellings_of_a_player_meet() -> None:
    theirs = players("bref", player_lookup="firstone")
    assert first(players("nbac"), theirs)["minutes_source"] == "nbac"
    row = first(players("nbac"), theirs, [match("firstone", "onefirst")])
    assert (row["minutes_played"], row["is_starter"]) == (53.2, True)


def test_who_is_printed_twice_is_taken_from_neither_row() -> None:
    theirs = players("bref")
    theirs.append({**theirs[0], "player_lookup": "firstone", "minutes_played": 52.9})
    row = first(players("nbac"), theirs, [match("firstone", "onefirst")])
    assert (row["minutes_played"], row["minutes_source"], row["is_starter"]) == (53.0, *WHOLE)
    assert row["confirmed_by"] is None
