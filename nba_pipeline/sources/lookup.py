"""What is found through a feed's declaration: loaders, parser, rows and code version of a table.

Belongs here: following a declaration. Does not belong here: the declarations (``feeds``), or asking
a loader (``fetch``). Whatever a feed names is imported when it is first used, so that to ask for a
code version costs no parser.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nba_pipeline.contracts.remembered import remembered
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.landing.payload import DateRange, Endpoint, Payload, PayloadError
from nba_pipeline.landing.zone import Landing
from nba_pipeline.settings import SourceMode
from nba_pipeline.sources.feed import Feed, Making, absolute, found
from nba_pipeline.sources.feeds import FEEDS
from nba_pipeline.sources.fingerprint import Code
from nba_pipeline.sources.loader import Loader

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from nba_pipeline.sources.reading.layouts import KnownLayout, Read
    from nba_pipeline.sources.rows.frames import Fetched
    from nba_pipeline.sources.rows.schedule import ScheduleRows, Witnesses
    from nba_pipeline.sources.rows.schedule_join import Days, Strangers


def loaders(mode: SourceMode, source: object, landing: Landing) -> Mapping[Endpoint, Loader]:
    """A loader per endpoint; nothing is opened or fetched yet.

    ``source`` is what the mode reads from: the archives' folder, the web, the simulated league.
    """
    return {e: feed.loader(mode, source, landing) for e, feed in FEEDS.items()}


def parse(payload: Payload) -> pd.DataFrame:
    """The payload as a frame of the platform's columns.

    Raises:
        PayloadError: of no layout of its feed, empty, truncated, too large or of another shape; the
            message names it.
    """
    return _layout_of(payload).read(payload)


def parse_dates(payload: Payload) -> Read:
    """The payload without the dates of its records that cannot be read.

    Raises:
        PayloadError: as of ``parse``, where nobody can say which dates it costs.
    """
    return _layout_of(payload).read_dates(payload)


def _layout_of(payload: Payload) -> KnownLayout:
    for reference in FEEDS[payload.endpoint].layouts:
        layout: KnownLayout = found(reference)
        if layout.name is payload.layout:
            return layout
    raise PayloadError(f"{payload.label}: {payload.layout} is no layout of {payload.endpoint}")


def feed_of(contract: TableContract) -> Feed:
    """The feed of a table.

    Raises:
        ValueError: the table is computed, or its feed makes rows of another kind.
    """
    if contract.endpoint is None:
        raise ValueError(f"{contract.name} is not fed by an endpoint")
    feed = FEEDS[contract.endpoint]
    if contract.is_partitioned == (feed.rows.making is Making.WHOLE):
        raise ValueError(f"{contract.name}: {feed.endpoint} gives {feed.rows.making} rows")
    return feed


def shape(
    contract: TableContract, fetched: Fetched, days: Days, scheduled: Days
) -> tuple[pa.Table, Strangers]:
    """Rows of ``days`` in the contract's Arrow schema, and by date what is not ``scheduled``.

    Raises:
        PayloadError: a value cannot be stored as its column's type.
    """
    maker: Callable[[TableContract, Fetched, Days, Days], tuple[pa.Table, Strangers]]
    maker = _maker(contract, Making.DATED)
    return maker(contract, fetched, days, scheduled)


def shape_whole(contract: TableContract, fetched: Fetched) -> pa.Table:
    """Rows of a table without dates, in the contract's Arrow schema.

    Raises:
        SourceError: a payload could not be read, or there are no rows.
    """
    maker: Callable[[TableContract, Fetched], pa.Table] = _maker(contract, Making.WHOLE)
    return maker(contract, fetched)


def shape_schedule(
    contract: TableContract, fetched: Fetched, span: DateRange, witnesses: Witnesses
) -> ScheduleRows:
    """Rows of the schedule for every season that the range touches.

    Raises:
        SourceError: a witness failed as a whole.
    """
    maker: Callable[[TableContract, Fetched, DateRange, Witnesses], ScheduleRows]
    maker = _maker(contract, Making.SCHEDULE)
    return maker(contract, fetched, span, witnesses)


def _maker(contract: TableContract, making: Making) -> Any:
    rows = feed_of(contract).rows
    if rows.making is not making:
        raise ValueError(f"{contract.name} is made of {rows.making} rows, not of {making} ones")
    return found(rows.function)


def code_version(contract: TableContract) -> str:
    """Digest of all that defines a table's rows: its contract, and the code that makes them.

    The code is that of the parsers and the rows function of the table's feed and of its witnesses,
    with everything of this package that they rest on.
    """
    if contract.endpoint is None:
        return contract.code_version
    return _with_code(contract.code_version, contract.endpoint, installed_code())


def parser_version(payload: Payload) -> str:
    """Digest of the code that reads payloads of an endpoint, and of the fields that it knows."""
    code = _fingerprints(installed_code())[f"parsers {payload.endpoint}"]
    return f"{code} {_texts_of(payload.endpoint)}"


@cache
def _texts_of(endpoint: Endpoint) -> str:
    """Digest of the files with an endpoint's layouts: their known fields are no code."""
    package = Path(__file__).parent
    modules = sorted({name.partition(":")[0] for name in FEEDS[endpoint].layouts})
    texts = [package.joinpath(*m.split(".")).with_suffix(".py").read_bytes() for m in modules]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()[:12]


@cache
def installed_code() -> Code:
    """The source of this package, as it was when it was first asked for in this process."""
    package = __name__.partition(".")[0]
    return Code(Path(__file__).parents[2], package)


@lru_cache(maxsize=256)
def _with_code(version: str, endpoint: Endpoint, code: Code) -> str:
    text = f"{version} {_fingerprints(code)[f'rows {endpoint}']}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@lru_cache(maxsize=8)
def _fingerprints(code: Code) -> Mapping[str, str]:
    """By ``rows`` or ``parsers`` and endpoint; worked out once for all processes of this text."""

    def worked_out(_: str) -> str:
        rows = {f"rows {e}": code.fingerprint(rests_on(f, code)) for e, f in FEEDS.items()}
        read = {f"parsers {e}": code.fingerprint(_parsers(f, code)) for e, f in FEEDS.items()}
        return json.dumps(rows | read)

    found: dict[str, str] = json.loads(
        remembered().get("fingerprints", code.text_digest, worked_out)
    )
    return found


def rests_on(feed: Feed, code: Code) -> set[str]:
    """The functions that make rows of a feed: of rows, and the parsers of all frames they get."""
    read = (feed, *(FEEDS[e] for e in feed.witnesses))
    return {absolute(feed.rows.function)}.union(*(_parsers(one, code) for one in read))


def _parsers(feed: Feed, code: Code) -> set[str]:
    return {code.argument(absolute(name), "parser") for name in feed.layouts}
