"""Fixtures for tests of clients and tokens: those of the API and of the staff pages."""

from tests.integration.admin.conftest import staff_with
from tests.integration.api.conftest import caller, database_away

__all__ = ["caller", "database_away", "staff_with"]
