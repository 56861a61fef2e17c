"""What verbs share: parsing of dates and tables, the platform, errors as exit codes.

Belongs here: options and the translation of expected errors. Does not belong here: any verb.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from click.shell_completion import CompletionItem
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table as RichTable

from nba_pipeline.contracts.registry import UnknownTableError, contract_of, contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.landing.payload import SourceError
from nba_pipeline.league.calendar import FIRST_GAME_DATE, FORWARD_DAYS
from nba_pipeline.platform import Platform, bigquery_warehouse, build_platform
from nba_pipeline.settings import Settings, SettingsError, SourceMode, WarehouseKind
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.warehouse.base import LockedError, Warehouse, WarehouseError
from nba_pipeline.warehouse.duckdb.warehouse import DuckDBWarehouse

P = ParamSpec("P")
R = TypeVar("R")

GOOD, NOT_GOOD, USAGE, UNKNOWN = 0, 1, 2, 3

_PATIENCE = 2.0
"""Seconds that a reading verb waits: a publish takes less, a person's session does not end."""


class GameDate(click.ParamType[dt.date]):
    """An ISO date from opening night of 2021-22 on; 2026-02-30 is refused, not guessed."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.date:
        """The date, or a usage error that says what is wrong with it."""
        if isinstance(value, dt.date):
            return value
        try:
            date = dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as 2026-01-03", param, ctx)
        if date < FIRST_GAME_DATE:
            self.fail(f"{date} is before the first game date {FIRST_GAME_DATE}", param, ctx)
        return date


class Table(click.ParamType[str]):
    """A table by name or dataset.name."""

    name = "table"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The table's short name, or a usage error with near names."""
        try:
            return contract_of(value).name
        except UnknownTableError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Names that begin as what is typed does."""
        return [CompletionItem(name) for name in contracts() if name.startswith(incomplete)]


def platform_options(command: Callable[P, R]) -> Callable[P, R]:
    """``--home``, ``--source`` and ``--archives``: the settings that people change by hand."""
    for option in (
        click.option("--archives", type=click.Path(path_type=Path), envvar="NBA_ARCHIVES",
                     help="Folder of the archives; implies --source archives."),
        click.option("--source", type=click.Choice([m.value for m in SourceMode]),
                     envvar="NBA_SOURCE", help="Where payloads come from."),
        click.option("--home", type=click.Path(path_type=Path), envvar="NBA_HOME",
                     help="Folder of warehouse, landing and run history (default .nba)."),
    ):  # fmt: skip
        command = option(command)
    return command


def make_settings(home: Path | None, source: str | None, archives: Path | None) -> Settings:
    """Settings of the environment with the options on top.

    Raises:
        click.UsageError: they contradict each other.
    """
    given = {"home": home, "source": source, "archives": archives}
    try:
        return Settings(**{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "".join(f"NBA_{str(part).upper()}: " for part in first["loc"])
        raise click.UsageError(f"{name}{first['msg']}") from error


def make_platform(home: Path | None, source: str | None, archives: Path | None) -> Platform:
    """The platform of options and environment.

    Raises:
        click.UsageError: an archive folder that is not there, or a setting that cannot be used.
    """
    settings = make_settings(home, source, archives)
    if settings.mode is SourceMode.ARCHIVES and not (settings.archives or Path()).is_dir():
        raise click.UsageError(
            f"no archives at {settings.archives}; set NBA_ARCHIVES to their folder"
        )
    try:
        return build_platform(settings)
    except SettingsError as error:
        raise click.UsageError(str(error)) from error


def reading_warehouse(settings: Settings) -> Warehouse:
    """The warehouse as it is; its copy, with its age told, while a run holds it.

    A copy of a file that is gone or broken is no answer: that is told instead. BigQuery is read as
    it is; nobody locks it.

    Raises:
        WarehouseError: there is no warehouse, or it cannot be read.
    """
    if settings.warehouse is WarehouseKind.BIGQUERY:
        return bigquery_warehouse(settings)
    live = DuckDBWarehouse(settings.duckdb_path, lock_seconds=_PATIENCE, read_only=True)
    try:
        live.query("SELECT 1 AS one")
    except LockedError as error:
        if not live.read_copy.exists():
            raise
        at = dt.datetime.fromtimestamp(live.read_copy.stat().st_mtime, dt.UTC)
        click.echo(f"nba: as of {at:%Y-%m-%d %H:%M:%S} UTC: {error}", err=True)
        return DuckDBWarehouse(live.read_copy, lock_seconds=5, read_only=True)
    return live


def reading_snapshot(
    settings: Settings, warehouse: Warehouse | None = None, **asked: Any
) -> Snapshot:
    """The state of what people read, on the league's date; ``asked`` as ``Snapshot`` has it."""
    return Snapshot(warehouse or reading_warehouse(settings), settings.league_today(), **asked)


