"""Whatever is in a payload, it is read exactly or refused in one line that names the place."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import time
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nba_pipeline.contracts.dictionary import FIELDS
from nba_pipeline.contracts.field import Kind
from nba_pipeline.landing.payload import Layout, PayloadError
from nba_pipeline.sources.lookup import parse, parse_dates
from nba_pipeline.sources.reading.drift import DriftError, DriftKind, collecting, together
from nba_pipeline_tests.unit.sources.samples import CSV, JSON, JSON_LINES, PARQUET, samples
from nba_pipeline_tests.unit.sources.test_parse import v2, v2_game

EXAMPLES = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
TEXTS = ["", " ", "12\0003", "1_000", "１２", "²", "½", "0x1A", "12abc", "1e400", "Infinity", "1,5",
         "9" * 400, "9999-99-99", "0001-01-01", "9999-12-31T23:59:59Z", "x" * 5000, "a\nb",
         "\x1b[31m", "--", "None"]  # fmt: skip
VALUES: list[Any] = [*TEXTS, None, 10**400, 2**63, math.inf, True, [12], {"a": 1}, {}, "\ud800x"]
PLACE = re.compile(
    r"\b(row|line|game|entry|player|event|offer|record|athlete|answer|metadata|board|gamebook|action)"
    r" \d+|missing columns|drift: |no list|no result set|homeTeam|awayTeam|team\.|has no|roster"
    r"|no player_points|not an answer|not the status|not a team|holds|not CSV|not Parquet|not JSON"
    r"|the head|without a home|teams; missing|(\]|\w) = .* is no text"
)
"""Where the value stands; or of which kind the payload is not, when it cannot be told apart."""
NUMBERS = (Kind.INT64, Kind.FLOAT64)


def numbers_of(frame: pd.DataFrame) -> Iterator[tuple[str, float]]:
    """Every number of a frame with its column; counts of our own are none of the payload."""
    for name in frame:
        is_number = name in FIELDS and FIELDS[name].kind in NUMBERS and not name.endswith("_number")
        if is_number:
            yield from ((str(name), float(v)) for v in frame[name].dropna())


def is_number(value: Any) -> bool:
    """Whether a value says a number by itself."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def test_every_layout_has_a_sample_that_can_be_read() -> None:
    assert set(samples()) == set(Layout)
    for layout, sample in samples().items():
        frame = parse(sample.payload())
        assert len(frame) or layout is Layout.NOT_POSTED, layout


@pytest.mark.parametrize("layout", Layout)
@given(data=st.data())
@EXAMPLES
def test_a_value_is_read_exactly_or_refused_with_its_place(
    layout: Layout, data: st.DataObject
) -> None:
    sample = samples()[layout]
    if not sample.cells():
        return
    path, _ = data.draw(st.sampled_from(sample.cells()))
    value = data.draw(st.sampled_from(TEXTS if sample.form == CSV else VALUES))
    try:
        payload = sample.payload(sample.changed(path, value))
    except Exception:
        assert sample.form == PARQUET  # which does not even hold a column of several kinds
        return
    try:
        found = parse(payload)
    except PayloadError as error:
        message = str(error)
        assert message.startswith(payload.label)
        assert message.isprintable() and len(message) <= 1000
        assert "after all" not in message, "a value that no parser foresaw"
        assert PLACE.search(message), message
        return
    if not is_number(value):
        known = set(numbers_of(parse(sample.payload())))
        assert set(numbers_of(found)) <= known, (path, value)


@pytest.mark.parametrize("layout", Layout)
@given(data=st.data())
@EXAMPLES
def test_damaged_bytes_are_refused_and_nothing_else_happens(
    layout: Layout, data: st.DataObject
) -> None:
    content = bytearray(samples()[layout].payload().content)
    place = data.draw(st.integers(0, len(content) - 1))
    how = data.draw(st.sampled_from(["cut", "flip", "nul", "quote", "double"]))
    if how == "cut":
        del content[place:]
    elif how == "flip":
        content[place] ^= 1 << data.draw(st.integers(0, 7))
    elif how == "double":
        content += content[place:]
    else:
        content.insert(place, 0 if how == "nul" else ord('"'))
    payload = samples()[layout].payload()
    payload = type(payload)(**{**payload.__dict__, "content": bytes(content)})
    try:
        parse(payload)
    except PayloadError as error:
        assert str(error).startswith(payload.label)
        assert str(error).isprintable()


