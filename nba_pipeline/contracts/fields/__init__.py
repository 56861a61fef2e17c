"""Fields by subject: every tuple of fields in a module here is a part of the dictionary."""
