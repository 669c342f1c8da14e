"""Of a file the records API tells the name, and a row gives no more; nobody opens it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from imports_app.models import Mode
from imports_app.registry import importers
from tests.factories.clients import ApiClientFactory
from tests.guests.models import Manual
from tests.guests.registering import registered
from tests.guests.types import ManualImporter
from tests.integration.api.caller import Caller
from tests.running import row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.MEDIA_ROOT = str(tmp_path)
    with registered(ManualImporter):
        yield tmp_path


@pytest.fixture
def caller() -> Caller:
    return Caller(ApiClientFactory.create(mode=Mode.TEST))


def test_an_answer_has_the_name_of_the_file_and_nothing_of_what_is_in_it(
    caller: Caller, media: Path
) -> None:
    (media / "salaries.csv").write_text("ada;1000\n")
    Manual.objects.create(title="A", file="salaries.csv", mode=Mode.TEST)

    (record,) = caller.get("/api/manuals").data

    assert record["attributes"] == {"title": "A", "file": "salaries.csv", "cover": None}


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "gone.pdf"])
def test_a_name_that_leads_nowhere_or_elsewhere_breaks_no_answer(caller: Caller, name: str) -> None:
    Manual.objects.create(title="A", file=name, mode=Mode.TEST)

    (record,) = caller.get("/api/manuals").data

    assert record["attributes"]["file"] == name


def test_a_row_gives_the_name_of_a_file(caller: Caller) -> None:
    row = {"title": "A", "file": "manuals/a.pdf", "cover": "covers/a.png"}

    assert run_import(importers.get("manuals"), [row]).created_count == 1

    (record,) = caller.get("/api/manuals").data
    assert record["attributes"] == row
    assert run_import(importers.get("manuals"), [row]).unchanged_count == 1


@pytest.mark.parametrize(
    "name",
    ["../a.pdf", "a/../../b.pdf", "/etc/passwd", "..\\a.pdf", "C:\\a.pdf", "..", "a/..", "a/"],
)
def test_a_name_that_leads_out_of_the_folder_fails_its_row(name: str) -> None:
    import_ = run_import(
        importers.get("manuals"), [{"title": "A", "file": name}, {"title": "B"}], skip_errors=True
    )

    message = "is not the name of a file in the storage's folder"
    assert row_errors(import_) == {0: [("file", "invalid", message)]}
    assert import_.created_count == 1


def test_a_name_is_no_longer_than_its_column() -> None:
    import_ = run_import(
        importers.get("manuals"), [{"title": "A", "file": "a" * 61}], skip_errors=True
    )

    (errors,) = row_errors(import_).values()
    assert [(error.attribute, error.code) for error in errors] == [("file", "too_long")]
