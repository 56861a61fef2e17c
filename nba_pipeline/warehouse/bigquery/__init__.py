"""The BigQuery adapter."""
