"""Printing figures beside their targets.

Belongs here: form. Does not belong here: measuring. The figures are a Markdown table, so that a
page of the documentation takes them as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from nba_pipeline_tests.bench.stages import OF_A_TABLE, OF_THE_DOOR, STAGES, Stopwatch
from nba_pipeline_tests.bench.usage import Usage

Figure = tuple[str, str, str]
"""What was measured, the figure, and its target, empty where there is none."""


def print_figures(figures: Sequence[Figure], heading: Figure) -> None:
    """A Markdown table."""
    for row in (heading, ("---", "---", "---"), *figures):
        print("| " + " | ".join(row) + " |")


def print_tables(watch: Stopwatch, dates: Mapping[str, int], floor: Mapping[str, Usage]) -> None:
    """CPU seconds of every table by stage, beside the bare SELECT."""
    grid = Table(title="CPU seconds by table and stage")
    for name in ("table", "dates", *OF_A_TABLE, "bare SQL", "times bare"):
        grid.add_column(name, justify="left" if name == "table" else "right")
    for table, number in dates.items():
        used = {s: watch.usage.get((s, table), Usage(0, 0)).cpu for s in OF_A_TABLE}
        bare = floor.get(table)
        door = sum(used[s] for s in OF_THE_DOOR)
        grid.add_row(
            table,
            str(number),
            *(f"{u:.2f}" for u in used.values()),
            f"{bare.cpu:.2f}" if bare else "",
            f"{door / bare.cpu:.1f}" if bare else "",
        )
    Console(width=190).print(grid)


def stage_figures(watch: Stopwatch) -> list[Figure]:
    """Usage of every stage over all tables."""
    return [(s, str(watch.of(s)), "") for s in STAGES]


def door_figure(watch: Stopwatch, floor: Mapping[str, Usage]) -> Figure:
    """What derived tables take from gate to publish, against their bare SELECTs."""
    door = sum(u.cpu for (s, t), u in watch.usage.items() if s in OF_THE_DOOR and t in floor)
    bare = sum(u.cpu for u in floor.values())
    return (
        "derived tables, gate to publish, against their bare SELECTs",
        f"{door / bare:.1f} times ({door:.1f} CPU s to {bare:.1f})",
        "3 times",
    )
