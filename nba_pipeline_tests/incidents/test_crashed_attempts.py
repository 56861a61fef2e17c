"""An attempt that crashes is an attempt: the history has it, and ``explain`` tells of it."""

from __future__ import annotations

import pytest

from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.verdict import State
from nba_pipeline.warehouse.faults import InjectedFaultError
from nba_pipeline_tests.e2e.test_cli import nba
from nba_pipeline_tests.support import NIGHT, OFFENSE, fault, run, start_from, verdict

RAW = "nbac_team_boxscore"


@pytest.mark.parametrize("point", ["staged", "mid_swap", "before_commit"])
def test_a_crash_in_publish_leaves_a_history_row_that_explain_tells(
    platform: Platform, point: str
) -> None:
    start_from(platform, NIGHT, upto=RAW)
    with fault(f"{point}:{OFFENSE}=raise"), pytest.raises(InjectedFaultError):
        run(platform, OFFENSE, NIGHT, run_id="crasher")
    assert verdict(platform, OFFENSE, NIGHT).state is State.MISSING
    told = nba("explain", OFFENSE, str(NIGHT), home=platform.settings.home).stdout
    assert "crashed: staged 0, wrote 0" in told
    assert f"InjectedFaultError: injected at {point} of {OFFENSE}" in told
    assert "run crasher" in told
