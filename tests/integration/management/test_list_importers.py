import json
from typing import Any

from imports_app.registry import importers
from tests.integration.management.running import run


def test_every_type_has_a_line_with_its_key_and_parent(capsys: Any) -> None:
    lines = [line.split("  ") for line in run(capsys, "list_importers").out.splitlines()]

    shown = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    assert shown[0] == ["TYPE", "KEY", "PARENT"]
    assert [line[0] for line in shown[1:]] == [each.resource_type for each in importers]
    assert ["skus", "code", "-"] in shown


def test_json_has_what_a_file_needs(capsys: Any) -> None:
    found = {
        each["resource_type"]: each
        for each in json.loads(run(capsys, "list_importers", "--json").out)
    }

    assert set(found) == {each.resource_type for each in importers}
    assert found["skus"]["key"] == ["code"]
    assert "shipping_category" in found["skus"]["relations"]
    assert "name" in found["skus"]["attributes"]
