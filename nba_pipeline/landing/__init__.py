"""Payloads as received: what one is, and where they are kept."""
