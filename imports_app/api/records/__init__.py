"""The records of every registered type, read-only."""
