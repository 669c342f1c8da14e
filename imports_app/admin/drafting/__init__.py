"""From a file to an import in three steps. Staff can leave each of them and come back."""
