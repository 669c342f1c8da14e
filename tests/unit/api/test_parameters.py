import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from imports_app.api.errors import ApiError
from imports_app.api.parameters import LISTING, SINGLE, bad_parameter, refuse_unknown, single


def request(query: str) -> Request:
    return Request(APIRequestFactory().get(f"/api/skus?{query}"))


@pytest.mark.parametrize("query", ["fields[skus]=code", "sort=code&page[size]=1&filter[q][x]=1"])
def test_parameters_of_a_listing_pass(query: str) -> None:
    refuse_unknown(request(query), LISTING)


@pytest.mark.parametrize("query", ["_=1", "cacheBuster=1", "x-y[z]=1"])
def test_parameters_that_json_api_leaves_to_others_pass(query: str) -> None:
    refuse_unknown(request(query), SINGLE)


@pytest.mark.parametrize("parameter", ["include", "limit", "sort", "page[number]", "filter[q][a]"])
def test_any_other_parameter_is_refused_by_name(parameter: str) -> None:
    with pytest.raises(ApiError) as refused:
        refuse_unknown(request(f"fields[skus]=code&{parameter}=1"), SINGLE)
    assert refused.value.status_code == 400
    assert refused.value.parameter == parameter


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
