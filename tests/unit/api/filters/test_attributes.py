import pytest

from imports_app.api.filters import FilterAttribute
from imports_app.api.filters.attributes import Kind
from imports_app.commerce.models import Price, Sku
from imports_app.models import Import, ImportBatch
from tests.guests.models import Sample

pytestmark = pytest.mark.backend


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("pk", Kind.UUID),
        ("created_at", Kind.DATETIME),
        ("dry_run", Kind.BOOLEAN),
        ("inputs_size", Kind.INTEGER),
        ("metadata", Kind.JSON),
        ("status", Kind.STRING),
    ],
)
def test_an_attribute_compares_as_its_field_does(path: str, kind: Kind) -> None:
    assert FilterAttribute.of(Import, path).kind is kind


@pytest.mark.parametrize(
    ("path", "nullable"),
    [
        ("amount_cents", False),
        ("compare_at_amount_cents", True),
        ("sku__code", False),
        ("sku__description", True),
        ("sku__shipping_category__pk", True),
        ("sku__shipping_category__name", True),
    ],
)
def test_an_attribute_is_nullable_if_anything_on_its_way_is(path: str, nullable: bool) -> None:  # noqa: FBT001
    assert FilterAttribute.of(Price, path).nullable is nullable


def test_an_attribute_is_sortable_unless_it_is_json_or_said_not_to_be() -> None:
    assert FilterAttribute.of(Sku, "code").sortable
    assert not FilterAttribute.of(Sku, "code", sortable=False).sortable
    assert not FilterAttribute.of(Sku, "metadata").sortable


@pytest.mark.parametrize("path", ["hour", "duration"])
def test_times_of_day_and_durations_are_sortable(path: str) -> None:
    assert FilterAttribute.of(Sample, path).sortable


def test_addresses_have_no_order() -> None:
    assert not FilterAttribute.of(Sample, "address").sortable


def test_a_field_that_does_not_compare_is_no_attribute() -> None:
    with pytest.raises(TypeError, match="records"):
        FilterAttribute.of(ImportBatch, "records")
