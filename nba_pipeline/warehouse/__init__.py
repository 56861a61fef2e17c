"""Warehouses: one protocol, one adapter per engine; the only place that knows which it is."""
