"""The writers of the database in use, and what a test needs to call one."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import msgspec
import pytest
from django.db import connection, transaction

from imports_app.engine.planning.drafts import Drafts, Match
from imports_app.engine.planning.plan import draft
from imports_app.engine.reading.row import Row
from imports_app.engine.types.schema import schema_for
from imports_app.engine.writers import WRITERS, OrmWriter, Writer, Written
from imports_app.models import Mode
from imports_app.registry import importers


class Write(Protocol):
    """Writes the rows of one call, whose values are as validation and relations leave them."""

    def __call__(
        self, resource_type: str, rows: Iterable[Mapping[str, Any]], *, mode: str = Mode.TEST
    ) -> Written: ...


@pytest.fixture(params=["of the database", "of the ORM"])
def writer_class(request: pytest.FixtureRequest) -> type[Writer]:
    return OrmWriter if request.param == "of the ORM" else WRITERS.get(connection.vendor, OrmWriter)


@pytest.fixture
def write(writer_class: type[Writer]) -> Write:
    def _write(
        resource_type: str, rows: Iterable[Mapping[str, Any]], *, mode: str = Mode.TEST
    ) -> Written:
        schema = schema_for(importers.get(resource_type))
        staged = [
            Row(index, msgspec.Raw(b"{}"), values=dict(values)) for index, values in enumerate(rows)
        ]
        with transaction.atomic():
            writer = writer_class(schema, mode)
            writer.begin()
            drafts = draft(schema, staged, mode=mode)
            assert [row.errors for row in staged] == [[] for _ in staged]
            assert drafts[0].match is not Match.NONE
            return writer.write(Drafts.of(drafts))

    return _write
