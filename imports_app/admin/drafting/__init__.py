"""From a file to an import in three steps. Staff can leave at each step and come back later."""
