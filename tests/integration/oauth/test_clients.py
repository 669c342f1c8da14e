import pytest
from django.conf import global_settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from imports_app.oauth.models import DEFAULT_SCOPES, ApiClient
from imports_app.oauth.secrets import hashed
from imports_app.oauth.use import USE_INTERVAL, is_used_again, write_use
from tests.factories.clients import ApiClientFactory, access_token

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.backend
def test_a_secret_has_256_random_bits_and_only_its_hash_is_kept() -> None:
    client, secret = ApiClient.issue(name="shop", mode="test")

    assert len(secret) == 43
    assert secret.isalnum()
    stored = ApiClient.objects.get(pk=client.pk)
    assert stored.secret_hash == hashed(secret)
    assert not stored.application.client_secret.endswith(secret)
    assert not check_password(secret, stored.application.client_secret)


def test_no_slow_hash_is_worked_out_of_a_secret_that_nobody_gets(
    settings: Settings,
) -> None:
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS

    clients = [ApiClient.issue(name="shop", mode="test")[0] for _ in range(2)]

    kept = {ApiClient.objects.get(pk=client.pk).application.client_secret for client in clients}
    assert len(kept) == 2
    assert {text.split("$")[1] for text in kept} == {"1"}, "rounds"


def test_no_two_clients_share_an_id_or_a_secret() -> None:
    issued = [ApiClient.issue(name="shop", mode="test") for _ in range(5)]

    assert len({client.client_id for client, _ in issued}) == 5
    assert len({secret for _, secret in issued}) == 5


def test_a_client_reads_and_writes_unless_told_otherwise() -> None:
    client, _ = ApiClient.issue(name="shop", mode="live")

    assert client.scopes == DEFAULT_SCOPES
    assert client.scope_names == {"imports:read", "imports:write"}


def test_saving_again_keeps_the_secret() -> None:
    client, _ = ApiClient.issue(name="shop", mode="test")
    stored = client.secret_hash

    client.rename("another")
    client.save()
    client.application.save()

    changed = ApiClient.objects.get(pk=client.pk)
    assert (changed.name, changed.secret_hash) == ("another", stored)


def test_scopes_are_kept_in_one_order_and_once() -> None:
    client, _ = ApiClient.issue(
        name="shop", mode="test", scopes=" imports:cleanup\timports:read imports:read "
    )

    assert client.scopes == "imports:read imports:cleanup"


@pytest.mark.parametrize(
    ("attributes", "field", "words"),
    [
        ({"name": ""}, "name", "blank"),
        ({"name": "x" * 256}, "name", "at most 255"),
        ({"name": "a\0b"}, "name", "control"),
        ({"name": "a\nb"}, "name", "control"),
        ({"name": "\udcff"}, "name", "control"),
        ({"mode": "staging"}, "mode", "not a valid choice"),
        ({"mode": ""}, "mode", "blank"),
        ({"scopes": "imports:read admin"}, "scopes", "unknown: admin; known are imports:read"),
        ({"scopes": ""}, "scopes", "blank"),
        ({"scopes": " "}, "scopes", "at least one"),
    ],
)
def test_errors_of_a_client_are_shown(attributes: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ApiClient.issue(**{"name": "shop", "mode": "test"} | attributes)

    assert words in " ".join(caught.value.message_dict[field])
    assert not ApiClient.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"secret_hash": ""},
        {"mode": "beta"},
    ],
)
@pytest.mark.backend
def test_the_database_refuses(changes: dict[str, str]) -> None:
    client = ApiClientFactory.create()

    with pytest.raises(IntegrityError), transaction.atomic():
        ApiClient.objects.filter(pk=client.pk).update(**changes)


@pytest.mark.backend
def test_a_revoked_client_has_no_token_and_no_secret() -> None:
    client, secret = ApiClient.issue(name="shop", mode="test")
    access_token(client)

    client.revoke()

    client.refresh_from_db()
    assert not client.verify(secret)
    assert client.revoked_at is not None
    assert not client.tokens.exists()


@pytest.mark.backend
def test_a_new_secret_makes_a_revoked_client_one_again_but_none_of_its_tokens() -> None:
    client, _ = ApiClient.issue(name="shop", mode="test")
    client.revoke()
    access_token(client)  # asked for before, made after

    client.renew_secret()

    client.refresh_from_db()
    assert client.revoked_at is None
    assert not client.tokens.exists()


@pytest.mark.backend
def test_a_new_secret_leaves_the_tokens_of_a_client_in_use() -> None:
    client, _ = ApiClient.issue(name="shop", mode="test")
    access_token(client)

    client.renew_secret()

    assert client.tokens.exists()


@pytest.mark.backend
def test_a_use_is_written_down_once_in_a_while() -> None:
    client = ApiClientFactory.create(last_used_at=None)

    assert is_used_again(client)
    write_use(client.pk)
    client.refresh_from_db()
    assert not is_used_again(client)

    first = client.last_used_at
    write_use(client.pk)
    client.refresh_from_db()
    assert client.last_used_at == first


@pytest.mark.backend
def test_a_later_use_is_written_down_too() -> None:
    before = timezone.now() - USE_INTERVAL
    client = ApiClientFactory.create(last_used_at=before)

    assert is_used_again(client)
    write_use(client.pk)

    client.refresh_from_db()
    assert client.last_used_at is not None
    assert client.last_used_at > before
