"""Writes what the documents say of all tables, from the contracts: ``make docs``.

Belongs here: ``docs/reference.md`` and the README's list of tables. Does not belong here: rendering
one table (``render``). A test fails when a document is not what the contracts say.
"""

from __future__ import annotations

from collections.abc import Iterable

from nba_pipeline.contracts import ops
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import reference_page
from nba_pipeline.contracts.spec import Dataset
from nba_pipeline.files import REPO_ROOT

PAGE = REPO_ROOT / "docs" / "reference.md"
README = REPO_ROOT / "README.md"
_BEGIN, _END = "<!-- tables: written by make docs -->\n", "<!-- end of tables -->\n"


def text() -> str:
    """The whole reference page."""
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


def table_list() -> str:
    """Every table by dataset, as the README shows them."""
    tables = contracts().values()
    rows = {dataset: [c.name for c in tables if c.dataset == dataset] for dataset in Dataset}
    lines = ["| dataset | tables |", "|---|---|"]
    lines += [_row(dataset, names) for dataset, names in rows.items()]
    lines.append(_row(ops.DATASET, (t.name for t in ops.TABLES)))
    return "\n".join([*lines, ""])


def _row(dataset: str, names: Iterable[str]) -> str:
    return f"| `{dataset}` | {', '.join(f'`{n}`' for n in names)} |"


def with_tables(readme: str) -> str:
    """A document with the list of tables between its two marks.

    Raises:
        ValueError: a mark is missing.
    """
    before, begin, rest = readme.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"no place for the tables: {_BEGIN.strip()} .. {_END.strip()}")
    return before + begin + table_list() + end + after


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
