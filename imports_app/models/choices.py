"""Choices of words: formats, what a row does, and what a client may do."""

from django.db import models


class Format(models.TextChoices):
    """How the inputs were sent."""

    JSON = "json"
    CSV = "csv"


class IfExists(models.TextChoices):
    """What a row does whose record is there."""

    UPDATE = "update"
    SKIP = "skip"
    FAIL = "fail"


class IfMissing(models.TextChoices):
    """What a row does whose record isn't there."""

    CREATE = "create"
    SKIP = "skip"
    FAIL = "fail"


class Scope(models.TextChoices):
    """The OAuth 2 scopes; the label is what staff and the schema show."""

    READ = "imports:read", "Read imports and records"
    WRITE = "imports:write", "Create and change imports"
    CLEANUP = "imports:cleanup", "Let an import destroy the records that it does not name"
    EXCEED = "imports:exceed", "Make imports that would need the approval of a second person"
