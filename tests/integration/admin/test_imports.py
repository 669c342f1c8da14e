import json
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from imports_app.commerce.importers.customers import CustomerImporter
from imports_app.importer import RowError
from imports_app.models import Import, ImportChunk, Mode
from imports_app.storage.log import Failure, Notice, write
from tests.factories.imports import ImportFactory
from tests.integration.admin.conftest import StaffWith

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NOBODYS_ID = "0190b5a2-7c1e-7f00-8d3b-5e6f7a8b9c0d"
LIST = reverse("admin:imports_app_import_changelist")


def url(page: str, import_: Import) -> str:
    return reverse(f"admin:imports_app_import_{page}", args=[import_.pk])


def listed(client: Client, **query: str) -> list[Import]:
    return list(client.get(LIST, query).context["cl"].result_list)


def shown(client: Client, import_: Import) -> str:
    response = client.get(url("change", import_))
    assert response.status_code == 200
    return response.content.decode()


def with_errors(count: int = 1) -> Import:
    import_: Import = ImportFactory.create(
        completed=True,
        inputs_size=count + 1,
        processed_count=1,
        created_count=1,
        errors_count=count,
        warnings_count=1,
    )
    error = RowError("weight", "type", "is <not> a number")
    failures = [Failure(index, f"SKU-{index}", [error]) for index in range(count)]
    write(import_.pk, failures, [Notice(None, None, "the column <b> is unknown")])
    return import_


def test_the_list_shows_status_counts_and_client(admin_client: Client) -> None:
    ImportFactory.create(completed=True, reference="spring")

    page = admin_client.get(LIST).content.decode()

    for text in ("skus", "spring", "Completed", "2 of 2", "shop", "Test"):
        assert text in page


def test_the_list_names_the_staff_who_made_an_import(
    admin_client: Client, admin_user: User
) -> None:
    ImportFactory.create(client=None, created_by=admin_user)

    assert ">admin</td>" in admin_client.get(LIST).content.decode()


def test_completed_with_errors_looks_different(admin_client: Client) -> None:
    import_ = with_errors()

    assert "Completed with errors" in admin_client.get(LIST).content.decode()
    assert "Completed with errors" in shown(admin_client, import_)


def test_an_import_that_is_about_to_stop_says_so(admin_client: Client) -> None:
    ImportFactory.create(in_progress=True, interrupt_requested=True)

    assert "Being interrupted" in admin_client.get(LIST).content.decode()


@pytest.mark.backend
def test_a_list_of_many_takes_no_more_queries_than_one_of_few(admin_client: Client) -> None:
    ImportFactory.create()
    with CaptureQueriesContext(connection) as few:
        admin_client.get(LIST)
    ImportFactory.create_batch(5)

    with CaptureQueriesContext(connection) as many:
        admin_client.get(LIST)

    assert len(many) == len(few)


@pytest.mark.backend
def test_the_list_reads_no_large_column(admin_client: Client) -> None:
    ImportFactory.create()

    with CaptureQueriesContext(connection) as queries:
        admin_client.get(LIST)

    statements = " ".join(query["sql"] for query in queries)
    assert '"imports_app_import"."status"' in statements
    for column in ('"metadata"', '"interruption"', '"imports_app_importchunk"'):
        assert column not in statements


@pytest.mark.parametrize(
    ("query", "attributes"),
    [
        ({"status__exact": "completed"}, {"completed": True}),
        ({"mode__exact": "live"}, {"mode": Mode.LIVE}),
        ({"resource_type": "tags"}, {"resource_type": "tags"}),
        ({"q": "spr"}, {"reference": "spring"}),
        ({"errors": "yes"}, {"errors_count": 1}),
        ({"dry_run__exact": "1"}, {"dry_run": True}),
        ({"q": "price"}, {"file": {"name": "Prices.xlsx"}}),
    ],
)
@pytest.mark.backend
def test_the_list_can_be_narrowed(
    admin_client: Client, query: dict[str, str], attributes: dict[str, object]
) -> None:
    ImportFactory.create()
    wanted = ImportFactory.create(**attributes)

    assert listed(admin_client, **query) == [wanted]


