"""Fields of the name registry: spellings, decisions about them, and what they matched.

Belongs here: entries of the dictionary (``fields``) for tables of names. Does not belong here: the
normalised names themselves, which every table has.
"""

from __future__ import annotations

from nba_pipeline.contracts.field import Field, Kind, count, text, time

NAME_STATUSES = ("pending", "resolved", "snoozed", "invalid")
"""A spelling waits for somebody, has its player, waits until a date, or is no player."""

MATCH_METHODS = ("alias", "exact", "without_suffix", "ambiguous", "unknown")

FIELDS: tuple[Field, ...] = (
    text("printed_lookup", "Normalised player name as the source prints it", pattern="^[a-z0-9]+$"),
    text("source_table", "Raw table that prints the name"),
    text("match_method", "How the name found its player; ambiguous and unknown names have none",
         allowed=MATCH_METHODS),
    text("name_status", "What was decided about a spelling; resolved also where a rule finds its "
         "player", allowed=NAME_STATUSES),
    text("example_game_id", "One game in which the name stands"),
    count("occurrences", "Rows with the name", 1_000_000, 1),
    time("decided_at", "When it was decided"),
    Field("snoozed_until", Kind.DATE, "Date from which the name is asked for again"),
)  # fmt: skip
