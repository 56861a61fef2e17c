"""The bench measures what is there: it is no test, so nothing else would notice."""

from __future__ import annotations

from nba_pipeline.warehouse.duckdb.warehouse import DuckDBWarehouse
from nba_pipeline_tests.bench import POINTS, STAGES, WAREHOUSE_POINTS, Stopwatch


def test_every_stage_is_measured_where_it_is_called() -> None:
    for module, name, _ in POINTS:
        assert callable(getattr(module, name)), f"{module.__name__}.{name}"
    for name, _ in WAREHOUSE_POINTS:
        assert callable(getattr(DuckDBWarehouse, name)), name
    measured = {stage for *_, stage in (*POINTS, *WAREHOUSE_POINTS)}
    assert measured == set(STAGES)


def test_a_stage_inside_another_counts_once() -> None:
    watch = Stopwatch()
    inner = watch.wrap("SQL", lambda: "rows")
    outer = watch.wrap("gate", inner)
    watch.table = "nbac_schedule"
    assert outer() == "rows"
    assert list(watch.seconds) == [("gate", "nbac_schedule")]
    inner()
    assert set(watch.seconds) == {("gate", "nbac_schedule"), ("SQL", "nbac_schedule")}
