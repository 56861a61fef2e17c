"""Declarations are found, each name once; tables come in an order in which they can be built."""

from __future__ import annotations

import importlib
import random
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from nba_pipeline.contracts import fields, tables
from nba_pipeline.contracts.discovery import DeclaredTwiceError, declared
from nba_pipeline.contracts.field import Field
from nba_pipeline.contracts.parts import Due
from nba_pipeline.contracts.registry import (
    RequirementError,
    calendar,
    contracts,
    downstream_of,
    in_building_order,
    upstream_of,
)
from nba_pipeline.contracts.spec import Dataset, Requirement, TableContract

_HEAD = "from nba_pipeline.contracts.field import Field, flag, text\n"


def package(folder: Path, monkeypatch: pytest.MonkeyPatch, **modules: str) -> ModuleType:
    """A package of the modules, under a name of its own."""
    name = f"package_{folder.name}"
    (folder / name).mkdir()
    for module, text in {"__init__": "", **modules}.items():
        (folder / name / f"{module}.py").write_text(_HEAD + text)
    monkeypatch.syspath_prepend(folder)
    return importlib.import_module(name)


def test_what_stands_under_a_public_name_is_declared_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = declared(
        package(
            tmp_path,
            monkeypatch,
            zeta='LAST = flag("is_last", "It is.")\n',
            alpha='MANY = (text("b", "Second letter."), text("a", "First letter."))\n'
            '_HIDDEN = flag("is_hidden", "No part of it.")\nNUMBERS = (1, 2)\nNOTHING = ()\n',
        ),
        Field,
    )
    assert list(found) == ["b", "a", "is_last"]


def test_a_name_declared_twice_names_both_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = package(
        tmp_path,
        monkeypatch,
        one='MINE = (text("colour", "Colour of the shirt."),)\n',
        two='OTHERS = (text("size", "Size."), text("colour", "Colour of the shoes."))\n',
    )
    with pytest.raises(
        DeclaredTwiceError, match=rf"'colour' is declared in {twice.__name__}\.one and in .*\.two"
    ):
        declared(twice, Field)


def test_a_declaration_that_is_used_elsewhere_is_no_second_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"package_{tmp_path.name}"
    shared = package(
        tmp_path,
        monkeypatch,
        one='COLOUR = text("colour", "Colour of the shirt.")\n',
        two=f"from {name}.one import COLOUR\nALL = (COLOUR, COLOUR)\n",
    )
    assert list(declared(shared, Field)) == ["colour"]


@pytest.mark.parametrize(
    ("room", "kind", "text", "words"),
    [
        (
            fields,
            Field,
            'AGAIN = (text("team", "Another meaning."),)\n',
            "Field 'team' is declared in nba_pipeline.contracts.fields.games",
        ),
        (
            tables,
            TableContract,
            "from dataclasses import replace\n"
            "from nba_pipeline.contracts.tables.raw import SHOTS\n"
            'AGAIN = replace(SHOTS, description="Another table of the same name.")\n',
            "TableContract 'nbac_shots' is declared in nba_pipeline.contracts.tables.raw",
        ),
    ],
    ids=["field", "table"],
)
def test_a_second_meaning_of_a_name_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    room: ModuleType,
    kind: type,
    text: str,
    words: str,
) -> None:
    """The real packages, with one module more."""
    (tmp_path / "zz_second.py").write_text(_HEAD + text)
    monkeypatch.setattr(room, "__path__", [*room.__path__, str(tmp_path)])
    with pytest.raises(DeclaredTwiceError, match=f"{words} and in .*zz_second"):
        declared(room, kind)


def test_upstreams_come_before_their_readers() -> None:
    order = list(contracts())
    for contract in contracts().values():
        assert all(order.index(u) < order.index(contract.name) for u in contract.upstreams)


def test_datasets_come_in_the_way_of_the_data_whatever_the_order_of_the_modules() -> None:
    assert [c.dataset for c in contracts().values()] == sorted(
        (c.dataset for c in contracts().values()), key=list(Dataset).index
    )
    names = list(contracts())
    for seed in range(20):
        random.Random(seed).shuffle(names)
        order = in_building_order({n: contracts()[n] for n in names})
        places = {n: i for i, n in enumerate(order)}
        assert all(places[u] < places[n] for n in names for u in contracts()[n].upstreams)
        assert [contracts()[n].dataset for n in order] == [c.dataset for c in contracts().values()]


def needs(name: str, *upstreams: str) -> TableContract:
    requirements = tuple(Requirement((u,)) for u in upstreams)
    return replace(contracts()["nbac_shots"], name=name, requirements=requirements)


def test_tables_that_need_one_another_are_named() -> None:
    found = {c.name: c for c in (needs("a", "b"), needs("b", "c"), needs("c", "a"), needs("d"))}
    with pytest.raises(RequirementError) as error:
        in_building_order(found)
    words = str(error.value)
    assert words.startswith("tables that need one another: ")
    assert all(f"{name} <- " in words for name in "abc")
    assert "d" not in words.rpartition(": ")[2]
    with pytest.raises(RequirementError, match="one another: a <- a"):
        in_building_order({"a": needs("a", "a")})


def test_a_requirement_of_no_table_is_named() -> None:
    with pytest.raises(RequirementError, match="a needs nowhere, which is no table"):
        in_building_order({"a": needs("a", "nowhere")})


def test_one_table_is_the_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    assert calendar().name == "nbac_schedule"
    schedule, shots = contracts()["nbac_schedule"], contracts()["nbac_shots"]
    early = replace(schedule, expectation=replace(schedule.expectation, due=Due.BEFORE_GAMES))
    second = replace(shots, expectation=schedule.expectation)
    for changed, words in ((early, "not none"), (second, "not nbac_schedule, nbac_shots")):
        calendar.cache_clear()
        with monkeypatch.context() as patch:
            patch.setitem(contracts(), changed.name, changed)
            with pytest.raises(RequirementError, match=f"which dates have games, {words}"):
                calendar()


def test_downstream_and_upstream_follow_the_graph() -> None:
    assert downstream_of(["team_offense_game_summary"]) == [
        "team_offense_game_summary",
        "team_defense_game_summary",
        "player_game_summary",
        "game_player_pool",
        "upcoming_team_game_context",
        "upcoming_player_game_context",
    ]
    assert downstream_of(["nbac_schedule"])[0] == "nbac_schedule"
    assert upstream_of("team_defense_game_summary") == [
        "nbac_schedule",
        "nbac_player_boxscores",
        "bref_player_boxscores",
        "nbac_team_boxscore",
        "nbac_shots",
        "arenas",
        "team_offense_game_summary",
        "team_defense_game_summary",
    ]
    assert upstream_of("players") == ["players"]
