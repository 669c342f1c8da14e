"""Shows staff what an import changed, or what a dry run would change."""
