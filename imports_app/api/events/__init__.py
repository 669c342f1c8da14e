"""What happened to imports, and who is told of it."""
