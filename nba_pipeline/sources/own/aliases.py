"""Decisions about spellings of players: those that come with the package, and the operators'.

Belongs here: where decisions are kept and how they are read. Does not belong here: what a name
matches (``sql/nba_reference``) or who decides (``cli.names``). An operator's decision is landed
like any payload: nothing overwrites it, and it outlives the warehouse.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.landing.zone import LandedPayload, Landing
from nba_pipeline.league.calendar import Game
from nba_pipeline.league.names import player_lookup
from nba_pipeline.sources.parse.reference import ALIAS_COLUMNS

_SEED_AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided about a spelling; ``player_id`` only when it is resolved."""

    player_name: str
    name_status: str
    reason: str
    owner: str
    decided_at: dt.datetime
    player_id: int | None = None
    snoozed_until: dt.date | None = None


def land_decision(landing: Landing, decision: Decision) -> LandedPayload:
    """Keep a decision; an earlier one about the same spelling stays and counts no more."""
    text = io.StringIO()
    writer = csv.DictWriter(text, ALIAS_COLUMNS)
    writer.writeheader()
    values = {name: getattr(decision, name) for name in ALIAS_COLUMNS}
    writer.writerow({name: "" if value is None else str(value) for name, value in values.items()})
    return landing.land(
        Payload(
            _OPERATOR,
            Endpoint.ALIASES,
            f"name={player_lookup(decision.player_name)}",
            Layout.ALIASES_CSV,
            decision.decided_at,
            text.getvalue().encode(),
        )
    )


class AliasLoader:
    """Decisions of the package, then every operator's newest one per spelling."""

    name = "registry"
    endpoint = Endpoint.ALIASES

    def __init__(self, landing: Landing) -> None:
        self.landing = landing

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """All decisions, whatever the dates."""
        seed = (resources.files(__package__) / "seeds" / "aliases.csv").read_bytes()
        yield Payload(self.name, self.endpoint, "all", Layout.ALIASES_CSV, _SEED_AT, seed)
        for landed in self.landing.newest_of_all(_OPERATOR, self.endpoint):
            yield self.landing.load(landed)

    def not_offered(self, game: Game) -> str | None:
        """Nothing is missing."""
        return None
