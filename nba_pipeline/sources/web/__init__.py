"""Loaders that ask services on the web."""
