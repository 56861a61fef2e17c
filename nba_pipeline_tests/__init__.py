"""Tests of nba_pipeline: units, checks of checks, incidents, contracts, end to end, docs."""
