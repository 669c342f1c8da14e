"""Whoever has no signed URL of an attachment makes none."""

import base64
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.test import Client

from imports_app.models import Import
from imports_app.oauth.models import ApiClient
from imports_app.outputs.attachments import attachment_path
from tests.factories.clients import ApiClientFactory
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def import_() -> Import:
    made: Import = ImportFactory.create()
    return made


def parts(import_: Import) -> tuple[str, str]:
    """The path and the signature of a URL that is good."""
    url = urlsplit(attachment_path(import_))
    return url.path, parse_qs(url.query)["signature"][0]


def fetched(path: str, signature: str) -> int:
    response: Any = Client().get(path, {"signature": signature})
    response.getvalue()
    status: int = response.status_code
    return status


@pytest.fixture
def client_() -> ApiClient:
    made: ApiClient = ApiClientFactory.create()
    return made


def url_of(import_: Import, client: ApiClient) -> str:
    """The attachment's, as the client is shown it."""
    shown = Caller(client).get(f"/api/imports/{import_.pk}?fields[imports]=attachment_url")
    url: str = shown.data["attributes"]["attachment_url"]
    return url


def status_of(url: str) -> int:
    response: Any = Client().get(url.removeprefix("http://testserver"))
    response.getvalue()
    status: int = response.status_code
    return status


@pytest.mark.backend
def test_a_url_is_of_no_use_once_its_client_is_deleted(import_: Import, client_: ApiClient) -> None:
    url, other = url_of(import_, client_), url_of(import_, ApiClientFactory.create())
    assert status_of(url) == 200

    client_.delete()

    assert status_of(url) == 403
    assert status_of(other) == 200


@pytest.mark.backend
def test_a_url_is_of_no_use_once_its_client_is_revoked(import_: Import, client_: ApiClient) -> None:
    url = url_of(import_, client_)

    client_.revoke()

    assert status_of(url) == 403


def test_a_url_can_not_be_made_one_of_another_client(import_: Import, client_: ApiClient) -> None:
    url = url_of(import_, client_)
    other = ApiClientFactory.create()
    client_.delete()

    assert status_of(url.replace(client_.client_id, other.client_id)) == 403
    assert status_of(url.partition("&client=")[0]) == 403
    assert status_of(f"{url}&client={other.client_id}") == 403


def test_no_character_of_a_signature_can_be_another(import_: Import) -> None:
    path, signature = parts(import_)
    assert fetched(path, signature) == 200
    for position, character in enumerate(signature):
        other = "A" if character != "A" else "B"
        changed = f"{signature[:position]}{other}{signature[position + 1 :]}"
        assert fetched(path, changed) == 403, position


@pytest.mark.parametrize("addition", [" ", "=", "\n", ":", "\x00", "A", "%3A", ":x"])
def test_nothing_can_be_added_to_a_signed_url(import_: Import, addition: str) -> None:
    path, signature = parts(import_)
    assert fetched(path, signature + addition) == 403
    assert fetched(path, addition + signature) == 403


def test_the_expiry_of_a_signature_can_not_be_moved(import_: Import) -> None:
    path, signature = parts(import_)
    _, _, digest = signature.partition(":")
    for moment in (0, time.time() + 1_000, 2**40):
        assert fetched(path, f"{signing.b62_encode(int(moment))}:{digest}") == 403


def test_a_signature_with_another_key_is_refused(import_: Import) -> None:
    path, _ = parts(import_)
    for key in ("", "secret", "django-insecure", str(import_.pk)):
        signer = signing.TimestampSigner(key=key or "-", salt="imports_app.attachment")
        assert fetched(path, signer.sign(str(import_.pk)).partition(":")[2]) == 403


def test_the_time_of_a_signature_is_no_part_of_the_id(import_: Import) -> None:
    path, signature = parts(import_)
    moment, _, digest = signature.partition(":")
    pk = str(import_.pk)
    assert fetched(path.replace(pk, f"{pk}:{moment}"), digest) == 403
    assert fetched(path, base64.b64encode(bytes(32)).decode()) == 403


@pytest.mark.parametrize("spelling", ["upper", "hex", "braces", "dots"])
@pytest.mark.backend
def test_an_id_spelt_otherwise_is_not_what_was_signed(import_: Import, spelling: str) -> None:
    path, signature = parts(import_)
    pk = str(import_.pk)
    spelt = {
        "upper": pk.upper(),
        "hex": import_.pk.hex,
        "braces": f"{{{pk}}}",
        "dots": f"./{pk}",
    }[spelling]
    assert fetched(path.replace(pk, spelt), signature) in (401, 403, 404)
    assert fetched(path, signature) == 200


def test_two_signatures_are_refused(import_: Import) -> None:
    path, signature = parts(import_)
    response: Any = Client().get(f"{path}?signature={signature}&signature=x")
    assert response.status_code == 403
