import pytest
from django.contrib.admin import autodiscover, site
from django.db import models
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from imports_app.commerce.models import Sku
from imports_app.models import Mode
from tests.factories import commerce, factory_for

pytestmark = [pytest.mark.django_db, pytest.mark.once]

autodiscover()
MODELS = sorted(
    (model for model in site._registry if model._meta.app_label == "commerce"),
    key=lambda model: model._meta.model_name or "",
)


def url(model: type[models.Model], page: str, *args: object) -> str:
    return reverse(f"admin:commerce_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.backend
def test_staff_see_the_records(admin_client: Client, model: type[models.Model]) -> None:
    record = factory_for(model).create(reference="the-one")

    listed = admin_client.get(url(model, "changelist"), {"q": "the-one"})
    shown = admin_client.get(url(model, "change", record.pk))

    assert listed.context["cl"].result_count == 1
    assert "the-one" in listed.content.decode()
    assert "the-one" in shown.content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_a_list_of_many_takes_no_more_queries_than_one_of_few(
    admin_client: Client,
    model: type[models.Model],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    factory = factory_for(model)
    factory.create()
    with django_assert_max_num_queries(100) as few:
        admin_client.get(url(model, "changelist"))
    factory.create_batch(5)

    with django_assert_max_num_queries(len(few)):
        admin_client.get(url(model, "changelist"))


@pytest.mark.parametrize("model", MODELS)
def test_staff_change_no_record(admin_client: Client, model: type[models.Model]) -> None:
    record = factory_for(model).create()

    assert admin_client.get(url(model, "add")).status_code == 403
    assert admin_client.post(url(model, "change", record.pk), {}).status_code == 403
    assert admin_client.post(url(model, "delete", record.pk), {"post": "yes"}).status_code == 403


@pytest.mark.backend
def test_staff_search_by_the_beginning_of_a_key(admin_client: Client) -> None:
    commerce.SkuFactory.create(code="TEA-1")
    commerce.SkuFactory.create(code="POT-1")

    listed = admin_client.get(url(Sku, "changelist"), {"q": "TEA"})

    assert [sku.code for sku in listed.context["cl"].result_list] == ["TEA-1"]


@pytest.mark.backend
def test_staff_choose_a_mode(admin_client: Client) -> None:
    commerce.SkuFactory.create(mode=Mode.TEST)
    live = commerce.SkuFactory.create(mode=Mode.LIVE)

    listed = admin_client.get(url(Sku, "changelist"), {"mode__exact": "live"})

    assert list(listed.context["cl"].result_list) == [live]
