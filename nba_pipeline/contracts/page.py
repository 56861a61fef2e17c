"""Writes ``docs/reference.md`` from the contracts: ``make docs``.

Belongs here: the page around the tables' own sections. Does not belong here: rendering a table
(``render``). A test fails when the file is not what the contracts say.
"""

from __future__ import annotations

from pathlib import Path

from nba_pipeline.contracts import ops
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import reference_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference.md"


def text() -> str:
    """The whole page."""
    lines = [
        "# Reference of all tables",
        "",
        "Made from the contracts by `make docs`. One name has one meaning, type and unit in every",
        "table. A column that may be NULL says so.",
        "",
    ]
    lines += [reference_page(contract) for contract in contracts().values()]
    lines += ["## Bookkeeping: nba_orchestration", ""]
    for table in ops.TABLES:
        lines += [f"### {table.path}", "", table.description, "", "| column | type | meaning |"]
        lines += ["|---|---|---|"]
        lines += [
            f"| {c.field.name} | {c.field.kind} | {c.field.description} |" for c in table.columns
        ]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
