"""The rules of JSON:API 1.1 for a server that is told to change something, and for its errors.

Where the contract of this API says otherwise, the test says so.
"""

from typing import Any
from urllib.parse import urlsplit

import pytest

from imports_app.models import Import
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Caller, import_document
from tests.integration.api.json_api import check_document

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PATH = "/api/imports"


def changes(import_: Import, **members: Any) -> dict[str, Any]:
    """The body of a PATCH, with these members of `data` in the place of the right ones."""
    right = {"type": "imports", "id": str(import_.pk), "attributes": {"reference": "new"}}
    return {"data": {**right, **members}}


# Creating: #crud-creating


@pytest.mark.backend
def test_a_created_resource_is_a_201_with_its_location_and_itself(caller: Caller) -> None:
    """#crud-creating-responses-201: Location and links.self must be the same."""
    answer = caller.post(PATH, import_document(reference="r"))
    check_document(answer.document)
    assert answer.status == 201
    assert answer.headers["Location"] == answer.data["links"]["self"]
    shown = caller.get(urlsplit(answer.headers["Location"]).path).data
    assert shown["id"] == answer.data["id"]
    assert shown["attributes"]["reference"] == "r"


def test_an_id_made_by_the_client_is_a_403(caller: Caller) -> None:
    """#crud-creating-client-ids."""
    document = import_document()
    document["data"]["id"] = "01890a5d-ac96-774b-bcce-b302099a8057"
    answer = caller.post(PATH, document)
    assert answer.status == 403
    assert answer.error["source"] == {"pointer": "/data/id"}
    assert not Import.objects.exists()


def test_a_local_id_is_no_id_and_never_comes_back(caller: Caller) -> None:
    """#document-resource-object-identification: `lid` names what has no id yet."""
    document = import_document()
    document["data"]["lid"] = "local"
    answer = caller.post(PATH, document)
    assert answer.status == 201
    assert "lid" not in answer.data


def test_a_type_other_than_the_collections_is_a_409(caller: Caller) -> None:
    """#crud-creating-responses-409."""
    document = import_document()
    document["data"]["type"] = "skus"
    answer = caller.post(PATH, document)
    assert answer.status == 409
    assert answer.error["source"] == {"pointer": "/data/type"}


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"data": None},
        {"data": []},
        {"data": [import_document()["data"]]},
        {"data": {"attributes": {}}},
        {"data": {"type": 7}},
        {"data": {"type": "imports", "attributes": []}},
    ],
)
def test_a_body_without_one_resource_object_is_a_400(caller: Caller, document: Any) -> None:
    """#crud-creating: "a single resource object as primary data", with at least a type."""
    assert caller.post(PATH, document).status == 400


@pytest.mark.parametrize("path", ["/api/skus", "/api/resource_types"])
def test_creating_what_only_imports_make_is_refused(caller: Caller, path: str) -> None:
    """#crud-creating-responses-403 lets a server refuse; a 405 names what is allowed."""
    answer = caller.post(path, {"data": {"type": "skus", "attributes": {}}})
    assert answer.status == 405
    assert "POST" not in answer.headers["Allow"]


# Updating: #crud-updating


@pytest.mark.backend
def test_an_update_answers_with_the_resource_and_leaves_what_is_not_given(caller: Caller) -> None:
    """#crud-updating-resource-attributes and #crud-updating-responses-200."""
    import_ = ImportFactory.create(reference="old", reference_origin="kept")
    answer = caller.patch(f"{PATH}/{import_.pk}", changes(import_))
    check_document(answer.document)
    assert answer.status == 200
    assert answer.data["attributes"]["reference"] == "new"
    assert answer.data["attributes"]["reference_origin"] == "kept"


@pytest.mark.backend
def test_updating_what_does_not_exist_is_a_404(caller: Caller) -> None:
    """#crud-updating-responses-404."""
    import_ = ImportFactory.create()
    document = changes(import_)
    import_.delete()
    assert caller.patch(f"{PATH}/{document['data']['id']}", document).status == 404


def test_a_type_other_than_the_resources_is_a_409(caller: Caller) -> None:
    """#crud-updating-responses-409."""
    import_ = ImportFactory.create()
    answer = caller.patch(f"{PATH}/{import_.pk}", changes(import_, type="skus"))
    assert answer.status == 409
    assert answer.error["source"] == {"pointer": "/data/type"}


@pytest.mark.parametrize("member", [{"id": "another"}, {"id": None}])
def test_an_id_other_than_the_urls_changes_nothing(caller: Caller, member: dict[str, Any]) -> None:
    """#crud-updating-responses-409."""
    import_ = ImportFactory.create(reference="old")
    answer = caller.patch(f"{PATH}/{import_.pk}", changes(import_, **member))
    assert (answer.status, answer.error["code"]) == (409, "KEY_NOT_INCLUDED_IN_URL")
    import_.refresh_from_db()
    assert import_.reference == "old"


@pytest.mark.backend
def test_an_attribute_that_can_not_be_updated_changes_nothing(caller: Caller) -> None:
    """#crud-updating-responses-403; the contract has a 422 that names the attribute."""
    import_ = ImportFactory.create(reference="old")
    document = changes(import_, attributes={"reference": "new", "status": "completed"})
    answer = caller.patch(f"{PATH}/{import_.pk}", document)
    assert answer.status == 422
    assert answer.error["source"] == {"pointer": "/data/attributes/status"}
    import_.refresh_from_db()
    assert import_.reference == "old", "a request takes effect as a whole or not at all"


# Deleting: #crud-deleting


@pytest.mark.backend
def test_deleting_is_a_204_without_content_and_then_a_404(caller: Caller) -> None:
    """#crud-deleting-responses-204 and -404."""
    import_ = ImportFactory.create()
    answer = caller.delete(f"{PATH}/{import_.pk}")
    assert (answer.status, answer.content) == (204, b"")
    assert caller.delete(f"{PATH}/{import_.pk}").status == 404


# Errors: #errors


def test_several_problems_are_several_errors_each_with_its_pointer(caller: Caller) -> None:
    """#errors-processing and #error-objects."""
    document = import_document(resource_type="nothing", dry_run="maybe", nonsense=1)
    answer = caller.post(PATH, document)
    check_document(answer.document)
    assert answer.status == 422
    assert {error["source"]["pointer"] for error in answer.errors} == {
        "/data/attributes/resource_type",
        "/data/attributes/dry_run",
        "/data/attributes/nonsense",
    }


def test_a_pointer_escapes_what_a_name_holds(caller: Caller) -> None:
    """#error-objects: a JSON Pointer, as RFC 6901 writes it."""
    answer = caller.post(PATH, import_document(**{"a/b~c": 1}))
    assert answer.error["source"] == {"pointer": "/data/attributes/a~1b~0c"}


@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "PATCH"])
def test_a_method_that_is_not_allowed_is_an_error_document(caller: Caller, method: str) -> None:
    """#errors: whatever is refused is told under `errors`."""
    answer = caller.request(method, PATH)
    check_document(answer.document)
    assert answer.status == 405
