"""The same derived tables in a peer (SQLMesh), measured beside ours by ``make bench-peer``."""
