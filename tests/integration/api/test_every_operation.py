"""What holds for every operation of the API, whatever it does."""

from collections.abc import Mapping
from uuid import UUID

import pytest
from django.urls import resolve

from tests.integration.api.caller import Caller, import_document

METHODS = {"get", "post", "patch", "delete"}
NAMES: Mapping[str, str] = {
    "{id}": str(UUID(int=1)),
    "{resource_type}": "skus",
}
# Whose parameters are those of a form, or signed with the URL.
OTHERWISE = ("/oauth/token", "/oauth/revoke", "/attachment")
PLAIN = (
    "/schema",
    "/template.csv",
    "/template.xlsx",
)  # they know no parameter, so that none is the nearest

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def operations(caller: Caller) -> list[tuple[str, str]]:
    """Method and path of each that the OpenAPI document has."""
    paths = caller.get("/api/schema").document["paths"]
    found = [
        (method.upper(), _with_names(path))
        for path, item in paths.items()
        for method in item
        if method in METHODS
    ]
    assert len(found) > 60
    return found


def _with_names(path: str) -> str:
    for name, value in NAMES.items():
        path = path.replace(name, value)
    assert "{" not in path
    return path


def test_the_path_with_a_slash_answers_too_and_nothing_is_redirected(
    caller: Caller, operations: list[tuple[str, str]]
) -> None:
    for method, path in operations:
        plain, slashed = (caller.request(method, each) for each in (path, f"{path}/"))

        assert resolve(f"{path}/").func is resolve(path).func, path
        assert slashed.status == plain.status, (method, path)
        assert not 300 <= slashed.status < 400, (method, path)


@pytest.mark.backend
def test_a_post_to_a_path_with_a_slash_creates(caller: Caller) -> None:
    assert caller.post("/api/imports/", import_document()).status == 201


def test_an_unknown_parameter_is_refused_with_the_nearest_one_that_is_known(
    caller: Caller, operations: list[tuple[str, str]]
) -> None:
    for method, path in operations:
        if path.endswith(OTHERWISE):
            continue
        error = caller.request(method, f"{path}?fields[skuz]=code").error

        assert (error["status"], error["code"]) == ("400", "MALFORMED_REQUEST"), (method, path)
        assert error["source"] == {"parameter": "fields[skuz]"}
        assert path.endswith(PLAIN) is not ("the nearest is '" in error["detail"]), path


def test_fieldsets_given_twice_add_up(caller: Caller) -> None:
    twice = "fields[imports]=status&fields[imports]=reference"
    created = caller.post(f"/api/imports?{twice}", import_document(reference="r"))
    path = f"/api/imports/{created.data['id']}"
    change = {"data": {"type": "imports", "id": created.data["id"], "attributes": {}}}
    answers = [
        created.data,
        caller.get(f"{path}?{twice}").data,
        caller.patch(f"{path}?{twice}", change).data,
        *caller.get(f"/api/imports?{twice}").data,
    ]

    assert [each["attributes"] for each in answers] == [
        {"status": "pending", "reference": "r"}
    ] * len(answers)
