"""`GET /api/imports/<id>/changes`: what an import changed, record by record."""
