"""Shows the failed rows of an import in a grid, where staff mend them and send them again."""
