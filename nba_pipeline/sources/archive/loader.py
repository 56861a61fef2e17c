"""The loader of archives: one for all endpoints, whatever the folder looks like.

Belongs here: which files answer a request, when they were fetched, and what the archive does not
offer. Does not belong here: which files there are (``listing``), what they hold (``files``) or
reading their rows (``parse``). Files are payloads like any other: landed, parsed and judged in the
same way as answers of the web.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload, SourceError
from nba_pipeline.league.calendar import Day, Game, season_year_on
from nba_pipeline.sources.archive.files import ArchiveFile
from nba_pipeline.sources.archive.listing import Archive, Listing, archive_at
from nba_pipeline.sources.archive.reasons import Asked
from nba_pipeline.sources.archive.regular import read_regular
from nba_pipeline.sources.feed import Making
from nba_pipeline.sources.feeds import FEEDS
from nba_pipeline.sources.loader import Loader, PartError
from nba_pipeline.sources.own.fixed import NothingLoader

_LATER = dt.timedelta(seconds=1)
"""The smallest step of a landing key: what came after the inventory is newer than what is on it."""


class ArchiveLoader:
    """One endpoint of an archive."""

    def __init__(self, archive: Archive, endpoint: Endpoint) -> None:
        self.archive = archive
        self.endpoint = endpoint
        self.name = archive.manifest.note(endpoint).source

    @cached_property
    def is_needed(self) -> bool:
        """Whether an archive must have it: the schedule, and tables that have no dates.

        Without a schedule nothing is expected of any date, and a list that is missing cannot be
        declared for some dates: it would be an empty table.
        """
        return FEEDS[self.endpoint].rows.making in (Making.WHOLE, Making.SCHEDULE)

    @cached_property
    def _is_whole(self) -> bool:
        return FEEDS[self.endpoint].rows.making is Making.WHOLE

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Files that may have rows of the range; of a table without dates all files.

        Raises:
            PartError: a file that belongs to the archive is not there, or one cannot be read; it
                comes after the others, and says which dates it costs.
            SourceError: the folder cannot be looked into, or lacks what every archive must have.
        """
        files = self.archive.listing(self.endpoint).files
        if self.is_needed and not files:
            raise SourceError(f"{self._label}: {self.archive.root} has none of {self._paths()}")
        wanted = [file for file in files if self._is_whole or file.touches(dates)]
        layouts = {file.layout for file in wanted if not file.is_companion}
        lost = [(dates, f"{self._label}: {text}") for text in self._lacking(layouts, files)]
        for file in wanted:
            if file.is_companion and file.entry.with_layout not in layouts:
                continue
            try:
                payload = self._payload(file)
            except SourceError as error:
                cost = dates if self._is_whole else file.costs(dates)
                lost.append((cost, f"{self._label}: {error}"))
                continue
            yield payload
        if lost:
            raise PartError(lost)

    def not_offered(self, game: Game) -> str | None:
        """Why the archive will never hold the game; of what it must have, nothing is missing."""
        listing = self._listing()
        if listing is None or any(file.holds(game) for file in listing.on(game.game_date)):
            return None
        asked = Asked(game.game_date, game.season_year, game.season_type)
        return f"{self.name}: {listing.why_not(self.endpoint, asked)}"

    def not_offered_on(self, date: dt.date) -> str | None:
        """Why the archive will never hold the date."""
        listing = self._listing()
        if listing is None or any(file.holds_on(date) for file in listing.on(date)):
            return None
        return f"{self.name}: {listing.why_not(self.endpoint, Asked(date, season_year_on(date)))}"

    def offers(self, days: Sequence[Day], *, by_game: bool) -> list[bool]:
        """Of each day, whether anything of it can be had; the folder is looked at once for all."""
        listing = self._listing()
        if listing is None:
            return [True] * len(days)
        if not by_game:
            return [any(f.holds_on(day.date) for f in listing.on(day.date)) for day in days]
        return [
            not day.games
            or any(file.holds(game) for game in day.games for file in listing.on(game.game_date))
            for day in days
        ]

    def nothing_on(self, date: dt.date) -> str:
        """What is said of a date that none of its files has a row of; another file changes it."""
        files = [f for f in self.archive.listing(self.endpoint).files if not f.is_companion]
        number = sum(file.touches(DateRange(date, date)) for file in files)
        return f"{self.name}: no row of it in {number} files that may have some"

    def remark_on(self, date: dt.date) -> str:
        """What is true of all that there is of a date, whatever is in it; empty when nothing is."""
        listing = self._listing()
        files = [f for f in listing.on(date) if not f.is_companion] if listing else []
        said = dict.fromkeys(f.entry.untimed or "" for f in files if f.holds_on(date))
        return "" if "" in said else "; ".join(f"{self.name}: {text}" for text in said)

    @property
    def _label(self) -> str:
        return f"{self.name}/{self.endpoint}"

    def _listing(self) -> Listing | None:
        """The files there are; None when the archive must be asked: fetching then says why."""
        if self.is_needed:
            return None
        try:
            return self.archive.listing(self.endpoint)
        except SourceError:
            return None

    def _paths(self) -> str:
        entries = (e for e in self.archive.manifest.entries if self.endpoint in e.endpoint)
        return ", ".join(p for e in entries for p in e.path) or "these files: no entry names any"

    def _lacking(self, layouts: set[Layout], files: Sequence[ArchiveFile]) -> Iterator[str]:
        """Entries without a file that files of the layouts cannot be read without."""
        for entry in self.archive.manifest.entries:
            is_needed = self.endpoint in entry.endpoint and entry.with_layout in layouts
            if is_needed and not any(file.entry is entry for file in files):
                text = f"no {', '.join(entry.path)} in {self.archive.root}"
                yield f"{text}, without which {entry.with_layout} cannot be read"

    def _payload(self, file: ArchiveFile) -> Payload:
        if file.fault:
            raise SourceError(file.fault)
        from nba_pipeline.sources.reading.unpack import MAX_BYTES  # with pandas: not to list files

        found = read_regular(file.path, MAX_BYTES)
        stated = self.archive.manifest.fetched_at if self.archive.inventory.name else None
        at = _time_of(found.modified)
        payload = Payload(
            self.name, self.endpoint, file.request_key, file.layout, stated or at, found.content
        )
        if stated is None or self._is_known(file, payload, stated):
            return payload
        return replace(payload, fetched_at=max(at, stated + _LATER))

    def _is_known(self, file: ArchiveFile, payload: Payload, stated: dt.datetime) -> bool:
        """Whether it is what the inventory lists, byte by byte, and could be there at the time."""
        digest = self.archive.inventory.files.get(file.name, "not listed")
        if digest not in (None, payload.sha256):
            return False
        named = file.named
        dates = [date for date in (named.date, named.month, named.until) if date is not None]
        return all(date <= stated.date() for date in dates)


def archive_loader(root: Path, endpoint: Endpoint) -> Loader:
    """The loader of an endpoint over the archive in ``root``.

    Raises:
        ManifestError: the archive's manifest or inventory cannot be used.
    """
    archive = archive_at(root)
    note = archive.manifest.note(endpoint)
    if note.absent and not any(endpoint in e.endpoint for e in archive.manifest.entries):
        return NothingLoader(note.source, endpoint, f"{note.source}: {note.absent}")
    return ArchiveLoader(archive, endpoint)


def _time_of(modified: float) -> dt.datetime:
    """When a file was last written, to the second; a time that is still to come counts as now."""
    seconds = min(max(modified, 0.0), time.time())
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC)
