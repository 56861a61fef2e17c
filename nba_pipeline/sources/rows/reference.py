"""From frames to rows of a reference table, which has no dates.

Belongs here: which payload a table is made of, and putting several together (a payload a season, or
a list and what else is known of its members). Does not belong here: reading one (``parse``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd
import pyarrow as pa

from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.landing.payload import Layout, SourceError
from nba_pipeline.sources.rows.frames import Fetched, stamped, to_arrow

_KNOWN_OF_PLAYERS = ["position", "birth_date", "height_inches", "weight_pounds"]
_SEASON_KEY = ["player_id", "season_year"]
_PER_SEASON = (Layout.PLAYER_POSITIONS_CSV, Layout.PLAYER_INDEX_JSON)


Frames = list[tuple[Layout, pd.DataFrame]]


def list_rows(contract: TableContract, fetched: Fetched) -> pa.Table:
    """Rows of a list: of a key, those of the newest payload that speaks of it.

    Raises:
        SourceError: a payload could not be read, or there are no rows.
    """
    return _rows(contract, fetched, _newest)


def player_rows(contract: TableContract, fetched: Fetched) -> pa.Table:
    """The list of all players with what profiles, or the newest index, know of them.

    Raises:
        SourceError: a payload could not be read, or there are no rows.
    """
    return _rows(contract, fetched, _players)


def player_season_rows(contract: TableContract, fetched: Fetched) -> pa.Table:
    """A row per player and season: lists of positions first, else the league's index.

    The lists were made during a season, the index before it. Names are those of the list of all
    players, else of the index (Yang Hansen is Hansen Yang there); dates of birth those of profiles.

    Raises:
        SourceError: a payload could not be read, or there are no rows.
    """
    return _rows(contract, fetched, _player_seasons)


def _rows(
    contract: TableContract,
    fetched: Fetched,
    put_together: Callable[[TableContract, Frames], pd.DataFrame],
) -> pa.Table:
    if fetched.failed:
        raise SourceError(fetched.failed[0][1])
    frames = [(landed.layout, stamped(landed, frame)) for landed, frame in fetched.frames]
    frame = put_together(contract, frames)
    if not len(frame):
        raise SourceError(f"{contract.path}: the source gave no rows")
    return to_arrow(contract, frame)


def _newest(contract: TableContract, frames: Frames) -> pd.DataFrame:
    """A key twice in one payload is for the audit."""
    if not frames:
        return pd.DataFrame()
    in_order = sorted((f for _, f in frames if len(f)), key=lambda f: f["fetched_at"].iloc[0])
    frame = pd.concat([f.assign(order=n) for n, f in enumerate(in_order)], ignore_index=True)
    newest = frame.groupby(list(contract.key))["order"].transform("max")
    return frame[frame["order"] == newest]


def _of(frames: Frames, layouts: Iterable[Layout]) -> pd.DataFrame:
    """All rows of some layouts, the layout named first before the next."""
    found = [f for layout in layouts for one, f in frames if one is layout]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _players(_: TableContract, frames: Frames) -> pd.DataFrame:
    listed = _of(frames, [Layout.PLAYERS_JSON])
    if not len(listed):
        return listed
    # a later season's file comes later, and counts first
    known = _of(frames[::-1], [Layout.PLAYER_PROFILES_CSV, Layout.PLAYER_INDEX_JSON])
    frame = listed.drop_duplicates("player_id", keep="last").rename(
        columns={"team": "current_team"}
    )
    if not len(known):
        return frame
    # the first value that is there, field by field
    first = known.reindex(columns=["player_id", *_KNOWN_OF_PLAYERS]).groupby("player_id").first()
    return frame.merge(first.reset_index(), on="player_id", how="left")


def _player_seasons(_: TableContract, frames: Frames) -> pd.DataFrame:
    seasons = _of(frames, _PER_SEASON)
    if not len(seasons):
        return seasons
    merged = seasons.groupby(_SEASON_KEY, as_index=False).first()
    listed = _of(frames[::-1], [Layout.PLAYERS_JSON, Layout.PLAYER_PROFILES_CSV])
    if len(listed):
        wanted = ["player_id", "player_name", "player_lookup", "name_key", "birth_date"]
        known = listed.reindex(columns=wanted).groupby("player_id").first().reset_index()
        merged = merged.merge(known, on="player_id", how="left", suffixes=("", "_listed"))
        for name in ("player_name", "player_lookup", "name_key"):
            if f"{name}_listed" in merged:
                merged[name] = merged[f"{name}_listed"].where(
                    merged[f"{name}_listed"].notna(), merged[name]
                )
    return merged
