import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from imports_app.models import Import
from tests.factories.imports import ImportFactory
from tests.integration.admin.conftest import StaffWith

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = reverse("admin:imports_app_import_live_list")
NOW = reverse("admin:imports_app_import_now")
ACTIVE = "data-live-active"


def live(import_: Import) -> str:
    return reverse("admin:imports_app_import_live", args=[import_.pk])


def text(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_is_polled_only_while_an_import_is_active(admin_client: Client) -> None:
    ImportFactory.create(completed=True)
    assert ACTIVE not in text(admin_client, LIST)

    ImportFactory.create()
    assert ACTIVE in text(admin_client, LIST)


def test_the_list_comes_alone_and_narrowed_as_the_page_is(admin_client: Client) -> None:
    ImportFactory.create(reference="spring")
    ImportFactory.create(reference="autumn")

    fragment = text(admin_client, LIST, q="spr")

    assert "spring" in fragment
    assert "autumn" not in fragment
    assert "<html" not in fragment


def test_a_fragment_has_the_parts_of_its_page(admin_client: Client) -> None:
    import_ = ImportFactory.create(in_progress=True)
    page = reverse("admin:imports_app_import_change", args=[import_.pk])

    for part in ('id="live-state"', 'id="live-overview"', 'id="live-failures"'):
        assert part in text(admin_client, page)
        assert part in text(admin_client, live(import_))


def test_the_page_of_an_import_is_polled_only_while_it_runs(admin_client: Client) -> None:
    running = ImportFactory.create(in_progress=True)
    final = ImportFactory.create(completed=True)

    assert ACTIVE in text(admin_client, live(running))
    assert ACTIVE not in text(admin_client, live(final))


@pytest.mark.backend
def test_an_import_without_failures_is_followed_with_few_queries(admin_client: Client) -> None:
    import_ = ImportFactory.create(in_progress=True)
    text(admin_client, live(import_))

    with CaptureQueriesContext(connection) as queries:
        text(admin_client, live(import_))

    assert len(queries) <= 7  # session, user, import and its reason, inputs or not, retries, events


def test_fragments_need_the_permission_to_see_imports(staff_with: StaffWith) -> None:
    import_ = ImportFactory.create()
    client = staff_with()

    for path in (LIST, NOW, live(import_)):
        assert client.get(path).status_code == 403


def test_fragments_send_strangers_to_sign_in(client: Client) -> None:
    for path in (LIST, NOW, live(ImportFactory.create())):
        assert client.get(path).status_code == 302
