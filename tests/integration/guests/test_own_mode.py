"""A model's own field named `mode` is a field like any other: only ModeModel's says whose it is."""

from collections.abc import Iterator

import pytest

from imports_app.checks import check_importer
from imports_app.models import Mode
from imports_app.registry import importers
from tests.factories.clients import ApiClientFactory
from tests.guests.models import Route
from tests.guests.registering import registered
from tests.guests.types import RouteImporter, RouteRow
from tests.integration.api.caller import Caller
from tests.running import row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)


class KeylessImporter(RouteImporter):
    key = ()

    class Row(RouteRow, total=False):
        pass


@pytest.fixture(autouse=True)
def routes() -> Iterator[None]:
    with registered(RouteImporter):
        yield


def modes() -> dict[str, str]:
    return dict(Route.objects.values_list("code", "mode"))


def test_a_mode_field_of_the_models_own_gets_its_default() -> None:
    rows = [{"code": "A"}, {"code": "B", "mode": "sea"}]

    with registered(KeylessImporter):
        import_ = run_import(importers.get("routes"), rows)

    assert row_errors(import_) == {}
    assert modes() == {"A": "air", "B": "sea"}


def test_a_mode_field_of_the_models_own_can_be_part_of_the_key() -> None:
    Route.objects.create(code="A", mode="air", cost=1)
    rows = [{"code": "A", "mode": "sea", "cost": 2}, {"code": "A", "mode": "air", "cost": 3}]

    import_ = run_import(importers.get("routes"), rows)

    assert (import_.created_count, import_.updated_count) == (1, 1)
    assert set(Route.objects.values_list("mode", "cost")) == {("air", 3), ("sea", 2)}


def test_a_value_that_is_taken_is_an_error_at_the_attribute() -> None:
    a = Route.objects.create(code="A", mode="air")
    Route.objects.create(code="A", mode="sea")

    import_ = run_import(
        importers.get("routes"), [{"id": str(a.pk), "mode": "sea"}], skip_errors=True
    )

    (errors,) = row_errors(import_).values()
    assert [(error.attribute, error.code) for error in errors] == [
        ("code", "taken"),
        ("mode", "taken"),
    ]


def test_cleanup_destroys_what_the_import_leaves_out_whatever_its_value() -> None:
    for mode in ("air", "sea", "test", "live"):
        Route.objects.create(code="OLD", mode=mode)

    import_ = run_import(
        importers.get("routes"), [{"code": "NEW", "mode": "air"}], cleanup_records=True
    )

    assert import_.destroyed_count == 4
    assert modes() == {"NEW": "air"}


def test_a_mode_field_of_the_models_own_is_shown_and_filtered_by() -> None:
    Route.objects.create(code="A", mode="air")
    Route.objects.create(code="B", mode="sea")
    caller = Caller(ApiClientFactory.create(mode=Mode.TEST))

    (record,) = caller.get("/api/routes?filter[q][mode_eq]=sea").data

    assert (record["attributes"]["code"], record["attributes"]["mode"]) == ("B", "sea")
    assert record["meta"] == {"mode": "test"}
    assert Caller(ApiClientFactory.create(mode=Mode.LIVE)).get("/api/routes").data == []


def test_an_importer_of_such_a_model_is_sound_and_has_to_name_its_mode() -> None:
    assert list(check_importer(RouteImporter())) == []

    (message,) = check_importer(type("Modeless", (RouteImporter,), {"mode": None})())
    assert message.id == "imports.E002"
