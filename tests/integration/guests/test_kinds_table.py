"""The guide's table of keys and fields says of each cell what its test shows."""

from collections.abc import Iterator

import pytest
from django.apps.registry import Apps
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from imports_app.checks import check_importer
from imports_app.importer import Importer
from imports_app.models import Mode
from tests.acceptance.documents import DEVELOPERS
from tests.guests.keyed import ByParts, Inherited
from tests.guests.things import Thing
from tests.integration.guests import test_field_kinds as fields
from tests.integration.guests import test_key_kinds as keys

HEAD = "| Key or field | create | update | link | filter | read |\n|---|---|---|---|---|---|\n"
KEYS = {
    keys.NumberedImporter: 'a number as id: 7 or `"7"`',
    keys.ByUuidImporter: "a UUID as id",
    keys.ByCodeImporter: "a text as primary key",
    keys.ByOtherImporter: "a OneToOneField as primary key",
    keys.InheritedImporter: 'multi-table inheritance, with `write = "save"`',
    keys.ByEmailImporter: "uniqueness by an expression or a condition",
    keys.HiddenImporter: "a manager that hides records",
    keys.NodeImporter: "a foreign key to its own model",
}

# Elsewhere the model of the tests is without them.
OF_POSTGRESQL = {
    "words": "ArrayField",
    "sizes": "IntegerRangeField",
    "prices": "DecimalRangeField",
    "days": "DateRangeField",
    "hours": "DateTimeRangeField",
}


def line(name: str, *, links: bool = True, filters: bool = True) -> str:
    cells = ["yes", "yes", "yes" if links else "no", "yes" if filters else "no", "yes"]
    return f"| {' | '.join([name, *cells])} |\n"


def table() -> str:
    lines = [line(KEYS[kind]) for kind in keys.KINDS]
    for kind in (*fields.KINDS, *fields.OF_POSTGRESQL):
        name = OF_POSTGRESQL.get(kind.field) or field_name(kind.field)
        place = ", PostgreSQL" if kind in fields.OF_POSTGRESQL else ""
        lines.append(line(f"{name}{place}", links=kind.links, filters=kind.filters))
    lines.append(line("ManyToManyField"))  # test_many.py
    lines.append(line('a key of several fields, `by=("region", "code")`'))  # test_parts.py
    return HEAD + "".join(lines)


def field_name(name: str) -> str:
    return type(Thing._meta.get_field(name)).__name__


def test_the_guide_has_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{table()}")  # noqa: T201  (whoever runs it wants to see it)

    assert table() in DEVELOPERS


REFUSED = "| Refused by `check` | Id | What it says |\n|---|---|---|\n"


class Page(models.Model):
    """Has no table."""

    code = models.CharField(max_length=20, unique=True)
    words = SearchVectorField(null=True)

    class Meta:
        apps = Apps()
        app_label = "guests"

    def __str__(self) -> str:
        return self.code


class CompositeImporter(Importer):
    resource_type = "composites"
    model = ByParts
    mode = Mode.TEST
    key = ("shop", "number")


class InheritedImporter(Importer):
    resource_type = "inherited"
    model = Inherited
    mode = Mode.TEST
    key = ("name",)


class PageImporter(Importer):
    resource_type = "pages"
    model = Page
    mode = Mode.TEST
    key = ("code",)
    fields = ("code", "words")


def refused() -> Iterator[str]:
    kinds = {
        CompositeImporter: "a composite primary key",
        InheritedImporter: "multi-table inheritance, written in bulk",
        PageImporter: "a field without a form in JSON",
    }
    for importer, kind in kinds.items():
        message = next(iter(check_importer(importer())))
        said = message.msg.removeprefix(f"{importer.__name__}: ")
        yield f"| {kind} | `{str(message.id).removeprefix('imports.')}` | {said} {message.hint} |\n"


def test_the_guide_has_what_check_refuses_and_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = REFUSED + "".join(refused())
    with capsys.disabled():
        print(f"\n{table}")  # noqa: T201  (whoever runs it wants to see it)

    assert table in DEVELOPERS
