"""From the bytes of a layout to a frame, one module a subject."""
