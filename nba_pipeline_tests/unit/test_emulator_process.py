"""What is set right in the BigQuery emulator: a faster answer is the same answer."""

from __future__ import annotations

import pytest
import sqlglot
from bqemulator.sql import builtin_udfs

from nba_pipeline_tests.emulator_process import fingerprint, parsed_once


def test_the_fingerprint_is_the_emulators_where_that_is_right() -> None:
    for length in range(65):
        text = ("Dončić 1329.8 " * 9)[:length].encode()[:64].decode(errors="ignore").encode()
        assert fingerprint(text) == builtin_udfs._farm_fingerprint64(text), text


def test_a_change_of_one_digit_of_a_long_row_is_another_fingerprint() -> None:
    row = '{"player":"Luka Dončić","points":33,"assists":9}' * 20
    found = {fingerprint(row.encode())}
    found |= {fingerprint((row[:n] + "7" + row[n:]).encode()) for n in range(0, len(row), 40)}
    assert len(found) == 1 + len(range(0, len(row), 40))
    assert all(0 <= n < 2**64 for n in found)


def test_a_tree_that_a_caller_changes_is_not_the_next_callers() -> None:
    text = "SELECT a FROM t WHERE b = 1"
    parsed_once(text, read="bigquery").args["where"].pop()
    assert parsed_once(text, read="bigquery").sql("bigquery") == text
    assert (
        parsed_once("SELECT `a`", read="bigquery").sql()
        == sqlglot.parse_one("SELECT `a`", read="bigquery").sql()
    )


def test_what_is_no_sql_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(sqlglot.errors.ParseError):
            parsed_once("SELECT (", read="bigquery")
