"""The fields that each payload layout is known to have, read or not.

Belongs here: how they are written, and all of them by layout. Does not belong here: the names
themselves (``layout_fields_*``, by subject), which of them a parser needs (the parser says so) or
what they mean. A field that is not listed is new: it is told when it appears, and belongs here once
somebody has looked at it.

Fields of an object are joined by a dot, and so are fields of the objects in a list. An object that
is listed by its own name is not looked into.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nba_pipeline.landing.payload import Layout
from nba_pipeline.sources.reading.layout_fields_games import GAME_FIELDS
from nba_pipeline.sources.reading.layout_fields_markets import MARKET_FIELDS
from nba_pipeline.sources.reading.layout_fields_people import PEOPLE_FIELDS, TEAM_LIST
from nba_pipeline.sources.reading.layout_fields_sheets import SHEET_FIELDS

_TEXTS = {**GAME_FIELDS, **SHEET_FIELDS, **MARKET_FIELDS, **PEOPLE_FIELDS}

FIELDS_OF: Mapping[Layout, frozenset[str]] = {
    **{layout: frozenset(text.split()) for layout, text in _TEXTS.items()},
    Layout.PROPS_OUTCOMES_CSV: frozenset(
        [*_TEXTS[Layout.PROPS_OUTCOMES_CSV].split(), "Unnamed: 0"]
    ),
    Layout.TEAMS_CSV: frozenset(TEAM_LIST),
}
"""Every known field of a layout; none of a layout that is no record (a PDF)."""


def _parents(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


OBJECTS_OF: Mapping[Layout, frozenset[str]] = {
    layout: frozenset(p for name in names for p in _parents(name)) - names
    for layout, names in FIELDS_OF.items()
}
"""Objects of a layout that are known by their fields."""
