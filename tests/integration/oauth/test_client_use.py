import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from imports_app.oauth.models import ApiClient
from imports_app.oauth.use import USE_INTERVAL
from tests.factories.clients import ApiClientFactory, bearer

pytestmark = pytest.mark.django_db

URL = "/api/application"


def test_a_request_notes_that_its_client_was_used(client: Client) -> None:
    api_client = ApiClientFactory.create(last_used_at=None)

    client.get(URL, headers=bearer(api_client))

    assert ApiClient.objects.get().last_used_at is not None


def test_the_requests_of_a_minute_write_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    headers = bearer(ApiClientFactory.create())

    with django_assert_num_queries(1):
        client.get(URL, headers=headers)


def test_a_request_after_that_minute_writes_once(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    headers = bearer(ApiClientFactory.create(last_used_at=timezone.now() - USE_INTERVAL))

    with django_assert_num_queries(3):
        client.get(URL, headers=headers)
        client.get(URL, headers=headers)


def test_a_request_that_is_refused_was_no_use(client: Client) -> None:
    api_client = ApiClientFactory.create(last_used_at=None)

    client.get(URL, headers={"Authorization": "Bearer made-up"})
    client.get(URL, headers=bearer(api_client, expires_in=-1))

    assert ApiClient.objects.get().last_used_at is None


def test_a_revoked_client_is_refused_even_with_a_token_made_in_that_moment(client: Client) -> None:
    api_client = ApiClientFactory.create()
    api_client.revoke()

    answer = client.get(URL, headers=bearer(api_client))

    assert answer.status_code == 401
    assert answer.json()["errors"][0]["code"] == "INVALID_TOKEN"
