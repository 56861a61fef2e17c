"""What Dagster loads: one asset per contract, each made by the factory, with its checks."""

from __future__ import annotations

import dagster as dg
import pytest
from syrupy.assertion import SnapshotAssertion

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.definitions import build_defs, defs
from nba_pipeline.orchestration.events import COMPLETE_CHECK, asset_key
from nba_pipeline.orchestration.factory import FACTORY_MARK, FACTORY_TAG, POOL
from nba_pipeline.orchestration.partitions import GAME_DATES, backfill_policy, depth
from nba_pipeline.sources.lookup import code_version


@pytest.fixture(scope="module")
def graph() -> dg.Definitions:
    def nothing_is_opened() -> None:
        raise AssertionError("loading definitions opened the platform")

    return build_defs(platform=nothing_is_opened)  # type: ignore[arg-type]


def test_no_table_escapes_the_factory() -> None:
    made = {}
    for asset in defs.assets or []:
        assert isinstance(asset, dg.AssetsDefinition)
        for key in asset.keys:
            made[key] = asset
    assert set(made) == {asset_key(c) for c in contracts().values()}
    for key, asset in made.items():
        assert asset.op.tags.get(FACTORY_TAG) == FACTORY_MARK, key
        assert asset.op.pool == POOL
        assert asset.op.name == key.path[-1]


def test_every_asset_has_the_one_partitioned_check_and_its_identities(
    graph: dg.Definitions,
) -> None:
    found: dict[dg.AssetKey, set[str]] = {}
    for key in graph.resolve_asset_graph().asset_check_keys:
        found.setdefault(key.asset_key, set()).add(key.name)
    for contract in contracts().values():
        expected = {
            COMPLETE_CHECK,
            "within_schema_ranges",
            "run_history_matches_table",
            *contract.audits.identities,
            *(["worst_month_reaches_floors"] if contract.audits.floors else []),
            *(["seasons_are_whole"] if contract.audits.whole_seasons else []),
        }
        assert found[asset_key(contract)] == expected
        assert len(contract.audits.identities) >= 1


def test_lineage_is_the_contracts_requirements(graph: dg.Definitions) -> None:
    for contract in contracts().values():
        node = graph.resolve_asset_graph().get(asset_key(contract))
        assert node.parent_keys == {asset_key(contracts()[u]) for u in contract.upstreams}
        assert node.group_name == contract.dataset
        assert node.code_version == code_version(contract)
        assert (node.partitions_def == GAME_DATES) is contract.is_partitioned


def test_layers_do_not_share_a_run_in_a_backfill() -> None:
    """With equal sizes one bad upstream date would stop every downstream date of the run."""
    sizes = {}
    for contract in contracts().values():
        size = backfill_policy(contract.name).max_partitions_per_run
        sizes.setdefault(depth(contract.name), set()).add(size)
    assert all(len(s) == 1 for s in sizes.values())
    assert len({next(iter(s)) for s in sizes.values()}) == len(sizes)


def test_columns_of_an_asset(snapshot: SnapshotAssertion, graph: dg.Definitions) -> None:
    specs = {s.key.to_user_string(): s for a in graph.assets or [] for s in a.specs}  # type: ignore[union-attr]
    described = {
        name: {
            "kinds": sorted(spec.kinds),
            "owners": list(spec.owners),
            "description": spec.description,
            "columns": len(spec.metadata["dagster/column_schema"].columns),
        }
        for name, spec in specs.items()
    }
    assert described == snapshot
