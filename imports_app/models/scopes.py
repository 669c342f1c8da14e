"""What a client may be allowed to do."""

from django.db import models


class Scope(models.TextChoices):
    """The OAuth 2 scopes; the label is what staff and the schema show."""

    READ = "imports:read", "Read imports and records"
    WRITE = "imports:write", "Create and change imports"
    CLEANUP = "imports:cleanup", "Let an import destroy the records that it does not name"
    EXCEED = "imports:exceed", "Make imports that would need the approval of a second person"
