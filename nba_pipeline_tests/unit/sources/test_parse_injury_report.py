"""The injury report: words of a PDF with their place, and the same as JSON."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest

from nba_pipeline.landing.payload import Endpoint, Layout, Payload, PayloadError
from nba_pipeline.sources.lookup import parse
from nba_pipeline.sources.reading.injury_frame import category_of, full_name

AT = dt.datetime(2026, 1, 3, tzinfo=dt.UTC)
X = (24, 120, 200, 265, 425, 586, 667)
HEADER = ("Game Date", "Game Time", "Matchup", "Team", "Player Name", "Current Status", "Reason")
TITLE = "Injury Report: 01/03/26 05:30 PM"
Line = tuple[str, str, str, str, str, str, str]
MIL: Line = ("01/03/2026", "07:30 (ET)", "MIL@SAS", "Milwaukee Bucks", "", "", "NOT YET SUBMITTED")
SAS: Line = ("", "", "", "San Antonio Spurs", "Duke Jr., David", "Out", "G League - Two- Way")
DEN: Line = ("", "10:00 (ET)", "DEN@GSW", "Denver Nuggets", "Alexander- Walker, Nickeil",
             "Questionable", "Injury/Illness - Left Knee; Soreness")  # fmt: skip


def page(lines: list[Line], *, title: str = TITLE, header: bool = True) -> bytes:
    """Drawing operations of a page: every word at its own place, as the league's program does."""
    found = []

    def put(x: float, y: float, text: str) -> None:
        for word in text.split():
            found.append(f"BT /F1 8 Tf 1 0 0 1 {x:.1f} {y:.1f} Tm ({word}) Tj ET")
            x += 5 * len(word) + 3

    put(289, 533, title)
    put(398, 50, "Page 1 of 1")
    if header:
        for x, word in zip(X, HEADER, strict=True):
            put(x, 480, word)
    for n, line in enumerate(lines):
        for x, cell in zip(X, line, strict=True):
            upper, _, lower = cell.partition("|")
            put(x + 1, 459 - 22 * n, upper)
            put(x + 1, 452 - 22 * n, lower)
    return "\n".join(found).replace("()", "").encode()


