"""Applications of the foreign project's provider, in a model of its own."""

from django.db import models
from oauth2_provider.models import AbstractApplication


class Partner(AbstractApplication):
    """A program of somebody who sells books."""

    town = models.CharField(max_length=100, blank=True)
