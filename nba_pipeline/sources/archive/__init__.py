"""Local archives: a manifest that describes their files, and the one loader that reads it."""
