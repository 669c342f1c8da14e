"""Models as other projects have them, with tables of their own, for what the catalogue lacks."""
