"""The one door: every table's asset is made here, from its contract.

Belongs here: the Dagster shape of a table (spec, lineage, policy, check) and the call of ``build``.
Does not belong here: gate, compute, audit and publish; they need no Dagster. Because every asset
calls ``build``, no launch (UI, backfill, sensor, command line, test) passes the gate by.
No postponed annotations here: Dagster reads the type of ``context`` when decorating.
"""

import datetime as dt
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from nba_pipeline.build.door import BuildResult, build
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import requirement_text
from nba_pipeline.contracts.spec import WHOLE_TABLE, TableContract
from nba_pipeline.orchestration import recorded
from nba_pipeline.orchestration.again import tell_again
from nba_pipeline.orchestration.events import COMPLETE_CHECK, asset_key, origin_of, tell
from nba_pipeline.orchestration.partitions import GAME_DATES, backfill_policy, date_of, span_text
from nba_pipeline.orchestration.shown import tell_others
from nba_pipeline.orchestration.told import Told, description_of, told_of, verdict_metadata
from nba_pipeline.platform import Platform
from nba_pipeline.sources.lookup import code_version
from nba_pipeline.verdicts.messages import failure_headline
from nba_pipeline.verdicts.touched import touched

POOL = "warehouse_writer"
FACTORY_TAG = "nba/made_by"
FACTORY_MARK = "contract_factory"


@dataclass(frozen=True, slots=True)
class Launch:
    """A launch by the command line, of a run whose tables it has put in order.

    Attributes:
        place: of the table in its run.
        built: called with the table and its number of dates; whoever launches gives readers a new
            copy at the end of its runs, without it each run does.
    """

    place: int
    built: Callable[[str, int], None]

    @property
    def tags(self) -> dict[str, str]:
        """Steps that wait for none start by priority."""
        return {"dagster/priority": str(-self.place)}


def table_asset(
    contract: TableContract,
    platform: Callable[[], Platform],
    *,
    pool: str = POOL,
    launch: Launch | None = None,
) -> dg.AssetsDefinition:
    """The asset of a table.

    Args:
        contract: the table.
        platform: gives the parts when a run needs them; loading definitions opens nothing.
        pool: concurrency pool; at most one step of it runs at a time.
        launch: by whom it is launched, if not by Dagster.
    """
    policy = backfill_policy(contract.name) if launch is None else dg.BackfillPolicy.single_run()

    @dg.multi_asset(
        name=contract.name,
        specs=[asset_spec(contract) if launch is None else _bare_spec(contract)],
        check_specs=[complete_check_spec(contract)],
        can_subset=True,
        partitions_def=GAME_DATES if contract.is_partitioned else None,
        backfill_policy=policy if contract.is_partitioned else None,
        pool=pool,
        op_tags={FACTORY_TAG: FACTORY_MARK} | ({} if launch is None else launch.tags),
    )
    def _asset(context: dg.AssetExecutionContext) -> Iterator[dg.AssetCheckResult]:
        if not context.selected_asset_keys:
            tell_again(context, contract, platform())
            return
        dates = [WHOLE_TABLE]
        if contract.is_partitioned:
            dates = [date_of(k) for k in context.partition_keys]
        if launch is None:  # whoever launches one tags it
            context.instance.add_run_tags(context.run.run_id, run_tags([contract.name], dates))
        started = dt.datetime.now(dt.UTC)
        result = build(platform(), contract.name, dates, run_id=context.run.run_id)
        try:
            with platform().warehouse.held():
                rechecked = list(recorded.evaluations(context, contract, platform(), dates))
        except Exception:
            yield _tell(context, contract, result, [])  # what was published is told all the same
            raise
        yield _tell(context, contract, result, rechecked)
        if launch is None:
            others = touched(platform().warehouse, started, {contract.name: dates})
            tell_others(platform(), context.instance, others, origin_of(context))
            platform().warehouse.share()
        else:
            launch.built(contract.name, len(dates))
        _raise_bad(contract, result)

    return _asset


def asset_spec(contract: TableContract) -> dg.AssetSpec:
    """Dagster's description of a table, all of it from the contract."""
    needs = "".join(f"\n* {requirement_text(r)}" for r in contract.requirements)
    return dg.AssetSpec(
        asset_key(contract),
        deps=[asset_key(contracts()[upstream]) for upstream in contract.upstreams],
        description=contract.description + (f"\n\nNeeds:{needs}" if needs else ""),
        group_name=str(contract.dataset),
        owners=list(contract.owners),
        kinds={"sql"} if contract.statement.text else {"python"},
        code_version=code_version(contract),
        skippable=True,
        tags={"grain": str(contract.grain)},
        metadata={
            "dagster/column_schema": column_schema(contract),
            "dagster/table_name": contract.path,
            "key": ", ".join(contract.key),
        },
    )


