"""Give out rows and records, without their secrets."""
