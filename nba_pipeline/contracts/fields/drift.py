"""Fields of the record of payloads whose form has changed.

Belongs here: what only ``payload_drift`` has. Does not belong here: telling kinds of drift apart
(``sources.drift``).
"""

from __future__ import annotations

from nba_pipeline.contracts.field import Field, text, time

FIELDS: tuple[Field, ...] = (
    text("endpoint", "What the payload holds"),
    text("layout", "How the payload is read"),
    text("field_name", "Field of the payload, as the source names it"),
    text("drift_kind", "How the field differs from what is known",
         allowed=("new", "missing", "renamed", "nested", "type")),
    text("drift_event", "Whether it was seen or a person took note of it",
         allowed=("seen", "acknowledged")),
    time("seen_at", "When the payload was read, or the note taken"),
    text("detail", "What is there instead"),
    text("request_key", "What was asked of the source"),
)  # fmt: skip
