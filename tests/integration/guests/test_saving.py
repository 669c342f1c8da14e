"""`write = "save"` has each record go through its model's own code, and loses no other promise."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models.signals import post_save

from imports_app.checks import check_importer
from imports_app.importer import Importer
from imports_app.models import Import, Mode
from imports_app.registry import importers
from tests.guests.kinds import Ticket
from tests.guests.registering import registered
from tests.running import counts, row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)


class TicketImporter(Importer):
    resource_type = "tickets"
    model = Ticket
    mode = Mode.TEST
    key = ("number",)


class Saved(TicketImporter):
    write = "save"


class Asked(TicketImporter):
    validate = "model"  # type: ignore[assignment]


@pytest.fixture
def heard() -> Iterator[list[tuple[int, bool]]]:
    """The numbers of what was saved, and whether it was new."""
    received: list[tuple[int, bool]] = []

    def hear(instance: Ticket, *, created: bool, **_: Any) -> None:
        received.append((instance.number, created))

    post_save.connect(hear, sender=Ticket)
    yield received
    post_save.disconnect(hear, sender=Ticket)


def run(importer: type[Importer], *rows: dict[str, Any]) -> Import:
    with registered(importer):
        return run_import(importers.get("tickets"), rows, skip_errors=True)


def messages(import_: Import) -> dict[int, list[str]]:
    return {
        index: [f"{error.attribute} {error.message}" for error in errors]
        for index, errors in row_errors(import_).items()
    }


def test_records_go_through_clean_save_and_signals(heard: list[tuple[int, bool]]) -> None:
    Ticket.objects.create(number=2, title="Old", saves=7)
    Ticket.objects.create(number=3, title="Same", slug="same")
    heard.clear()

    import_ = run(
        Saved,
        {"number": 1, "title": "New One"},
        {"number": 2, "title": "Changed"},
        {"number": 3, "title": "Same"},
    )

    assert counts(import_) == (1, 1, 1, 0)
    assert heard == [(1, True), (2, False)]
    assert [*Ticket.objects.order_by("number").values_list("slug", "saves")] == [
        ("new-one", 1),
        ("changed", 9),
        ("same", 1),
    ]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"starts": 20}, "ends is before it starts"),
    ({"title": "nothing"}, "base is nothing"),
    ({"ends": 101}, "base ends too late"),
    ({"title": "taken"}, "title has already been taken; starts has already been taken"),
]


@pytest.mark.parametrize("importer", [Saved, Asked])
def test_every_error_of_the_model_is_logged_by_row(importer: type[Importer]) -> None:
    Ticket.objects.create(number=99, title="taken")
    rows = [{"number": n, "title": "fine"} | row for n, (row, _) in enumerate(REFUSED)]
    fine = {"number": 98, "title": "fine too"}

    import_ = run(importer, *rows, fine)

    found = {index: "; ".join(said) for index, said in messages(import_).items()}
    assert found == {n: message for n, (_, message) in enumerate(REFUSED)}
    assert counts(import_) == (1, 0, 0, len(REFUSED))


def test_an_error_raised_by_save_fails_only_its_row(heard: list[tuple[int, bool]]) -> None:
    titles = ["a", "unlucky", "nothing", "b", "refused", "c"]
    rows = [{"number": n, "title": title} for n, title in enumerate(titles)]

    import_ = run(Saved, *rows)

    assert messages(import_) == {
        1: ["base can't be saved: the model's own code raised KeyError"],
        2: ["base is nothing"],
        4: ["title is refused"],
    }
    assert [*Ticket.objects.order_by("number").values_list("title", "saves")] == [
        ("a", 1),
        ("b", 1),
        ("c", 1),
    ]


def test_rows_of_a_batch_take_effect_in_turn() -> None:
    import_ = run(Saved, {"number": 1, "title": "a"}, {"number": 1, "title": "b"})

    assert counts(import_) == (1, 1, 0, 0)
    assert Ticket.objects.get().title == "b"


def test_values_set_by_clean_are_written_in_bulk_too(heard: list[tuple[int, bool]]) -> None:
    import_ = run(Asked, {"number": 1, "title": "New One"})

    assert counts(import_) == (1, 0, 0, 0)
    assert Ticket.objects.values_list("slug", "saves").get() == ("new-one", 0)
    assert heard == []


def test_a_check_warns_of_what_a_bulk_write_goes_past(heard: list[tuple[int, bool]]) -> None:
    warnings = [f"{message.id} {message.msg}" for message in check_importer(TicketImporter())]

    assert warnings == [
        "imports.W037 TicketImporter: a bulk write bypasses Ticket.save().",
        "imports.W038 TicketImporter: a bulk write bypasses the receivers of post_save of Ticket.",
    ]
    assert list(check_importer(Saved())) == []