def _bare_spec(contract: TableContract) -> dg.AssetSpec:
    """A table in a run whose order is given: what it reads is not looked up."""
    return dg.AssetSpec(asset_key(contract), code_version=code_version(contract), skippable=True)


def column_schema(contract: TableContract) -> dg.TableSchema:
    """Columns with type, meaning and constraints for the asset page."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=c.field.name,
                type=str(c.field.kind),
                description=f"{c.field.description}{f' [{c.field.unit}]' if c.field.unit else ''}",
                constraints=dg.TableColumnConstraints(
                    nullable=not c.required,
                    unique=contract.key == (c.field.name,),
                    other=[c.field.range_text] if c.field.range_text else [],
                ),
            )
            for c in contract.columns
        ]
    )


def complete_check_spec(contract: TableContract) -> dg.AssetCheckSpec:
    """The one partitioned check of a table: is the date whole, by the schedule, and if not, why."""
    with warnings.catch_warnings():
        # a preview feature; the version of dagster is pinned for it
        warnings.simplefilter("ignore", dg.PreviewWarning)
        return dg.AssetCheckSpec(
            name=COMPLETE_CHECK,
            asset=asset_key(contract),
            description="Every entity that the schedule expects is there, once, and adds up; "
            "missing ones are named.",
            blocking=True,
            partitions_def=GAME_DATES if contract.is_partitioned else None,
        )


def _tell(
    context: dg.AssetExecutionContext,
    contract: TableContract,
    built: BuildResult,
    rechecked: list[dg.AssetCheckResult],
) -> dg.AssetCheckResult:
    """Tell of every date; the run's own result over a range is their summary."""
    told = told_of(built)
    # a range of one date has no key of its own either: its evaluation would be of no partition
    is_range = contract.is_partitioned and not context.has_partition_key
    tell(
        context.instance,
        origin_of(context),
        contract,
        told,
        evaluate=is_range,
        rechecked=rechecked,
    )
    # a range's summary fails with any of its dates, else the overview would say "passed"
    only_lost = not built.bad and any(t.is_lost for t in told.values())
    return dg.AssetCheckResult(
        asset_key=asset_key(contract),
        check_name=COMPLETE_CHECK,
        passed=all(t.passed for t in told.values()),
        severity=dg.AssetCheckSeverity.WARN if only_lost else dg.AssetCheckSeverity.ERROR,
        description=_description(told),
        metadata=_summary(built, told) if is_range else _of_one(built, told),
    )


def run_tags(tables: Sequence[str], dates: Sequence[dt.date]) -> dict[str, str]:
    """Tags by which a run is found: a key for each table, its dates as the value."""
    return {f"nba/{table}": span_text(dates) for table in tables}


def _description(told: Mapping[dt.date, Told]) -> str | None:
    """What stands in the check's history: the first bad date, and how many there are."""
    bad = [d for d, t in told.items() if not t.passed]
    if not bad:
        return None
    if len(told) == 1:
        return description_of(told[bad[0]])
    return f"{len(bad)} of {len(told)} dates; {bad[0]}: {description_of(told[bad[0]])}"


def _of_one(built: BuildResult, told: Mapping[dt.date, Told]) -> dict[str, Any]:
    return {k: v for t in told.values() for k, v in verdict_metadata(t).items()} | _drift(built)


def _summary(built: BuildResult, told: Mapping[dt.date, Told]) -> dict[str, Any]:
    lost = sum(t.is_lost for t in told.values())
    found: dict[str, Any] = {
        "good_dates": len(built.good) - lost,
        "bad_dates": len(built.bad),
        "unrecoverable_dates": lost,
        "not_due_dates": len(built.not_due),
        "unchanged_dates": sum(r.is_unchanged for r in built.results.values()),
    }
    if built.bad:
        texts = "\n".join(list(built.bad.values())[:10])
        found["first_problems"] = dg.MetadataValue.md(f"```\n{texts[:6000]}\n```")
    return found | _drift(built)


def _drift(built: BuildResult) -> dict[str, Any]:
    text = "\n".join(d.text for d in built.drift)[:2000]
    return {"payload_drift": text} if text else {}


def _raise_bad(contract: TableContract, built: BuildResult) -> None:
    """End loudly: one failure that names every date that was not brought home."""
    if not built.bad:
        return
    headline = failure_headline(contract.name, len(built.good), built.bad)
    details = "\n\n".join(
        text if d == WHOLE_TABLE else f"{d}\n{text}" for d, text in list(built.bad.items())[:20]
    )
    raise dg.Failure(
        description=f"{headline}\n\n{details}",
        metadata={
            "bad_dates": dg.MetadataValue.json({str(d): t[:300] for d, t in built.bad.items()})
        },
        allow_retries=False,
    )
