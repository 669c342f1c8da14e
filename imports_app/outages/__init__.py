"""What to do while the database or the broker does not answer."""
