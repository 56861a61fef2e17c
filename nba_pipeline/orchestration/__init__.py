"""Dagster's side of the platform."""
