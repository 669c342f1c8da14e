"""Clients that generators make of the OpenAPI document, against the running service."""

import importlib
import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.processes import eventually
from tests.acceptance.stack import Stack

BIN = Path(sys.executable).parent
FILE_TYPES = (
    "text/csv",
    "text/tab-separated-values",
    "application/x-ndjson",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/zip",
)
# The generator knows bytes by one media type only: it is told which others are files. Nothing is
# formatted.
CONFIG = {
    "content_type_overrides": dict.fromkeys(
        ("application/gzip", *FILE_TYPES), "application/octet-stream"
    ),
    "post_hooks": [],
}


class Generated:
    """A package that a generator made."""

    def __init__(self, name: str) -> None:
        self._name = name

    def operation(self, tag: str, name: str) -> Any:
        """What calls that operation."""
        return importlib.import_module(f"{self._name}.api.{tag}.{name}").sync

    def model(self, name: str) -> Any:
        return getattr(importlib.import_module(f"{self._name}.models"), name)

    def authenticated(self, url: str, token: str | None) -> Any:
        """A client, a context manager, that sends the token."""
        module = importlib.import_module(self._name)
        return module.AuthenticatedClient(base_url=url, token=token)


@pytest.fixture(scope="module")
def generated(
    embedded_stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Generated]:
    """What openapi-python-client makes of the document, without a warning."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "config.json").write_text(json.dumps(CONFIG))
    _generate(
        folder,
        *("openapi-python-client", "generate", "--fail-on-warning", "--meta", "none"),
        *("--url", f"{embedded_stack.api.url}/api/schema"),
        *("--config", "config.json", "--output-path", "imports_client"),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield Generated("imports_client")


@pytest.fixture
def client(embedded_stack: Stack, generated: Generated) -> Iterator[Any]:
    """The generated client with a token."""
    embedded_stack.await_ready()
    api = embedded_stack.client()
    with generated.authenticated(api.url, api.token) as opened:
        yield opened


def test_a_generated_client_creates_and_reads_an_import(generated: Generated, client: Any) -> None:
    code = f"GEN-{uuid.uuid4().hex}"
    row = generated.model("SkusRow")(code=code, name="Generated", weight=1.5, do_not_ship=False)

    created = _create(generated, client, inputs=[row], reference="of a generated client")
    done = _finished(generated, client, created.data.id)

    assert created.data.attributes.status.value == "pending"
    assert created.data.attributes.inputs[0].additional_properties["code"] == code
    assert done.data.attributes.status.value == "completed"
    assert done.data.attributes.created_count == 1
    assert done.data.attributes.reference == "of a generated client"
    filters = generated.model("ListSkusFilter").from_dict({"filter[q][code_eq]": code})
    found = generated.operation("skus", "list_skus")(client=client, filter_=filters)
    (sku,) = found.data
    assert (sku.attributes.name, sku.attributes.do_not_ship) == ("Generated", False)
    one = generated.operation("skus", "retrieve_skus")(sku.id, client=client)
    assert one.data == sku


def test_a_generated_client_changes_lists_retries_and_deletes(
    generated: Generated, client: Any
) -> None:
    created = _create(
        generated, client, inputs="code\nGEN", format_="csv", skip_errors=True, dry_run="true"
    )
    id_ = created.data.id
    done = _finished(generated, client, id_)

    failed = generated.operation("imports", "list_failures")(id_, client=client)
    body = generated.model("ImportUpdate").from_dict(
        {"data": {"type": "imports", "id": id_, "attributes": {"reference": id_}}}
    )
    changed = generated.operation("imports", "update_import")(id_, client=client, body=body)
    body = generated.model("ImportRetry").from_dict({"data": {"type": "imports"}})
    again = generated.operation("imports", "retry_import")(id_, client=client, body=body)
    _finished(generated, client, again.data.id)
    filters = generated.model("ListImportsFilter").from_dict({"filter[q][reference_eq]": id_})
    listed = generated.operation("imports", "list_imports")(client=client, filter_=filters)
    gone = generated.operation("imports", "delete_import")
    missing = generated.operation("imports", "retrieve_import")

    assert done.data.attributes.dry_run is True
    assert done.data.attributes.errors_log["GEN"]["name"] == ["can't be blank"]
    assert [error.attribute for error in failed.data[0].attributes.errors] == ["name"]
    assert changed.data.attributes.reference == id_
    assert again.data.meta.retry_of == id_
    assert {one.id for one in listed.data} == {id_, again.data.id}
    assert gone(id_, client=client) is None
    assert missing(id_, client=client).errors[0].code == "RECORD_NOT_FOUND"


def test_a_generated_client_learns_what_is_wrong(generated: Generated, client: Any) -> None:

    refused = _create(generated, client, inputs=[])

    (error,) = refused.errors
    assert (error.status, error.source.pointer) == ("422", "/data/attributes/inputs")


def test_datamodel_code_generator_makes_models_that_requests_and_answers_fit(
    embedded_stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = embedded_stack.client()
    _generate(
        tmp_path,
        *("datamodel-codegen", "--input-file-type", "openapi", "--allow-private-network"),
        *("--url", f"{api.url}/api/schema", "--output", "imports_models.py"),
        *("--output-model-type", "pydantic_v2.BaseModel", "--formatters", "builtin"),
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    models: Any = importlib.import_module("imports_models")
    code = f"GEN-{uuid.uuid4().hex}"
    attributes = {"resource_type": "skus", "inputs": [{"code": code, "name": "Modelled"}]}

    sent = models.ImportCreate.model_validate(
        {"data": {"type": "imports", "attributes": attributes}}
    )
    answer = api.post("/api/imports", sent.model_dump(mode="json", exclude_unset=True))
    created = models.Import.model_validate(answer.document["data"])
    done = models.Import.model_validate(api.finished(created.id))
    (record,) = api.records("skus", "code", [code])

    assert answer.status == 201
    assert (done.attributes.status.value, done.attributes.created_count) == ("completed", 1)
    assert models.Skus.model_validate(record).attributes.name == "Modelled"


def _create(generated: Generated, client: Any, **attributes: Any) -> Any:
    """The answer to a creation of SKUs, which is made of the generated models."""
    prefix = "ImportCreate"
    types = generated.model(f"{prefix}DataAttributesResourceType")
    if "format_" in attributes:
        attributes["format_"] = generated.model("ImportCreateDataAttributesFormatType0")(
            attributes["format_"]
        )
    made = generated.model(f"{prefix}DataAttributes")(resource_type=types.SKUS, **attributes)
    data = generated.model(f"{prefix}Data")(type_="imports", attributes=made)
    body = generated.model(prefix)(data=data)
    return generated.operation("imports", "create_import")(client=client, body=body)


def _finished(generated: Generated, client: Any, id_: str) -> Any:
    def look() -> Any:
        seen = generated.operation("imports", "retrieve_import")(id_, client=client)
        return seen if seen.data.attributes.status.value in {"completed", "interrupted"} else None

    return eventually(look, f"import {id_} is final")


def _generate(folder: Path, tool: str, *arguments: str) -> None:
    done = subprocess.run(
        [str(BIN / tool), *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
