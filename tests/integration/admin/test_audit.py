import pytest
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from imports_app.models import Import
from imports_app.oauth.models import ApiClient
from tests.factories.clients import ApiClientFactory
from tests.factories.imports import ImportFactory
from tests.integration.admin.pages import only_import, send, url
from tests.running import run_to_end

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def failed() -> Import:
    counts = {"processed_count": 1, "created_count": 1, "errors_count": 1}
    import_: Import = ImportFactory.create(completed=True, **counts)
    return import_


def entry(user: User) -> tuple[int, str, str]:
    """The only one: its action flag, its object and its text."""
    found = LogEntry.objects.get(user=user)
    return found.action_flag, str(found.object_id), found.get_change_message()


def test_a_dry_run(admin_client: Client, admin_user: User) -> None:
    send(admin_client)

    words = "Dry run with 2 rows from the file mugs.csv."
    assert entry(admin_user) == (ADDITION, str(only_import().pk), words)


def test_an_import_at_once(admin_client: Client, admin_user: User) -> None:
    send(admin_client, None, text="code\nA", dry_run=None)

    assert entry(admin_user) == (
        ADDITION,
        str(only_import().pk),
        "Created with 1 row from pasted cells.",
    )


@pytest.mark.backend
def test_an_import_after_its_dry_run_once(admin_client: Client, admin_user: User) -> None:
    dry = run_to_end(ImportFactory.create(client=None, dry_run=True))

    admin_client.post(url("check", dry))
    admin_client.post(url("check", dry))

    import_ = Import.objects.get(check_of=dry)
    assert entry(admin_user) == (
        ADDITION,
        str(import_.pk),
        f"Created after the dry run {dry.pk}.",
    )


def test_a_refused_action_leaves_no_entry(admin_client: Client) -> None:
    dry = ImportFactory.create(client=None, dry_run=True)

    send(admin_client, b"")
    admin_client.post(url("check", dry))

    assert not LogEntry.objects.exists()


def test_an_interruption(admin_client: Client, admin_user: User) -> None:
    import_ = ImportFactory.create()

    admin_client.post(url("interrupt", import_))

    assert entry(admin_user) == (CHANGE, str(import_.pk), "Asked to interrupt.")


def test_a_retry(admin_client: Client, admin_user: User, failed: Import) -> None:
    admin_client.post(url("retry", failed))

    retry = Import.objects.get(retry_of=failed)
    assert retry.created_by == admin_user
    assert entry(admin_user) == (CHANGE, str(failed.pk), f"Retried as {retry.pk}.")


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("download_failures", "Downloaded the failed rows."),
        ("download_inputs", "Downloaded the inputs."),
    ],
)
def test_a_download(
    admin_client: Client, admin_user: User, failed: Import, page: str, words: str
) -> None:
    admin_client.get(url(page, failed))

    assert entry(admin_user) == (CHANGE, str(failed.pk), words)


@pytest.mark.backend
def test_a_deletion(admin_client: Client, admin_user: User, failed: Import) -> None:
    pk = str(failed.pk)

    admin_client.post(url("delete", failed), {"post": "yes"})

    assert entry(admin_user) == (DELETION, pk, "")


def test_a_new_client(admin_client: Client, admin_user: User) -> None:
    form = {"name": "shop", "mode": "live", "scopes": ["imports:read"]}

    admin_client.post(reverse("admin:imports_oauth_apiclient_add"), form)

    assert entry(admin_user) == (ADDITION, str(ApiClient.objects.get().pk), "Added.")


@pytest.mark.parametrize(
    ("page", "words"), [("renew_secret", "Renewed the secret."), ("revoke", "Revoked.")]
)
def test_a_client_that_is_changed(
    admin_client: Client, admin_user: User, page: str, words: str
) -> None:
    api_client = ApiClientFactory.create()

    admin_client.post(reverse(f"admin:imports_oauth_apiclient_{page}", args=[api_client.pk]))

    assert entry(admin_user) == (CHANGE, str(api_client.pk), words)


def test_the_history_of_an_import_shows_staff_actions(admin_client: Client, failed: Import) -> None:
    admin_client.get(url("download_inputs", failed))

    history = admin_client.get(url("history", failed)).content.decode()

    assert "Downloaded the inputs." in history
