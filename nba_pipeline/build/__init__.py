"""The one way in: gate, compute, audit, publish; and checking again what is published."""
