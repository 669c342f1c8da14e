"""Export on the staff's lists of records."""

import csv
from io import BytesIO, StringIO

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from imports_app.models import Mode
from tests.factories.commerce import SkuFactory

pytestmark = pytest.mark.django_db

LISTING = "admin:commerce_sku_changelist"


def exported(client: Client, query: str = "", form: str = "csv") -> bytes:
    answer = client.get(f"{reverse(f'admin:commerce_sku_{form}')}{query}")
    assert answer.status_code == 200
    return answer.getvalue()


def test_all_records_that_the_filters_find_are_exported(admin_client: Client) -> None:
    SkuFactory.create(code="A1", mode=Mode.LIVE)
    SkuFactory.create(code="A2", mode=Mode.TEST)
    SkuFactory.create(code="B1", mode=Mode.LIVE)

    text = exported(admin_client, "?mode__exact=live&q=A").decode()

    rows = list(csv.DictReader(StringIO(text, newline="")))
    assert [row["code"] for row in rows] == ["A1"]


def test_records_are_exported_as_a_spreadsheet_too(admin_client: Client) -> None:
    SkuFactory.create(code="A1")

    book = CalamineWorkbook.from_filelike(BytesIO(exported(admin_client, form="xlsx")))

    assert [row[0] for row in book.get_sheet_by_index(0).to_python()] == ["code", "A1"]


def test_the_list_has_links_that_keep_its_filters(admin_client: Client) -> None:
    page = admin_client.get(reverse(LISTING), {"mode__exact": "live"}).content.decode()

    for form in ("csv", "xlsx"):
        assert f'{reverse(f"admin:commerce_sku_{form}")}?mode__exact=live"' in page


def test_a_filter_that_is_none_leads_back_to_the_list(admin_client: Client) -> None:
    answer = admin_client.get(f"{reverse('admin:commerce_sku_csv')}?created_at__gte=nonsense")

    assert (answer.status_code, answer["Location"]) == (302, reverse(LISTING))


def test_users_who_may_not_see_records_export_none(client: Client) -> None:
    client.force_login(User.objects.create_user("bob", is_staff=True))
    url = reverse("admin:commerce_sku_csv")

    assert client.get(url).status_code == 403
    client.logout()
    assert client.get(url).status_code == 302
