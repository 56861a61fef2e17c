"""From frames to rows of a raw table."""
