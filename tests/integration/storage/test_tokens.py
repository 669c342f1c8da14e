import pytest
from oauth2_provider.models import AccessToken

from imports_app.storage.tokens import clear_expired_tokens
from tests.factories.clients import ApiClientFactory, access_token

pytestmark = pytest.mark.django_db


def test_expired_tokens_go_and_valid_ones_stay() -> None:
    client = ApiClientFactory.create()
    access_token(client, expires_in=-1)
    valid, _ = access_token(client, expires_in=60)

    assert clear_expired_tokens() == 1
    assert list(AccessToken.objects.all()) == [valid]
    assert clear_expired_tokens() == 0


def test_a_call_deletes_no_more_than_its_limit_and_the_oldest_first() -> None:
    client = ApiClientFactory.create()
    kept = {access_token(client, expires_in=-age)[0].pk for age in (1, 2)}
    for age in (5, 4, 3):
        access_token(client, expires_in=-age)

    assert clear_expired_tokens(limit=3) == 3
    assert set(AccessToken.objects.values_list("pk", flat=True)) == kept
