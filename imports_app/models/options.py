"""What an import may be asked to do, where there is a choice of words."""

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
