import pytest

from imports_app.oauth import source
from imports_app.oauth.models import AccessToken
from imports_app.tasks import sweep
from tests.factories.clients import ApiClientFactory, access_token

pytestmark = pytest.mark.django_db


def test_a_sweep_removes_expired_tokens_and_valid_ones_stay() -> None:
    client = ApiClientFactory.create()
    access_token(client, expires_in=-1)
    valid, _ = access_token(client, expires_in=60)

    sweep()

    assert list(AccessToken.objects.all()) == [valid]


def test_a_call_deletes_no_more_than_its_limit_and_the_oldest_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = ApiClientFactory.create()
    kept = {access_token(client, expires_in=-age)[0].pk for age in (1, 2)}
    for age in (5, 4, 3):
        access_token(client, expires_in=-age)
    monkeypatch.setattr(source, "EXPIRED_AT_ONCE", 3)

    source.ClientSource().tidy()

    assert set(AccessToken.objects.values_list("pk", flat=True)) == kept
