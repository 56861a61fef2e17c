"""The bench measures what is there: it is no test, so nothing else would notice."""

from __future__ import annotations

import sys
import time
import tomllib
from collections.abc import Iterator

import click
import pytest

from nba_pipeline.cli.main import cli
from nba_pipeline.files import REPO_ROOT
from nba_pipeline.warehouse.duckdb.warehouse import DuckDBWarehouse
from nba_pipeline_tests.bench.__main__ import VERBS
from nba_pipeline_tests.bench.stages import (
    FRAMES,
    LEAVES,
    OF_A_TABLE,
    OF_THE_DOOR,
    STAGES,
    WAREHOUSE_LEAVES,
    Stopwatch,
)
from nba_pipeline_tests.bench.usage import ProcessError, run


def test_every_stage_is_measured_where_it_is_called() -> None:
    for owner, name, _ in (*LEAVES, *FRAMES):
        assert callable(getattr(owner, name)), f"{owner.__name__}.{name}"
    for name, _ in WAREHOUSE_LEAVES:
        assert callable(getattr(DuckDBWarehouse, name)), name
    measured = {stage for *_, stage in (*LEAVES, *WAREHOUSE_LEAVES, *FRAMES)}
    assert measured == set(STAGES)
    assert set(OF_THE_DOOR) < set(OF_A_TABLE) < set(STAGES)


def test_a_stage_inside_another_counts_once() -> None:
    watch = Stopwatch()
    inner = watch.wrap("SQL", lambda: "rows")
    outer = watch.wrap("gate", inner)
    watch.table = "nbac_schedule"
    assert outer() == "rows"
    assert list(watch.usage) == [("gate", "nbac_schedule")]
    inner()
    assert set(watch.usage) == {("gate", "nbac_schedule"), ("SQL", "nbac_schedule")}


def test_a_frame_keeps_only_what_no_stage_inside_it_takes() -> None:
    watch = Stopwatch()
    slow = watch.wrap("SQL", lambda: time.sleep(0.2))
    frame = watch.wrap("rest of build", slow, is_frame=True)
    around = watch.wrap("Dagster", lambda: (time.sleep(0.1), frame()), is_frame=True)
    around()
    assert watch.of("SQL").wall >= 0.2
    assert watch.of("rest of build").wall < 0.1
    assert 0.1 <= watch.of("Dagster").wall < 0.2


def test_a_generator_is_timed_while_it_works_and_not_while_it_waits() -> None:
    def values() -> Iterator[int]:
        yield 1
        time.sleep(0.1)
        yield 2

    watch = Stopwatch()
    for _ in watch.wrap("SQL", values)():
        time.sleep(0.2)
    assert 0.1 <= watch.of("SQL").wall < 0.2


def test_the_verbs_that_are_measured_are_verbs() -> None:
    with (REPO_ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["scripts"]["nba"] == f"{cli.callback.__module__}:cli"
    for _, (verb, *options), _ in VERBS:
        named = cli if verb.startswith("--") else cli.get_command(click.Context(cli), verb)
        assert named is not None, verb
        known = {o for p in named.params for o in p.opts} | {"--help"}
        assert {o for o in (verb, *options) if o.startswith("--")} <= known


def test_another_first_date_reaches_the_command_line() -> None:
    command = [sys.executable, "-m", "nba_pipeline_tests.bench.cli_from"]
    refused = run([*command, "1995-01-01", "gaps", "--from", "1994-12-31"], accept=(2,))
    assert refused.usage.cpu > 0
    with pytest.raises(ProcessError, match=r"1994-12-31 is before the first game date 1995-01-01"):
        run([*command, "1995-01-01", "gaps", "--from", "1994-12-31"])


def test_a_process_is_measured_with_its_children() -> None:
    burn = "t = __import__('time').process_time\nwhile t() < 0.3: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}], check=True)"
    found = run([sys.executable, "-c", parent])
    assert found.usage.cpu >= 0.3
    assert found.peak_mb > 1