LOG = samples()[Layout.GAMELOG_CSV]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("TEAM_ABBREVIATION", "", "row 2: TEAM_ABBREVIATION is empty"),
        ("PTS", "9" * 400, "row 2: PTS = '9999"),
        ("PTS", "1\x002", "row 2: PTS = '1\\x002' is not a number"),
        ("PTS", '1"2', "row 2: PTS has a quote in it"),
        ("PTS", "1_2", "row 2: PTS = '1_2' is not a number"),
        ("PTS", "１２", "row 2: PTS = '１２' is not a number"),
        ("MIN", "1e999", "row 2: MIN = '1e999' is too large"),
        ("WL", "Q", "row 2: WL = 'Q' is neither W nor L"),
        ("GAME_DATE", "0204-10-22", "row 2: GAME_DATE = '0204-10-22' is no game date"),
    ],
)
def test_a_value_is_named_by_file_row_and_column(column: str, value: str, words: str) -> None:
    content = LOG.payload().content.decode().splitlines()
    head, row = content[0].split(","), content[2].split(",")
    row[head.index(column)] = value
    payload = LOG.payload()
    body = "\n".join([*content[:2], ",".join(row), ""]).encode()
    with pytest.raises(PayloadError) as caught:
        parse(type(payload)(**{**payload.__dict__, "content": body}))
    assert str(caught.value).startswith(f"{payload.label}: {words}")


def test_a_row_that_is_cut_is_refused_and_not_filled_up() -> None:
    payload = LOG.payload()
    cut = payload.content[: payload.content.rindex(b",")]
    with pytest.raises(PayloadError, match=r"row 2: 24 fields, not 25"):
        parse(type(payload)(**{**payload.__dict__, "content": cut}))


@pytest.mark.parametrize(
    "layout",
    [
        Layout.GAMELOG_CSV, Layout.GAMELOG_JSON, Layout.GAMELOG_PARQUET, Layout.BREF_JSONL,
        Layout.SHOTS_PARQUET, Layout.PROPS_OUTCOMES_CSV, Layout.PROPS_LINES_CSV,
        Layout.SBR_GAMES_CSV, Layout.CONSENSUS_GAMES_PARQUET, Layout.SHEET_TABLE_CSV,
        Layout.PRIZEPICKS_JSON, Layout.TRANSACTIONS_CSV, Layout.BREF_PLAYS_JSONL,
    ],
)  # fmt: skip
def test_records_of_another_date_are_read_without_the_one_that_cannot_be(layout: Layout) -> None:
    """Of a layout whose payloads hold many dates, each bad value costs its date."""
    sample = samples()[layout]
    whole = parse(sample.payload())
    lost = 0
    for path, _ in sample.cells():
        try:
            payload = sample.payload(sample.changed(path, "12\0003"))
            read = parse_dates(payload)
        except Exception:  # the payload has another form, or the record has no date any more
            continue
        if not read.lost:
            continue
        lost += 1
        assert set(read.lost) <= set(whole["game_date"])
        assert all(PLACE.search(text) for text in read.lost.values())
        assert len(read.frame) <= len(whole)
    assert lost


def test_a_game_of_a_schedule_that_cannot_be_read_costs_its_date() -> None:
    other = {"gameId": "0022400062", "gameDateEst": "2024-10-23T00:00:00Z"}
    bad = v2_game(**other, homeTeam={"teamTricode": "BOS", "score": "1_32"})
    read = parse_dates(v2(v2_game(), bad))
    assert list(read.lost) == [dt.date(2024, 10, 23)]
    assert "game 2: home_score = '1_32' is not a number" in read.lost[dt.date(2024, 10, 23)]
    assert list(read.frame["nba_game_id"]) == ["0022400061"]


def test_rows_of_another_length_cost_their_dates() -> None:
    payload = LOG.payload()
    lines = payload.content.decode().splitlines()
    late = lines[1].replace("2024-10-22", "2024-10-23").replace(",19", "")
    content = "\n".join([*lines, late, lines[1].replace("2024-10-22", "2024-10-24"), ""]).encode()
    read = parse_dates(type(payload)(**{**payload.__dict__, "content": content}))
    assert read.lost == {
        dt.date(2024, 10, 23): f"{payload.label}: not CSV: row 3: 24 fields, not 25"
    }
    assert set(read.frame["game_date"]) == {dt.date(2024, 10, 22), dt.date(2024, 10, 24)}


