"""Every attribute of the import object, as a client finds it."""

from datetime import datetime

from tests.acceptance.api import Api
from tests.acceptance.rows import codes, invalid, sku_rows

TIMES = ("created_at", "updated_at", "started_at", "completed_at", "interrupted_at")
SENT: dict[str, object] = {
    "parent_resource_id": None,
    "format": "json",
    "file_options": {},
    "if_exists": "update",
    "if_missing": "create",
    "cleanup_records": False,
    "cleanup_limit": None,
    "skip_errors": True,
    "dry_run": False,
    "all_or_nothing": False,
    "keep_changes": True,
    "reference": "nightly",
    "reference_origin": "erp",
    "metadata": {"batch": 7, "note": "é"},
}
NO_COUNTS = {
    "processed_count": 0,
    "created_count": 0,
    "updated_count": 0,
    "unchanged_count": 0,
    "errors_count": 0,
    "warnings_count": 0,
    "destroyed_count": 0,
}


def test_every_attribute_is_there_from_creation_on(client: Api) -> None:
    rows = sku_rows(2)
    answer = client.post(
        "/api/imports",
        {
            "data": {
                "type": "imports",
                "attributes": {**SENT, "resource_type": "skus", "inputs": rows},
            }
        },
    )
    created = answer.document["data"]

    assert answer.status == 201
    assert answer.headers["Location"] == created["links"]["self"]
    assert created["links"]["self"] == f"{client.url}/api/imports/{created['id']}"
    assert created["type"] == "imports"
    assert created["meta"]["mode"] == "test"
    times = {name: created["attributes"].pop(name) for name in TIMES}
    assert created["attributes"] == {
        **SENT,
        "resource_type": "skus",
        **NO_COUNTS,
        "inputs": rows,
        "inputs_size": 2,
        "status": "pending",
        "errors_log": {},
        "warnings_log": {},
        "attachment_url": created["attributes"]["attachment_url"],
    }
    assert [name for name, value in times.items() if value] == ["created_at", "updated_at"]


def test_every_attribute_is_true_at_the_end(client: Api) -> None:
    known, new, bad, twice = sku_rows(4)
    client.import_("skus", [known, twice])
    inputs = [known, new, invalid(bad), {**twice, "name": "B"}, {**twice, "name": "C"}]

    finished = client.import_("skus", inputs, **SENT)

    times = {name: finished["attributes"].pop(name) for name in TIMES}
    warnings = finished["attributes"].pop("warnings_log")
    assert finished["attributes"] == {
        **SENT,
        "resource_type": "skus",
        "inputs": inputs,
        "inputs_size": 5,
        "status": "completed",
        "processed_count": 4,
        "created_count": 1,
        "updated_count": 2,
        "unchanged_count": 1,
        "errors_count": 1,
        "warnings_count": 1,
        "destroyed_count": 0,
        "errors_log": {bad["code"]: {"name": ["can't be blank"]}},
        "attachment_url": finished["attributes"]["attachment_url"],
    }
    assert warnings.keys() == {twice["code"]}
    assert times.pop("interrupted_at") is None
    created, updated, started, completed = (datetime.fromisoformat(at) for at in times.values())
    assert created <= started <= completed <= updated
    assert all(
        at.endswith("Z") and len(at) == len("2030-01-01T00:00:00.000Z") for at in times.values()
    )


def test_an_attribute_can_be_asked_for_alone(client: Api) -> None:
    import_ = client.import_("skus", sku_rows(1))

    for name, value in import_["attributes"].items():
        if name == "attachment_url":  # signed anew each time
            continue
        answer = client.get(f"/api/imports/{import_['id']}?fields[imports]={name}")
        assert answer.document["data"]["attributes"] == {name: value}


def test_a_client_can_relabel_and_delete_its_import(client: Api) -> None:
    rows = sku_rows(1)
    import_ = client.import_("skus", rows)
    path = f"/api/imports/{import_['id']}"

    changed = client.patch(path, "imports", import_["id"], reference="again", metadata={"a": [1]})

    assert changed.status == 200
    shown = client.get(path).document["data"]["attributes"]
    assert (shown["reference"], shown["metadata"]) == ("again", {"a": [1]})
    assert client.request("DELETE", path).status == 204
    assert client.get(path).status == 404
    assert len(client.records("skus", "code", codes(rows))) == 1
