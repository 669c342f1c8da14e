"""Store what belongs to an import: rows, log, changes and secrets; and prune it."""
