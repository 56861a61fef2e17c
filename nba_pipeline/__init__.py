"""NBA analytics as a Dagster asset graph that refuses stale or partial upstream partitions."""