@pytest.mark.backend
def test_a_check_and_its_import_are_one_entry(admin_client: Client) -> None:
    check = ImportFactory.create(dry_run=True, completed=True)
    assert listed(admin_client) == [check]
    made = ImportFactory.create(check_of=check)

    assert listed(admin_client) == [made]
    assert "checked first" in admin_client.get(LIST).content.decode()
    assert listed(admin_client, dry_run__exact="1") == [check]
    assert listed(admin_client, q=str(check.pk)) == [check]
    address = reverse("admin:imports_app_import_check", args=[check.pk])
    assert address in admin_client.get(url("change", made)).content.decode()


@pytest.mark.backend
def test_so_are_those_of_mended_rows_and_of_an_undo(admin_client: Client) -> None:
    first = ImportFactory.create(completed=True)
    mended = ImportFactory.create(dry_run=True, is_check=True, retry_of=first)
    undone = ImportFactory.create(dry_run=True, is_undo=True, undo_of=first)
    assert listed(admin_client) == [undone, mended, first]
    retry = ImportFactory.create(retry_of=first)
    assert listed(admin_client) == [retry, undone, first]
    undo = ImportFactory.create(is_undo=True, undo_of=first)

    assert listed(admin_client) == [undo, retry, first]


@pytest.mark.backend
def test_the_beginning_of_an_id_finds_an_import(admin_client: Client) -> None:
    ImportFactory.create(id=UUID("01000000-0000-7000-8000-000000000001"))
    wanted = ImportFactory.create(id=UUID("02000000-0000-7000-8000-000000000002"))

    assert listed(admin_client, q="02000000-0000-70") == [wanted]
    assert listed(admin_client, q=str(wanted.pk)) == [wanted]


@pytest.mark.parametrize("text", ["\x00", "%", "' OR 1=1", "é" * 500])
@pytest.mark.backend
def test_any_search_text_is_answered(admin_client: Client, text: str) -> None:
    ImportFactory.create()

    assert admin_client.get(LIST, {"q": text}, follow=True).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["status__exact", "mode__exact", "resource_type", "errors", "client", "o", "p"],
)
@pytest.mark.parametrize("text", ["\x00", "nonsense", "99999999999999999999"])
@pytest.mark.backend
def test_any_filter_is_answered(admin_client: Client, name: str, text: str) -> None:
    ImportFactory.create()

    assert admin_client.get(LIST, {name: text}, follow=True).status_code == 200


@pytest.mark.backend
def test_the_newest_import_comes_first_and_columns_sort(admin_client: Client) -> None:
    first = ImportFactory.create(resource_type="tags")
    second = ImportFactory.create(resource_type="skus", completed=True)

    assert listed(admin_client) == [second, first]
    assert listed(admin_client, o="1") == [second, first]
    assert listed(admin_client, o="-1") == [first, second]


def test_the_page_of_an_import_shows_every_attribute(admin_client: Client) -> None:
    import_ = ImportFactory.create(
        reference="spring",
        reference_origin="erp",
        parent_resource_id="parent-1",
        metadata={"batch": "B7"},
        cleanup_limit=77_123,
        interrupted=True,
        interruption="its parent is gone",
    )

    page = shown(admin_client, import_)

    for text in (str(import_.pk), "spring", "erp", "parent-1", "B7", "77123", "its parent is gone"):
        assert text in page


def test_warnings_are_a_table_of_escaped_texts(admin_client: Client) -> None:
    page = shown(admin_client, with_errors())

    assert "the column &lt;b&gt; is unknown" in page


def test_the_beginning_of_many_and_large_rows_is_shown(admin_client: Client) -> None:
    rows = [{"code": f"C-{number}", "name": "x" * 50_000} for number in range(30)]

    page = shown(admin_client, ImportFactory.create(rows=rows))

    assert "the first 10 of 30 rows" in page
    assert "C-9" in page
    assert "C-10" not in page
    assert len(page) < 110_000


