"""The engine carries out an import; it knows neither HTTP nor Celery."""
