"""What ``make bench`` and ``make bench-peer`` print. No tests: figures depend on the machine."""
