"""The contracts of all tables by subject: every public contract in a module here is a table."""
