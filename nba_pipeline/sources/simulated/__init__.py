"""A simulated league: the same payloads as the real sources, offline and of any size."""