@pytest.mark.backend
def test_a_page_takes_as_many_queries_for_a_long_log_as_for_a_short_one(
    admin_client: Client,
) -> None:
    short, long = with_errors(1), with_errors(90)
    shown(admin_client, short)  # content types are cached by now
    with CaptureQueriesContext(connection) as few:
        shown(admin_client, short)

    with CaptureQueriesContext(connection) as many:
        shown(admin_client, long)

    assert len(many) == len(few)


@pytest.fixture
def secret_password(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(CustomerImporter, "secret", frozenset({"password"}))
    return "hunter2"


def test_secret_attributes_are_on_no_page(admin_client: Client, secret_password: str) -> None:
    rows = [{"email": "a@example.com", "password": secret_password}]
    import_ = ImportFactory.create(resource_type="customers", rows=rows)

    pages = [
        shown(admin_client, import_),
        *(admin_client.get(url(p, import_)).content.decode() for p in ("delete", "history")),
    ]

    assert "a@example.com" in pages[0]
    assert not any(secret_password in page for page in pages)


def test_rows_of_an_unregistered_type_are_not_shown(admin_client: Client) -> None:
    import_ = ImportFactory.create(resource_type="gone", rows=[{"password": "hunter2"}])

    assert "hunter2" not in shown(admin_client, import_)


def test_the_page_of_a_pruned_import_is_shown(admin_client: Client) -> None:
    import_ = ImportFactory.create(completed=True)
    ImportChunk.objects.filter(bulk_import=import_).delete()

    assert "the first 0 of 2 rows" in shown(admin_client, import_)


def test_nobody_makes_or_changes_an_import_by_hand(admin_client: Client) -> None:
    import_ = ImportFactory.create(reference="mine")

    added = admin_client.post(reverse("admin:imports_app_import_add"), {})
    changed = admin_client.post(url("change", import_), {"reference": "yours"})

    assert (added.status_code, changed.status_code) == (403, 403)
    import_.refresh_from_db()
    assert import_.reference == "mine"


@pytest.mark.parametrize(
    "page",
    ["change", "live", "interrupt", "retry", "download_failures", "download_inputs", "delete"],
)
@pytest.mark.parametrize("object_id", [NOBODYS_ID, "nonsense", "%00", "a/b"])
@pytest.mark.backend
def test_an_import_that_does_not_exist_is_no_crash(
    admin_client: Client, page: str, object_id: str
) -> None:
    response = admin_client.get(f"{LIST}{object_id}/{page}/")

    assert response.status_code in {302, 404}


def test_staff_without_permission_see_no_import(staff_with: StaffWith) -> None:
    import_ = ImportFactory.create()
    client = staff_with()

    assert client.get(LIST).status_code == 403
    assert client.get(url("change", import_)).status_code == 403


def test_pages_load_nothing_from_elsewhere(admin_client: Client) -> None:
    import_ = ImportFactory.create(rows=[json.loads("{}")])

    for page in (admin_client.get(LIST).content.decode(), shown(admin_client, import_)):
        for attribute in ("src", "href"):
            assert f'{attribute}="http' not in page
            assert f'{attribute}="//' not in page


@pytest.mark.backend
def test_the_list_can_be_narrowed_to_ones_own(admin_client: Client, admin_user: User) -> None:
    ImportFactory.create()
    own = ImportFactory.create(caller=None, created_by=admin_user)

    assert listed(admin_client, created_by__id__exact=str(admin_user.pk)) == [own]


def test_headings_name_the_file_and_mark_live_data(admin_client: Client) -> None:
    import_ = ImportFactory.create(mode=Mode.LIVE, file={"name": "<b>.csv"})

    page = shown(admin_client, import_)

    assert 'skus · &lt;b&gt;.csv <span class="live-mark">LIVE</span>' in page
