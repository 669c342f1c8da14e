import pytest
from django.test import Client
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("page", ["user_changelist", "user_add", "group_changelist", "group_add"])
def test_staff_manage_staff(admin_client: Client, page: str) -> None:
    assert admin_client.get(reverse(f"admin:auth_{page}")).status_code == 200


def test_logging_in_leads_to_the_first_page(client: Client, admin_user: object) -> None:
    credentials = {"username": "admin", "password": "password"}

    answer = client.post(reverse("admin:login"), credentials)

    assert answer.headers["Location"] == reverse("admin:index")
