"""The dictionary of fields, by subject."""
