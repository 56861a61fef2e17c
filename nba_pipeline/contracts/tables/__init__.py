"""The contracts of all tables, by dataset and subject."""
