"""Loaders of local archives."""
