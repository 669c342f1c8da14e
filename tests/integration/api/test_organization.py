import pytest
from django.test import Client
from pytest_django import Settings

from imports_app.models import Mode
from tests.factories.clients import ApiClientFactory, bearer

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("mode", Mode.values)
@pytest.mark.backend
def test_a_client_learns_whose_it_is(client: Client, mode: str, settings: Settings) -> None:
    settings.IMPORTS_ORGANIZATION_ID = "xYZkjABcde"
    settings.IMPORTS_ORGANIZATION_SLUG = "the-brand"
    settings.IMPORTS_AUTH_DOMAIN = "example.com"
    headers = bearer(ApiClientFactory.create(mode=mode))

    answer = client.get("/api/organization", headers=headers)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.api+json"
    assert answer.json() == {
        "data": {
            "type": "organizations",
            "id": "xYZkjABcde",
            "attributes": {
                "name": "the-brand",
                "slug": "the-brand",
                "domain": "the-brand.example.com",
            },
            "meta": {"mode": mode},
        }
    }


def test_only_the_fields_asked_for_are_given(client: Client) -> None:
    headers = bearer(ApiClientFactory.create(), scopes="")

    answer = client.get("/api/organization/?fields[organizations]=slug,nothing", headers=headers)

    assert answer.json()["data"]["attributes"] == {"slug": "imports"}


def test_the_organization_is_not_shown_without_a_token(client: Client) -> None:
    answer = client.get("/api/organization")

    assert answer.status_code == 401
    assert answer.json()["errors"][0]["code"] == "UNAUTHORIZED"
