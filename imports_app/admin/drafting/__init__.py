"""From a file to an import in three steps, each of which can be left and come back to."""