def test_more_bad_rows_than_slips_are_another_payload() -> None:
    rows = [{**LOG.content[0], "PTS": "many"}] * 51
    with pytest.raises(PayloadError, match="PTS = 'many'"):
        parse_dates(LOG.payload([LOG.content[0], *rows]))
    assert len(parse_dates(LOG.payload([LOG.content[0], *rows[:50]])).lost) == 1


def test_half_a_character_in_json_is_no_text() -> None:
    sample = samples()[Layout.PRIZEPICKS_JSON]
    with pytest.raises(PayloadError, match=r"props\[0\]\.player = '\\ud800x' is no text"):
        parse(sample.payload(sample.changed(("props", 0, "player"), "\ud800x")))


def test_a_name_that_is_twice_in_an_object_says_nothing() -> None:
    payload = samples()[Layout.NOT_POSTED].payload()
    body = b'{"status": 204, "status": 404}'
    with pytest.raises(PayloadError, match="'status' is twice in one object"):
        parse(type(payload)(**{**payload.__dict__, "content": body}))


@pytest.mark.parametrize(
    "layout", [layout for layout, sample in samples().items() if sample.form == CSV]
)
def test_a_head_alone_has_no_rows_or_is_refused(layout: Layout) -> None:
    payload = samples()[layout].payload()
    head = payload.content.splitlines()[0]
    try:
        frame = parse(type(payload)(**{**payload.__dict__, "content": head + b"\n"}))
    except PayloadError as error:
        assert "after all" not in str(error)
    else:
        assert frame.empty
        assert set(parse(payload).columns) == set(frame.columns)


def wide(columns: int) -> bytes:
    """A game log with many columns that nobody knows."""
    lines = LOG.payload().content.decode().splitlines()
    extra = ",".join(f"EXTRA_{n}" for n in range(columns))
    rows = (f"{row}{',1' * columns}" for row in lines[1:])
    return "\n".join([f"{lines[0]},{extra}", *rows]).encode()


def seconds(content: bytes) -> float:
    payload = LOG.payload()
    start = time.process_time()
    with collecting() as told:
        parse(type(payload)(**{**payload.__dict__, "content": content}))
    assert len(together(told)) == 1
    return time.process_time() - start


def test_unknown_columns_are_told_as_one_and_cost_what_they_are() -> None:
    """20,000 took 43 seconds when each was compared with each."""
    assert seconds(wide(20_000)) < 5


def test_the_one_finding_counts_them_and_names_the_first() -> None:
    payload = LOG.payload()
    with collecting() as told:
        parse(type(payload)(**{**payload.__dict__, "content": wide(20_000)}))
    (one,) = together(told)
    assert (one.kind, one.field_name) == (DriftKind.NEW, "EXTRA_0")
    assert one.detail == (
        "20,000 new fields: EXTRA_0, EXTRA_1, EXTRA_2, EXTRA_3, EXTRA_4 and 19,995 more"
    )


def test_a_missing_column_among_many_unknown_ones_is_still_found_in_time() -> None:
    payload = LOG.payload()
    content = wide(20_000).replace(b"OREB", b"OFF_REB").replace(b"STL", b"QQQ")
    start = time.process_time()
    with pytest.raises(DriftError) as caught:
        parse(type(payload)(**{**payload.__dict__, "content": content}))
    assert time.process_time() - start < 5
    told = {(d.field_name, str(d.kind)) for d in caught.value.drift}
    assert told == {("OREB", "renamed"), ("STL", "missing")}


def test_names_of_fields_are_told_in_one_line() -> None:
    sample = samples()[Layout.NOT_POSTED]
    body = json.dumps({**sample.content, "a\nb\x1b": 1, "c" * 5000: 2})
    payload = sample.payload(json.loads(body))
    with collecting() as told:
        parse(payload)
    assert all(d.field_name.isprintable() and len(d.field_name) <= 80 for d in told)


def test_forms_are_those_of_the_samples() -> None:
    assert {s.form for s in samples().values()} >= {CSV, JSON, JSON_LINES, PARQUET}
