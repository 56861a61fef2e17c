"""The ``nba`` command: one file per verb. stdout carries data, stderr messages and progress."""
