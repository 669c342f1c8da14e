"""An app without migrations: its tables are made with the test database."""

from django.apps import AppConfig


class GuestsConfig(AppConfig):
    name = "tests.guests"
    label = "guests"
