"""Rows and records on their way out, with what is secret left out."""
