"""What attackers have: a client of their own, and a type with something to hide."""

from collections.abc import Iterator

import pytest
from django.db.models import Model

from imports_app.commerce.importers.catalog import SkuImporter
from imports_app.engine.types.schema import schema_for
from imports_app.importer import Importer
from imports_app.models import Mode
from imports_app.outputs.record_types import record_type_for
from imports_app.registry import importers
from tests.factories.clients import ApiClientFactory
from tests.integration.api.caller import Caller

SECRET_ATTRIBUTE = "description"


class SecretSkus(SkuImporter):
    """Skus whose description nobody may read."""

    secret = frozenset({SECRET_ATTRIBUTE})


@pytest.fixture
def caller() -> Caller:
    """A client of the test mode that may do everything."""
    return Caller(ApiClientFactory.create(scopes="imports:read imports:write imports:cleanup"))


@pytest.fixture
def live() -> Caller:
    """The victim: a client of the live mode."""
    return Caller(ApiClientFactory.create(mode=Mode.LIVE))


def _forget_compiled() -> None:
    for compiled in (record_type_for, schema_for):
        compiled.cache_clear()


@pytest.fixture
def secret_skus(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretSkus]:
    """In the place of the catalogue's own."""
    importer = SecretSkus()
    by_type: dict[str, Importer] = {**importers._by_type, "skus": importer}
    by_model: dict[type[Model], Importer] = {**importers._by_model, importer.model: importer}
    monkeypatch.setattr(importers, "_by_type", by_type)
    monkeypatch.setattr(importers, "_by_model", by_model)
    _forget_compiled()  # types that refer to skus may be known by those of the catalogue
    yield importer
    _forget_compiled()
