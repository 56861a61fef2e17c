"""What runs without being asked, and the jobs people launch."""
