"""A key that is a decimal, given as a number."""

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Required, TypedDict

import pytest

from imports_app.importer import Importer
from imports_app.models import Mode
from imports_app.services import ImportOrder, create_import
from imports_app.storage.log import errors_log, warnings_log
from tests.guests.models import Sample
from tests.guests.registering import registered
from tests.running import counts, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)


class ShareImporter(Importer):
    resource_type = "shares"
    model = Sample
    key: ClassVar[tuple[str, ...]] = ("share",)

    class Row(TypedDict, total=False):
        name: Required[str]
        share: Required[Decimal]
        small: int


@pytest.fixture(autouse=True)
def _registered() -> Iterator[None]:
    with registered(ShareImporter):
        yield


def test_a_failed_row_is_logged_under_it_and_keeps_its_record() -> None:
    for name, share in (("kept", "12345.0000000001"), ("gone", "2")):
        Sample.objects.create(name=name, share=Decimal(share), mode="test")
    row = b'{"share": 12345.00000000010, "small": "x"}'
    order = ImportOrder(resource_type="shares", rows=[row], cleanup_records=True, skip_errors=True)

    import_ = run_to_end(create_import(order=order, mode=Mode.TEST))

    assert errors_log(import_) == {"12345.00000000010": {"small": ["must be an integer"]}}
    assert warnings_log(import_) == {}
    assert (counts(import_), import_.destroyed_count) == ((0, 0, 0, 1), 1)
    assert Sample.objects.get().name == "kept"
