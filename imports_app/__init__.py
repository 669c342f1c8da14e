"""Bulk imports for Django: a REST API, background workers and staff pages."""
