"""What an import changed, or a dry run would change, as staff look through it."""
