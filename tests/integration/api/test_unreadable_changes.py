"""Changes that can't be read any more: what they were made of is no longer there."""

from itertools import product
from typing import Any

import msgspec
import pytest
from django.db import connection

from imports_app.models import Import, KeptChanges, zstd
from imports_app.storage.changes import opened
from tests.integration.api.caller import Caller
from tests.running import done

pytestmark = pytest.mark.django_db(transaction=True)

CSV = {"Accept": "text/csv"}
JSON_API: dict[str, str] = {}


@pytest.fixture
def import_(caller: Caller) -> Import:
    return done("tags", {"name": "a"}, mode=caller.mode)


def rewrite(**values: Any) -> None:
    """Store what was kept with other values."""
    kept = KeptChanges.objects.get()
    groups = opened(kept)
    for group, (name, value) in product(groups, values.items()):
        setattr(group, name, value)
    kept.content = zstd.packed(msgspec.msgpack.Encoder(enc_hook=str).encode(groups))
    kept.save()


@pytest.mark.parametrize("headers", [JSON_API, CSV])
def test_the_error_says_that_a_model_is_gone(
    import_: Import, caller: Caller, headers: dict[str, str]
) -> None:
    rewrite(model="commerce.Gone")

    answer = caller.get(f"/api/imports/{import_.pk}/changes", **headers)

    assert answer.status == 404
    assert "their resource type no longer exists" in answer.content.decode()


@pytest.mark.parametrize("headers", [JSON_API, CSV])
def test_the_error_says_that_a_tables_columns_have_changed(
    import_: Import, caller: Caller, headers: dict[str, str]
) -> None:
    image = "(1,2)" if connection.vendor == "postgresql" else [1, 2]
    rewrite(before=[], after=[image], old=None, new=None)

    answer = caller.get(f"/api/imports/{import_.pk}/changes", **headers)

    assert answer.status == 404
    assert "the columns of the table have changed" in answer.content.decode()
