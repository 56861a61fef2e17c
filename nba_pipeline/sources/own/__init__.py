"""Loaders of what the package itself knows: arenas, aliases."""
