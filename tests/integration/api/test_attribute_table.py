"""One table of the import's attributes, and everything that follows it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.contrib import admin
from django.test import RequestFactory

from config.env import BASE_DIR
from imports_app.api.openapi.document import openapi_document
from imports_app.models import Import
from imports_app.models.attributes import (
    ATTRIBUTES,
    Attribute,
    changeable,
    inherited,
    settable,
    shown,
)
from tests.integration.api.caller import Caller, import_document
from tests.running import run_to_end

PATH = "/api/imports"
# A column that no attribute shows; while the test lasts it is an option like any other.
OPTION = "cleanup_cursor"


def documented(attributes: Mapping[str, Attribute]) -> str:
    """The table of docs/clients.md."""
    lines = [
        "| Attribute | Given in | Filter | Sort | A retry keeps it | Meaning |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, attribute in attributes.items():
        methods = {"POST": attribute.settable, "PATCH": attribute.changeable}
        flags = (attribute.filterable, attribute.sortable, attribute.inherited)
        cells = [
            f"`{name}`",
            ", ".join(method for method, takes in methods.items() if takes),
            *("yes" if flag else "" for flag in flags),
            attribute.description,
        ]
        lines.append(f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |"))
    return "\n".join(lines)


def test_the_guide_for_clients_has_the_table() -> None:
    guide = (BASE_DIR / "docs" / "clients.md").read_text()

    missing = [line for line in documented(ATTRIBUTES).splitlines() if line not in guide]
    assert missing == []
    assert documented(ATTRIBUTES) in guide


@pytest.fixture
def option(monkeypatch: pytest.MonkeyPatch) -> Iterator[Attribute]:
    entry = Attribute(
        description="An option that this test adds.",
        settable=True,
        changeable=True,
        filterable=True,
        sortable=True,
        inherited=True,
        line="options",
    )
    with monkeypatch.context() as patch:
        patch.setitem(ATTRIBUTES, OPTION, entry)
        forget_names()
        yield entry
    forget_names()


def forget_names() -> None:
    for names in (settable, changeable, shown, inherited):
        names.cache_clear()


@pytest.mark.django_db
def test_a_new_entry_is_an_option_of_requests_listings_and_retries(
    caller: Caller, option: Attribute
) -> None:
    made = caller.post(PATH, import_document(inputs=[{}], **{OPTION: "b"})).data
    assert made["attributes"][OPTION] == "b"
    refused = caller.post(PATH, import_document(**{OPTION: 7}))
    assert refused.error["source"] == {"pointer": f"/data/attributes/{OPTION}"}

    url = f"{PATH}/{made['id']}"
    document = {"data": {"type": "imports", "id": made["id"], "attributes": {OPTION: "c"}}}
    assert caller.patch(url, document).data["attributes"][OPTION] == "c"
    assert caller.get(url).data["attributes"][OPTION] == "c"

    other = caller.post(PATH, import_document(**{OPTION: "a"})).data
    found = caller.get(f"{PATH}?filter[q][{OPTION}_eq]=c").data
    assert [import_["id"] for import_ in found] == [made["id"]]
    ordered = caller.get(f"{PATH}?sort={OPTION}").data
    assert [import_["id"] for import_ in ordered] == [other["id"], made["id"]]

    run_to_end(Import.objects.get(pk=made["id"]))
    assert caller.post(f"{url}/retry", b"").data["attributes"][OPTION] == "c"


def test_a_new_entry_is_documented(option: Attribute) -> None:
    document: Any = openapi_document.__wrapped__()
    schemas = document["components"]["schemas"]
    data = [schemas[name]["properties"]["data"] for name in ("ImportCreate", "ImportUpdate")]
    given = [each["properties"]["attributes"]["properties"] for each in data]
    shown = schemas["Import"]["properties"]["attributes"]["properties"]
    for properties in (shown, *given):
        assert properties[OPTION]["description"] == option.description
    listing = document["paths"][PATH]["get"]["parameters"]
    described = {each["name"]: each["description"] for each in listing if "name" in each}
    assert OPTION in described["filter"]
    assert OPTION in described["sort"]
    assert f"| `{OPTION}` | POST, PATCH | yes | yes | yes |" in documented(ATTRIBUTES)


def test_a_new_entry_stands_on_the_page_for_staff(option: Attribute) -> None:
    page = admin.site.get_model_admin(Import)
    [(_, shown)] = page.get_fieldsets(RequestFactory().get("/"))

    [line] = [fields for fields in shown["fields"] if OPTION in fields]
    assert line == [name for name, each in ATTRIBUTES.items() if each.line == "options"]
    assert len(line) > 1
