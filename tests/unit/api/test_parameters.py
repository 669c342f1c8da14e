import pytest
from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from imports_app.api.errors import ApiError
from imports_app.api.parameters import LISTING, bad_parameter, refuse_unknown, single

FIELDS = "fields[skus]"


def request(query: str) -> Request:
    return Request(APIRequestFactory().get(f"/api/skus?{query}"))


@pytest.mark.parametrize(
    "query", ["fields[skus]=code", "sort=code&page[size]=1&filter[q][x]=1&filter=1"]
)
def test_parameters_of_a_listing_pass(query: str) -> None:
    refuse_unknown(QueryDict(query), (*LISTING, FIELDS))


@pytest.mark.parametrize(
    "parameter",
    ["limit", "sort", "page[number]", "filter[q][a]", "_", "cacheBuster", "x-y[z]", "field[skus]"],
)
def test_any_other_parameter_is_refused_by_name(parameter: str) -> None:
    with pytest.raises(ApiError, match=r"the nearest is 'fields\[skus\]'") as refused:
        refuse_unknown(QueryDict(f"fields[skus]=code&{parameter}=1"), [FIELDS])
    assert refused.value.status_code == 400
    assert refused.value.parameter == parameter


@pytest.mark.parametrize("other", ["imports", "failures", "prices"])
def test_the_fieldset_of_another_type_passes(other: str) -> None:
    refuse_unknown(QueryDict(f"fields[{other}]=id"), [FIELDS])
    with pytest.raises(ApiError, match="is not known here"):
        refuse_unknown(QueryDict(f"fields[{other}]=id"), ())


@pytest.mark.parametrize(
    ("parameter", "nearest"),
    [
        ("fields[sku]", "fields[skus]"),
        ("filters[q][status_eq]", "filter[q][<attribute>_<matcher>]"),
        ("page[offset]", "page[size]"),
        ("page[limit]", "page[size]"),
        ("page_size", "page[size]"),
        ("Sort", "sort"),
    ],
)
def test_a_refusal_names_the_nearest_parameter(parameter: str, nearest: str) -> None:
    with pytest.raises(ApiError) as refused:
        refuse_unknown(QueryDict(f"{parameter}=1"), (*LISTING, FIELDS))
    assert str(refused.value.detail).endswith(f"the nearest is '{nearest}'")


def test_where_no_parameter_is_known_none_is_the_nearest() -> None:
    with pytest.raises(ApiError, match=r"'limit' - is not known here$"):
        refuse_unknown(QueryDict("limit=1"), ())


def test_a_parameter_counts_only_once() -> None:
    assert single(request("sort=code"), "sort") == "code"
    assert single(request(""), "sort") is None
    with pytest.raises(ApiError, match="more than once"):
        single(request("sort=code&sort=name"), "sort")


def test_a_refusal_names_the_parameter_and_repeats_little_of_it() -> None:
    error = bad_parameter("x" * 1_000, "is not known here").as_object()

    assert error["source"] == {"parameter": "x" * 1_000}
    assert error["title"] == "is not known here"
    assert error["code"] == "MALFORMED_REQUEST"
    assert len(error["detail"]) < 100
