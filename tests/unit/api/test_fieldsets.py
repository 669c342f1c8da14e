import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from imports_app.api.parameters import requested_fields


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", None),
        ("fields[skus]=code", None),
        ("fields[prices]=", frozenset()),
        ("fields[prices]=sku_code,amount_cents", {"sku_code", "amount_cents"}),
        ("fields[prices]=sku_code&fields[prices]=amount_cents", {"sku_code", "amount_cents"}),
        ("fields[prices]=,sku_code,,", {"sku_code"}),
    ],
)
def test_the_fields_of_a_type_are_those_that_were_asked_for(
    query: str, expected: frozenset[str] | None
) -> None:
    request = Request(APIRequestFactory().patch(f"/api/prices/1?{query}"))

    assert requested_fields(request, "prices") == expected
