"""Judging rows in hand; no warehouse."""
