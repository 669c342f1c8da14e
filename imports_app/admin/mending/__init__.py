"""Failed rows of an import as a grid, to be mended where they stand and sent again."""
