from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nba_pipeline.league.names import name_key, player_lookup, repair_mojibake


@pytest.mark.parametrize(
    ("name", "lookup", "key"),
    [
        ("Luka Dončić", "lukadoncic", "lukadoncic"),
        ("Jimmy Butler III", "jimmybutleriii", "jimmybutler"),
        ("Tim Hardaway Jr.", "timhardawayjr", "timhardaway"),
        ("Alperen Şengün", "alperensengun", "alperensengun"),
        ("Egor Dёmin", "egordemin", "egordemin"),
        ("P.J. Washington", "pjwashington", "pjwashington"),
        ("De'Aaron Fox", "deaaronfox", "deaaronfox"),
        ("Nikola Đurišić", "nikoladurisic", "nikoladurisic"),
        ("1234567 LeBron James", "lebronjames", "lebronjames"),
        ("Nene", "nene", "nene"),
    ],
)
def test_a_printed_name_becomes_one_key(name: str, lookup: str, key: str) -> None:
    assert player_lookup(name) == lookup
    assert name_key(name) == key


def test_a_name_without_letters_is_refused() -> None:
    with pytest.raises(ValueError, match="no letters"):
        player_lookup("...")


def test_mis_decoded_names_are_repaired_and_others_left_alone() -> None:
    assert repair_mojibake("Nikola Jokić".encode().decode("latin-1")) == "Nikola Jokić"
    assert repair_mojibake("Nikola Jokić") == "Nikola Jokić"
    assert repair_mojibake("Chris Paul") == "Chris Paul"


@given(st.text(alphabet=st.characters(categories=["L"]), min_size=1))
def test_repair_undoes_exactly_one_wrong_decoding(name: str) -> None:
    damaged = name.encode().decode("latin-1")
    assert repair_mojibake(damaged) == name


@given(st.from_regex(r"[A-Z][a-z]{2,8} [A-Z][a-zçéš]{2,9}( Jr\.| III)?", fullmatch=True))
def test_a_key_is_its_own_key(name: str) -> None:
    assert player_lookup(player_lookup(name)) == player_lookup(name)
    assert player_lookup(name).startswith(name_key(name))
