import pytest

from imports_app.commerce.models import GiftCard, Order, StockTransfer
from imports_app.commerce.models.codes import ALPHABET, LENGTH
from imports_app.models import Mode
from imports_app.registry import importers
from tests.factories import new_row
from tests.running import row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)

MADE = [("gift_cards", GiftCard, "code"), ("orders", Order, "number")]
MADE += [("stock_transfers", StockTransfer, "number")]


@pytest.mark.parametrize(("resource_type", "model", "attribute"), MADE)
def test_rows_without_a_code_get_one_each(
    resource_type: str, model: type[GiftCard], attribute: str
) -> None:
    importer = importers.get(resource_type)
    row = new_row(importer, mode=Mode.TEST)
    del row[attribute]

    import_ = run_import(importer, [row, row, row | {attribute: None}])

    assert (import_.created_count, row_errors(import_)) == (3, {})
    codes = set(model.objects.values_list(attribute, flat=True))
    assert len(codes) == 3
    assert {len(code) for code in codes} == {LENGTH}
    assert set("".join(codes)) <= set(ALPHABET)


@pytest.mark.parametrize(("resource_type", "model", "attribute"), MADE)
def test_a_code_that_was_made_finds_its_record(
    resource_type: str, model: type[GiftCard], attribute: str
) -> None:
    importer = importers.get(resource_type)
    row = new_row(importer, mode=Mode.TEST)
    del row[attribute]
    run_import(importer, [row])
    made = getattr(model.objects.get(), attribute)

    import_ = run_import(importer, [row | {attribute: made}])

    assert import_.unchanged_count == 1