def _tell_where(home: Path | None, source: str | None, archives: Path | None) -> None:
    """Source and home in a line on stderr: by a forgotten setting it is another league."""
    settings = make_settings(home, source, archives)
    where = f"{settings.archives}" if settings.mode is SourceMode.ARCHIVES else ""
    click.echo(f"nba: {settings.mode} {where}".rstrip() + f", home {settings.home}", err=True)
    used = settings.home / SourceMode.ARCHIVES
    if settings.mode is SourceMode.SIMULATED and source is None and used.is_dir():
        click.echo(
            f"nba: archives were used here ({used}) and NBA_ARCHIVES is not set: what follows is "
            "of the simulated league",
            err=True,
        )


def exits(command: Callable[P, int]) -> Callable[P, None]:
    """Turn a verb's exit code and expected errors into an exit; nothing else is caught."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            if "home" in kwargs and "source" in kwargs and not kwargs.get("as_json"):
                _tell_where(kwargs["home"], kwargs["source"], kwargs["archives"])  # type: ignore[arg-type]
            code = command(*args, **kwargs)
        except (WarehouseError, SourceError) as error:
            click.echo(f"nba: {error}", err=True)
            code = UNKNOWN
        except BrokenPipeError:
            raise  # whoever read has seen enough: click ends quietly
        except OSError as error:  # a home that is no folder, a disk that is full
            what = f"{error.strerror}: {error.filename}" if error.filename else str(error)
            click.echo(f"nba: {what}", err=True)
            code = UNKNOWN
        sys.exit(code)

    return run


def game_dates(
    first: dt.date | None, last: dt.date | None, dates: tuple[dt.date, ...], settings: Settings
) -> list[dt.date]:
    """Dates of ``--date`` options or of a range: from what the home is to hold up to tomorrow.

    Raises:
        click.UsageError: reversed, mixed or future dates.
    """
    today = settings.league_today()
    ahead = today + dt.timedelta(FORWARD_DAYS)
    if dates and (first or last):
        raise click.UsageError("give --date, or --from and --to, not both")
    if dates:
        chosen = sorted(set(dates))
    else:
        first, last = first or settings.first_date, last or ahead
        if first > last:
            raise click.UsageError(f"the range ends before it starts: {first} .. {last}")
        chosen = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
    if chosen[-1] > ahead:
        raise click.UsageError(
            f"{chosen[-1]} is too far in the future; the league's date is {today}, {ahead} the "
            "last that can be built"
        )
    return chosen


def table_names(tables: tuple[str, ...]) -> list[str]:
    """The tables asked for in building order, all when none is named."""
    return [name for name in contracts() if not tables or name in tables]


def print_json(value: object) -> None:
    """A value as JSON on stdout; the ledger date of a table without dates is null."""
    click.echo(json.dumps(value, indent=2, default=lambda v: None if v == WHOLE_TABLE else str(v)))


def print_grid(columns: list[str], rows: list[list[str]], title: str | None = None) -> None:
    """A table on stdout."""
    grid = RichTable(title=title, title_justify="left")
    for n, name in enumerate(columns):
        grid.add_column(name, justify="left" if n < 1 else "right", overflow="fold")
    for row in rows:
        grid.add_row(*row)
    console().print(grid)


def console() -> Console:
    """Stdout; wide when it goes to a file, so that nothing is cut."""
    return Console(width=None if Console().is_terminal else 140)
