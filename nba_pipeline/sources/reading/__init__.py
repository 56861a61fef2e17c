"""What all parsers read with: bytes, JSON, values, known fields, drift."""
