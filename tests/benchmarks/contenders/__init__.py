"""Ways to get the same rows into the same table."""
