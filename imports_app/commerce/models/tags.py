"""Tags."""

from django.db import models

from imports_app.commerce.models.base import Resource

NAME_LENGTH = 25


class Tag(Resource):
    """A label, identified by its exact name."""

    name = models.CharField(max_length=NAME_LENGTH)

    class Meta(Resource.Meta):
        constraints = [
            models.UniqueConstraint(fields=("name", "mode"), name="tag_name_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name
