"""What is kept of an import: its rows, its log, its secrets, and for how long."""
