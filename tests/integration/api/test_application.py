import pytest
from django.test import Client

from imports_app.models import Mode
from tests.factories.clients import ApiClientFactory, bearer

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("mode", Mode.values)
@pytest.mark.backend
def test_a_client_learns_who_it_is(client: Client, mode: str) -> None:
    api_client = ApiClientFactory.create(name="My shop", mode=mode)

    answer = client.get("/api/application", headers=bearer(api_client))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.api+json"
    assert answer.json() == {
        "data": {
            "type": "applications",
            "id": api_client.client_id,
            "attributes": {
                "name": "My shop",
                "kind": "integration",
                "public_access": False,
                "redirect_uri": None,
                "scopes": "imports:read imports:write",
            },
            "meta": {"mode": mode},
        }
    }


def test_the_application_needs_no_scope(client: Client) -> None:
    headers = bearer(ApiClientFactory.create(scopes="imports:cleanup"), scopes="")

    assert client.get("/api/application", headers=headers).status_code == 200


def test_the_path_with_a_slash_answers_too(client: Client) -> None:
    headers = bearer(ApiClientFactory.create())

    assert client.get("/api/application/", headers=headers).status_code == 200


def test_a_body_and_a_content_type_do_no_harm(client: Client) -> None:
    answer = client.generic(
        "GET",
        "/api/application",
        b"{",
        content_type="application/vnd.api+json",
        headers=bearer(ApiClientFactory.create()),
    )

    assert answer.status_code == 200


def test_only_the_fields_asked_for_are_given(client: Client) -> None:
    headers = bearer(ApiClientFactory.create(name="shop"))

    answer = client.get("/api/application?fields[applications]=name,nothing", headers=headers)

    assert answer.json()["data"]["attributes"] == {"name": "shop"}


@pytest.mark.parametrize("query", ["x=%ZZ", "fields[applications]=%FF", "%00"])
def test_an_odd_url_is_refused(client: Client, query: str) -> None:
    headers = bearer(ApiClientFactory.create())

    assert client.get(f"/api/application?{query}", headers=headers).status_code == 400


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_application_can_not_be_changed(client: Client, method: str) -> None:
    headers = bearer(ApiClientFactory.create())

    answer = getattr(client, method)("/api/application", headers=headers)

    assert answer.status_code == 405
    assert answer.json()["errors"][0]["code"] == "METHOD_NOT_ALLOWED"
