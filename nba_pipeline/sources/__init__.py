"""Where data comes from: loaders by endpoint, parsers by layout, and a simulated league."""
