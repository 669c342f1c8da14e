"""Files that a spreadsheet program saved: what is in them, and how to have them saved again."""
