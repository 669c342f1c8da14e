"""Carries out an import: no HTTP, no Celery."""
