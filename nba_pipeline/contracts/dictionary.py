"""The dictionary of fields: one name, one meaning, one type, one unit in the whole warehouse.

Belongs here: every field by name, found in the modules of ``fields``. Does not belong here: a field
(``fields``), which table has it, or whether it may be NULL there (``spec.Column``).
A range is never narrower than its storage: types are wide, ranges are audited. The predecessor
stored a rate as ``NUMERIC(5,2)`` and lost whole dates to one value of 1,329.8.
"""

from __future__ import annotations

from nba_pipeline.contracts import fields
from nba_pipeline.contracts.discovery import declared
from nba_pipeline.contracts.field import Field

FIELDS: dict[str, Field] = declared(fields, Field)
"""Every field by name."""
