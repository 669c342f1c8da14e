import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, UnreadablePostError
from rest_framework import exceptions, serializers

from imports_app.api.errors import (
    ApiError,
    ApiErrors,
    exception_handler,
    standard_error,
    validation_error,
)


def handled(exc: Exception) -> tuple[int, list[dict[str, Any]], Any]:
    response = exception_handler(exc, {})
    assert response is not None
    assert response["Content-Type"] == "application/vnd.api+json"
    return response.status_code, json.loads(response.content)["errors"], response.headers


def test_an_error_object_has_the_members_that_were_given() -> None:
    error = ApiError(
        409,
        "CONFLICT",
        "Taken",
        detail="It is taken.",
        pointer="/data/id",
        meta={"by": 1},
        headers={"Retry-After": "7"},
    )
    status, objects, headers = handled(error)
    assert status == 409
    assert headers["Retry-After"] == "7"
    assert objects == [
        {
            "title": "Taken",
            "detail": "It is taken.",
            "code": "CONFLICT",
            "status": "409",
            "source": {"pointer": "/data/id"},
            "meta": {"by": 1},
        }
    ]


def test_an_error_without_detail_repeats_its_title_and_points_nowhere() -> None:
    _, [error], _ = handled(ApiError(423, "LOCKED", "Locked"))
    assert error == {"title": "Locked", "detail": "Locked", "code": "LOCKED", "status": "423"}


def test_a_query_parameter_is_a_source_too() -> None:
    _, [error], _ = handled(ApiError(400, "X", "x", parameter="sort"))
    assert error["source"] == {"parameter": "sort"}


def test_a_validation_error_has_the_form_of_the_contract() -> None:
    _, [error], _ = handled(validation_error("a/b~c", "blank", "can't be blank", value=""))
    assert error == {
        "title": "can't be blank",
        "detail": "a/b~c - can't be blank",
        "code": "VALIDATION_ERROR",
        "status": "422",
        "source": {"pointer": "/data/attributes/a~1b~0c"},
        "meta": {"error": "blank", "value": ""},
    }


@pytest.mark.parametrize("value", ["x" * 256, [1], {"a": 1}, None])
def test_a_large_value_is_not_sent_back(value: object) -> None:
    assert validation_error("a", "e", "m", value=value).as_object()["meta"]["value"] is None


@pytest.mark.parametrize("value", ["x" * 255, "", 0, 1.5, True, False, 2**70])
def test_a_small_value_is_sent_back(value: object) -> None:
    assert validation_error("a", "e", "m", value=value).as_object()["meta"]["value"] == value


def test_several_errors_of_one_status_have_that_status() -> None:
    errors = ApiErrors([validation_error("a", "e", "m"), validation_error("b", "e", "m")])
    status, objects, _ = handled(errors)
    assert status == 422
    assert len(objects) == 2


def test_several_errors_of_different_statuses_are_a_400() -> None:
    status, _, _ = handled(ApiErrors([standard_error(403), validation_error("b", "e", "m")]))
    assert status == 400


def test_a_serializers_errors_are_flattened() -> None:
    class Inner(serializers.Serializer[Any]):
        count = serializers.IntegerField()

    class Outer(serializers.Serializer[Any]):
        name = serializers.CharField()
        items = Inner(many=True)

        def validate(self, attrs: Any) -> Any:
            raise serializers.ValidationError("never fits")

    outer = Outer(data={"items": [{"count": 1}, {"count": "x"}]})
    with pytest.raises(exceptions.ValidationError) as caught:
        outer.is_valid(raise_exception=True)
    status, objects, _ = handled(caught.value)
    assert status == 422
    assert [(error["source"]["pointer"], error["meta"]["error"]) for error in objects] == [
        ("/data/attributes/name", "blank"),
        ("/data/attributes/items/1/count", "invalid"),
    ]

    whole = Outer(data={"name": "a", "items": []})
    with pytest.raises(exceptions.ValidationError) as caught:
        whole.is_valid(raise_exception=True)
    _, [error], _ = handled(caught.value)
    assert error["title"] == "never fits"


@pytest.mark.parametrize(
    ("exc", "status", "code"),
    [
        (exceptions.ParseError(), 400, "MALFORMED_REQUEST"),
        (exceptions.NotAuthenticated(), 401, "UNAUTHORIZED"),
        (exceptions.AuthenticationFailed(), 401, "INVALID_TOKEN"),
        (exceptions.PermissionDenied(), 403, "FORBIDDEN"),
        (exceptions.NotFound(), 404, "RECORD_NOT_FOUND"),
        (exceptions.MethodNotAllowed("PUT"), 405, "METHOD_NOT_ALLOWED"),
        (exceptions.NotAcceptable(), 406, "NOT_ACCEPTABLE"),
        (exceptions.UnsupportedMediaType("a/b"), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (exceptions.Throttled(wait=3), 429, "TOO_MANY_REQUESTS"),
        (exceptions.APIException(), 500, "INTERNAL_SERVER_ERROR"),
        (Http404(), 404, "RECORD_NOT_FOUND"),
        (PermissionDenied(), 403, "FORBIDDEN"),
        (RequestDataTooBig(), 413, "PAYLOAD_TOO_LARGE"),
        (SuspiciousOperation(), 400, "MALFORMED_REQUEST"),
        (UnreadablePostError(), 400, "MALFORMED_REQUEST"),
    ],
)
def test_errors_of_the_frameworks_are_answered_in_our_words(
    exc: Exception, status: int, code: str
) -> None:
    answered, [error], _ = handled(exc)
    assert answered == status
    assert error["code"] == code
    assert error["status"] == str(status)


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_a_503_that_says_nothing_of_it(
    kind: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    status, [error], headers = handled(kind("connection to 10.0.0.1 refused"))
    assert status == 503
    assert error["code"] == "SERVICE_UNAVAILABLE"
    assert "10.0.0.1" not in json.dumps(error)
    assert int(headers["Retry-After"]) > 0
    assert "10.0.0.1" in caplog.text


def test_a_throttled_client_learns_how_long_to_wait() -> None:
    _, _, headers = handled(exceptions.Throttled(wait=3))
    assert headers["Retry-After"] == "3"


def test_a_challenge_is_passed_on() -> None:
    refused = exceptions.NotAuthenticated()
    refused.auth_header = "Bearer"  # type: ignore[attr-defined]
    _, _, headers = handled(refused)
    assert headers["WWW-Authenticate"] == "Bearer"


def test_an_unforeseen_error_is_left_to_be_logged() -> None:
    assert exception_handler(RuntimeError(), {}) is None


def test_a_status_without_words_of_its_own_takes_those_of_its_family() -> None:
    assert standard_error(418).code == "MALFORMED_REQUEST"
    assert standard_error(504).code == "INTERNAL_SERVER_ERROR"
