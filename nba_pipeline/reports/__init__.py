"""Readers of the warehouse for people; nothing here writes."""