def document(*pages: bytes) -> bytes:
    """A PDF of uncompressed pages, with its table of objects."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, drawn in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * n)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        start,
    )


def report(content: bytes, layout: Layout = Layout.INJURY_REPORT_PDF) -> pd.DataFrame:
    return parse(Payload("test", Endpoint.INJURY_REPORT, "dates=x", layout, AT, content))


def test_cells_of_a_group_are_printed_once_and_belong_to_every_line() -> None:
    found = report(document(page([MIL, SAS, DEN])))
    listed = found[found["player_name"].notna()]
    assert listed["player_name"].tolist() == ["David Duke Jr.", "Nickeil Alexander-Walker"]
    assert listed["team"].tolist() == ["SAS", "DEN"]
    assert listed["opponent"].tolist() == ["MIL", "GSW"]
    assert listed["injury_status"].tolist() == ["out", "questionable"]
    assert listed["injury_reason"].tolist() == [
        "G League - Two-Way", "Injury/Illness - Left Knee; Soreness",
    ]  # fmt: skip
    assert listed["injury_category"].tolist() == ["g_league", "injury"]
    assert set(listed["game_date"]) == {dt.date(2026, 1, 3)}


def test_a_team_that_has_not_reported_is_not_a_team_with_nobody_hurt() -> None:
    found = report(document(page([MIL, SAS, DEN])))
    said = found.drop_duplicates("team").set_index("team")["team_report_status"].to_dict()
    assert said == {
        "MIL": "not_submitted", "SAS": "players_listed", "DEN": "players_listed",
        "GSW": "nobody_listed",
    }  # fmt: skip
    assert found.loc[found["team"] == "MIL", "player_name"].isna().all()


def test_times_are_eastern_and_evening() -> None:
    found = report(document(page([MIL, SAS, DEN])))
    assert set(found["report_at"]) == {pd.Timestamp("2026-01-03T22:30Z")}
    assert found["printed_tipoff"].iloc[0] == pd.Timestamp("2026-01-04T00:30Z")
    noon = report(document(page([(MIL[0], "12:30 (ET)", *MIL[2:])])))
    assert noon["printed_tipoff"].iloc[0] == pd.Timestamp("2026-01-03T17:30Z")
    eleven = report(document(page([(MIL[0], "11:00 (ET)", *MIL[2:])])))
    assert eleven["printed_tipoff"].isna().all()


def test_a_wrapped_reason_is_one_reason_also_over_the_end_of_a_page() -> None:
    wrapped = (*SAS[:6], "Injury/Illness - Right|Forearm; Contusion")
    rest: Line = ("", "", "", "", "", "", "Surgery")
    found = report(document(page([MIL, wrapped, DEN]), page([rest], header=False)))
    assert found["injury_reason"].dropna().tolist() == [
        "Injury/Illness - Right Forearm; Contusion", "Injury/Illness - Left Knee; Soreness Surgery",
    ]  # fmt: skip


def test_a_report_without_games_is_valid_and_empty() -> None:
    assert len(report(document(page([])))) == 0


def test_exhibitions_are_left_out() -> None:
    stars: Line = ("02/15/2026", "05:00 (ET)", "EST@WST", "Team East", "", "", "NOT YET SUBMITTED")
    assert len(report(document(page([stars])))) == 0


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ((*SAS[:5], "Absent", SAS[6]), "absent"),
        ((*MIL[:3], "Boston Celtics", *MIL[4:]), "Boston Celtics"),
        ((*MIL[:2], "MIL-SAS", *MIL[3:]), "MIL-SAS"),
        (("13/40/2026", *MIL[1:]), "13/40/2026"),
        (("", "", "", "", "", "Out", ""), "Out"),
        ((*SAS[:4], "42", "Out", ""), "42"),
    ],
)
def test_what_cannot_be_read_is_named(line: Line, named: str) -> None:
    with pytest.raises(PayloadError, match=named):
        report(document(page([MIL, line] if not line[2] and line[3] else [line])))


def test_a_document_that_is_no_report_is_refused() -> None:
    with pytest.raises(PayloadError, match="title"):
        report(document(page([MIL], title="Referee Assignments")))
    with pytest.raises(PayloadError, match="heading"):
        report(document(page([MIL], header=False)))
    with pytest.raises(PayloadError, match="not a readable PDF"):
        report(b"<html>not found</html>")


def test_json_gives_the_same_players() -> None:
    record = {"date": "01/03/2026", "gametime": "07:30 (ET)", "matchup": "MIL@SAS", "team": "SAS",
              "player": "Duke Jr., David", "status": "Out", "reason": "G League - Two-Way",
              "confidence": 0.9}  # fmt: skip
    head = {"gamedate": "20260103", "hour24": "17"}
    content = json.dumps({"metadata": head, "records": [record]}).encode()
    found = report(content, Layout.INJURY_REPORT_JSON)
    from_pdf = report(document(page([MIL, SAS])))
    listed = from_pdf[from_pdf["player_name"].notna()].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, listed)
    with pytest.raises(PayloadError, match="metadata.gamedate missing"):
        report(b'{"metadata": {}, "records": []}', Layout.INJURY_REPORT_JSON)


@pytest.mark.parametrize(
    ("reason", "category"),
    [
        ("Injury/Illness - Left Ankle; Sprain", "injury"),
        ("Concussion Protocol", "injury"),
        ("Rest", "rest"),
        ("Personal Reasons", "personal"),
        ("League Suspension", "suspension"),
        ("G League - On Assignment", "g_league"),
        ("Not With Team", "other"),
        ("", "other"),
    ],
)
def test_category_is_the_kind_of_the_reason(reason: str, category: str) -> None:
    assert category_of(reason) == category


def test_names_are_turned_round() -> None:
    assert full_name("Payton II, Gary") == "Gary Payton II"
    assert full_name("Nene") == "Nene"
