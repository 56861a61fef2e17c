"""The league's clock: Eastern mornings on the nights on which clocks are changed, and phases."""

from __future__ import annotations

import datetime as dt

import pytest

from nba_pipeline.league.clock import Anchor, Moment, Phase, Timing, night_of, phase

EARLY = dt.datetime(2025, 12, 25, 17, tzinfo=dt.UTC)
LATE = dt.datetime(2025, 12, 26, 3, 30, tzinfo=dt.UTC)
CHRISTMAS = night_of(dt.date(2025, 12, 25), [LATE, EARLY])
BOXES = Timing(Moment(Anchor.FINAL_WHISTLE), Moment(Anchor.MORNING_AFTER, 3))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (Moment(Anchor.TIP_OFF, -6), dt.datetime(2025, 12, 25, 11, tzinfo=dt.UTC)),
        (Moment(Anchor.FINAL_WHISTLE), dt.datetime(2025, 12, 26, 6, tzinfo=dt.UTC)),
        (Moment(Anchor.MORNING), dt.datetime(2025, 12, 25, 11, tzinfo=dt.UTC)),
        (Moment(Anchor.MORNING_AFTER, 3), dt.datetime(2025, 12, 26, 14, tzinfo=dt.UTC)),
    ],
)
def test_moments_are_counted_from_tip_offs_and_eastern_mornings(
    moment: Moment, expected: dt.datetime
) -> None:
    assert moment.of(CHRISTMAS) == expected


@pytest.mark.parametrize(
    ("date", "utc_hour"),
    [
        (dt.date(2025, 11, 1), 11),  # the night to the first Sunday of November: standard time
        (dt.date(2025, 10, 31), 10),
        (dt.date(2026, 3, 7), 10),  # the night to the second Sunday of March: summer time
        (dt.date(2026, 3, 6), 11),
    ],
)
def test_six_in_the_morning_is_six_after_either_change_of_clocks(
    date: dt.date, utc_hour: int
) -> None:
    morning = Moment(Anchor.MORNING_AFTER).of(night_of(date, []))
    assert (morning.date() - date, morning.hour) == (dt.timedelta(1), utc_hour)


def test_a_date_is_not_due_then_due_then_late_unless_it_is_done() -> None:
    due, late = BOXES.due.of(CHRISTMAS), BOXES.late.of(CHRISTMAS)
    second = dt.timedelta(seconds=1)

    def at(now: dt.datetime, *, is_settled: bool = False) -> Phase:
        return phase(BOXES, CHRISTMAS, now, is_settled=is_settled)

    assert [at(due - second), at(due), at(late - second), at(late)] == [
        Phase.NOT_DUE,
        Phase.DUE,
        Phase.DUE,
        Phase.LATE,
    ]
    assert at(late, is_settled=True) is Phase.DONE


def test_what_is_late_before_it_is_due_is_refused() -> None:
    with pytest.raises(ValueError, match="is not after due"):
        Timing(Moment(Anchor.MORNING_AFTER), Moment(Anchor.TIP_OFF))
