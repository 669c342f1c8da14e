"""The imports that touched a record, on its staff page."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from imports_app.commerce.models import Customer, Sku
from imports_app.models import KeptChanges
from imports_app.services.undoing import undo_import
from tests.factories.clients import ApiClientFactory
from tests.factories.commerce import SkuFactory
from tests.integration.admin.conftest import StaffWith
from tests.integration.admin.pages import only_import, send
from tests.running import done, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)


def page(client: Client, model: str, pk: object) -> str:
    answer = client.get(reverse(f"admin:commerce_{model}_imports", args=[pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_record_names_its_imports_the_last_first(admin_client: Client) -> None:
    client = ApiClientFactory.create(name="erp")
    done("skus", {"code": "A", "name": "first"})
    second = done("skus", {"code": "A", "name": "second"})
    type(second).objects.filter(pk=second.pk).update(caller=client.client_id)
    done("skus", {"code": "A", "name": "never"}, dry_run=True)
    done("skus", {"code": "B", "name": "other"})
    run_to_end(undo_import(import_=second))

    text = page(admin_client, "sku", Sku.objects.get(code="A").pk)

    places = [text.index(part) for part in ("by an undo", ">Updated<", ">Created<")]
    assert places == sorted(places)
    assert "erp" in text
    assert "first</del>" in text
    assert "second</ins>" in text
    assert "never" not in text
    assert "other" not in text


def test_a_traced_change_names_its_file_and_line_and_maker(
    admin_client: Client, admin_user: User
) -> None:
    send(admin_client, b"code,name\n,\nA,Mug\n", dry_run=None, skip_errors="on")
    run_to_end(only_import())

    text = page(admin_client, "sku", Sku.objects.get(code="A").pk)

    assert f"· {admin_user} · mugs.csv · line 3<" in " ".join(text.split())


def test_a_record_that_is_gone_has_its_imports_still(admin_client: Client) -> None:
    gone = SkuFactory.create(code="GONE")
    pk = gone.pk
    done("skus", {"code": "A", "name": "a"}, cleanup_records=True)

    text = page(admin_client, "sku", pk)

    assert "Destroyed" in text
    assert "this record, which is gone" in text


@pytest.mark.parametrize("pk", [uuid4(), "x", "\u0661"])
def test_a_record_that_never_existed_is_not_found(admin_client: Client, pk: object) -> None:
    assert admin_client.get(reverse("admin:commerce_sku_imports", args=[pk])).status_code == 404


def test_secret_values_are_not_shown(admin_client: Client) -> None:
    done("customers", {"email": "a@shop.test", "password": "s3cret word"})

    text = page(admin_client, "customer", Customer.objects.get().pk)

    assert "s3cret" not in text
    assert "changed, not shown" in text


def test_the_page_says_that_changes_can_not_be_read(admin_client: Client) -> None:
    done("customers", {"email": "a@shop.test", "password": "s3cret word"})
    KeptChanges.objects.update(content=b"x" * 50)

    assert "another secret key" in page(admin_client, "customer", Customer.objects.get().pk)


def test_the_page_of_a_record_links_to_its_imports(admin_client: Client) -> None:
    record = SkuFactory.create()

    shown = admin_client.get(reverse("admin:commerce_sku_change", args=[record.pk]))

    assert reverse("admin:commerce_sku_imports", args=[record.pk]) in shown.content.decode()
    assert "No import that keeps its changes has touched this record." in page(
        admin_client, "sku", record.pk
    )


def test_staff_who_may_not_see_imports_see_none_on_records(staff_with: StaffWith) -> None:
    record = SkuFactory.create()
    client = staff_with("view_sku")

    shown = client.get(reverse("admin:commerce_sku_change", args=[record.pk]))

    assert "Imports that touched" not in shown.content.decode()
    assert client.get(reverse("admin:commerce_sku_imports", args=[record.pk])).status_code == 403
