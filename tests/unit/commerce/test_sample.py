import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from imports_app import commerce
from imports_app.engine.types.row_type import validator as validator_of
from imports_app.engine.types.schema import schema_for
from imports_app.registry import importers

pytestmark = pytest.mark.backend

SAMPLE = sorted((Path(commerce.__path__[0]) / "sample").glob("*.json"))


def load(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def given_parents(resource_type: str, inputs: list[Mapping[str, Any]]) -> set[str]:
    """The types that the rows point to."""
    given = {attribute for row in inputs for attribute in row}
    return {
        target.resource_type
        for link in schema_for(importers.get(resource_type)).links
        if given & {form.attribute for form in link.forms}
        and (target := importers.for_model(link.relation.to))
    }


def test_the_sample_has_rows_of_every_type() -> None:
    assert {load(path)["resource_type"] for path in SAMPLE} == {
        importer.resource_type
        for importer in importers
        if importer.model._meta.app_label == "commerce"
    }


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.name)
def test_a_file_of_the_sample_is_the_order_of_an_import(path: Path) -> None:
    content = load(path)

    assert content.keys() == {"resource_type", "inputs"}
    validator = validator_of(schema_for(importers.get(content["resource_type"])))
    for row in content["inputs"]:
        validator.validate_python(row, strict=True)


def test_what_the_sample_points_to_comes_first() -> None:
    known: set[str] = set()
    for content in map(load, SAMPLE):
        assert given_parents(content["resource_type"], content["inputs"]) <= known
        known.add(content["resource_type"])
