"""The rules of JSON:API 1.1 for a server that only answers: https://jsonapi.org/format/1.1/.

Each test is one rule, or one family of them, with the section that has it. What changes something
is in `test_json_api_changes.py`.
"""

from urllib.parse import urlencode, urlsplit

import pytest

from tests.factories.commerce import ShippingCategoryFactory, SkuFactory
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import MEDIA_TYPE, Answer, Caller, import_document
from tests.integration.api.json_api import check_document

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PATH = "/api/imports"
EXT = f'{MEDIA_TYPE}; ext="https://jsonapi.org/ext/atomic"'
PROFILE = f'{MEDIA_TYPE}; profile="https://example.com/profile"'
CHARSET = f"{MEDIA_TYPE}; charset=utf-8"


def listing(caller: Caller, **query: str) -> Answer:
    named = {name.replace("__", "[", 1).replace("__", "]["): value for name, value in query.items()}
    closed = {f"{name}]" if "[" in name else name: value for name, value in named.items()}
    return caller.get(f"{PATH}?{urlencode(closed)}")


def ids(answer: Answer) -> list[str]:
    return [resource["id"] for resource in answer.data]


def readable(caller: Caller) -> list[str]:
    """A path of every kind, each with something to see, and two that are refused."""
    import_ = ImportFactory.create(interrupted=True)
    sku = SkuFactory.create(shipping_category=ShippingCategoryFactory.create())
    return [
        PATH,
        f"{PATH}/{import_.pk}",
        f"{PATH}/{import_.pk}/failures",
        "/api/application",
        "/api/organization",
        "/api/resource_types",
        "/api/resource_types/skus",
        "/api/skus",
        f"/api/skus/{sku.pk}",
        "/api/customers",
        "/api/nothing",
        f"{PATH}?sort=nothing",
    ]


# Content negotiation: #content-negotiation-servers


def test_answers_have_the_media_type_without_parameters_and_vary_by_accept(caller: Caller) -> None:
    """#content-negotiation-servers, "MUST send with the JSON:API media type"."""
    for path in readable(caller):
        answer = caller.get(path)
        assert answer.headers["Content-Type"] == MEDIA_TYPE, path
        if answer.status == 200:
            assert "Accept" in answer.headers["Vary"], path


@pytest.mark.parametrize("media_type", [CHARSET, EXT, f'{EXT}; profile="https://e.com/p"'])
def test_content_with_foreign_parameters_or_extensions_is_a_415(
    caller: Caller, media_type: str
) -> None:
    """#content-negotiation-servers, 415 Unsupported Media Type."""
    answer = caller.post(PATH, import_document(), media_type=media_type)
    assert answer.error["code"] == "UNSUPPORTED_MEDIA_TYPE"
    assert answer.status == 415


@pytest.mark.parametrize("accept", [CHARSET, EXT, f"{CHARSET}, {EXT}"])
def test_accepting_only_foreign_parameters_or_extensions_is_a_406(
    caller: Caller, accept: str
) -> None:
    """#content-negotiation-servers, 406 Not Acceptable."""
    assert caller.get(PATH, Accept=accept).status == 406


@pytest.mark.parametrize("accept", [f"{CHARSET}, {MEDIA_TYPE}", f"{EXT}, {PROFILE}"])
def test_one_usable_instance_of_the_media_type_is_enough(caller: Caller, accept: str) -> None:
    """#content-negotiation-servers: instances that can't be served are ignored."""
    assert caller.get(PATH, Accept=accept).status == 200


def test_profiles_that_are_not_known_are_ignored(caller: Caller) -> None:
    """#content-negotiation-servers, "MUST ignore any profiles that they do not recognize"."""
    answer = caller.post(PATH, import_document(), media_type=PROFILE, Accept=PROFILE)
    assert answer.status == 201


# Document structure: #document-structure


def test_every_answer_is_a_document(caller: Caller) -> None:
    """#document-top-level, #document-resource-objects, #document-links, #error-objects."""
    for path in readable(caller):
        check_document(caller.get(path).document)


def test_a_single_resource_is_an_object_and_a_collection_an_array(caller: Caller) -> None:
    """#document-top-level, primary data."""
    assert listing(caller).data == []
    import_ = ImportFactory.create()
    assert listing(caller).data[0]["id"] == str(import_.pk)
    assert caller.get(f"{PATH}/{import_.pk}").data["id"] == str(import_.pk)


@pytest.mark.parametrize("path", ["/api/imports", "/api/skus"])
@pytest.mark.backend
def test_a_self_link_answers_with_the_resource(caller: Caller, path: str) -> None:
    """#document-resource-object-links."""
    ImportFactory.create()
    SkuFactory.create()
    [resource] = caller.get(path).data
    shown = caller.get(urlsplit(resource["links"]["self"]).path).data
    assert (shown["type"], shown["id"]) == (resource["type"], resource["id"])


def test_a_relationship_holds_identifiers_and_no_key_of_the_database(caller: Caller) -> None:
    """#document-resource-object-linkage, and #document-resource-object-attributes on keys."""
    category = ShippingCategoryFactory.create()
    sku = SkuFactory.create(shipping_category=category)
    resource = caller.get(f"/api/skus/{sku.pk}").data
    linkage = resource["relationships"]["shipping_category"]["data"]
    assert linkage == {"type": "shipping_categories", "id": str(category.pk)}
    assert "shipping_category_id" not in resource["attributes"]


# Fetching: #fetching


@pytest.mark.parametrize("path", ["/api/imports/nothing", "/api/skus/7", "/api/nothing"])
@pytest.mark.backend
def test_a_resource_that_does_not_exist_is_a_404(caller: Caller, path: str) -> None:
    """#fetching-resources-responses-404."""
    assert caller.get(path).status == 404


def test_an_include_that_is_not_supported_is_a_400(caller: Caller) -> None:
    """#fetching-includes."""
    answer = listing(caller, include="records")
    assert answer.status == 400
    assert answer.error["source"] == {"parameter": "include"}


@pytest.mark.parametrize(
    ("fields", "shown"),
    [("status", {"status"}), ("status,format", {"status", "format"}), ("", set())],
)
def test_a_sparse_fieldset_leaves_the_rest_out(
    caller: Caller, fields: str, shown: set[str]
) -> None:
    """#fetching-sparse-fieldsets; an empty value asks for no fields."""
    import_ = ImportFactory.create()
    for path in (PATH, f"{PATH}/{import_.pk}"):
        data = caller.get(f"{path}?{urlencode({'fields[imports]': fields})}").data
        [resource] = data if isinstance(data, list) else [data]
        assert resource["attributes"].keys() == shown
        assert (resource["type"], resource["id"]) == ("imports", str(import_.pk))


@pytest.mark.backend
def test_a_sort_is_ascending_unless_it_has_a_minus(caller: Caller) -> None:
    """#fetching-sorting."""
    b, a, c = (str(ImportFactory.create(reference=name).pk) for name in "bac")
    assert ids(listing(caller, sort="reference")) == [a, b, c]
    assert ids(listing(caller, sort="-reference")) == [c, b, a]
    assert ids(listing(caller, sort="status,-reference")) == [c, b, a]


@pytest.mark.parametrize("sort", ["nothing", "status,nothing", "metadata", ""])
def test_a_sort_that_is_not_supported_is_a_400(caller: Caller, sort: str) -> None:
    """#fetching-sorting."""
    answer = listing(caller, sort=sort)
    assert answer.status == 400
    assert answer.error["source"] == {"parameter": "sort"}


@pytest.mark.backend
def test_pagination_links_keep_the_query_and_are_null_where_there_is_no_page(
    caller: Caller,
) -> None:
    """#fetching-pagination: first, last, prev, next."""
    newest = [str(ImportFactory.create(reference="r").pk) for _ in range(3)][::-1]
    query = {"page__size": "1", "sort": "-created_at", "filter__q__reference_eq": "r"}
    answer = listing(caller, **query)
    links = answer.document["links"]
    assert links.keys() == {"first", "last", "prev", "next"}
    assert links["prev"] is None
    followed = caller.get(links["next"].removeprefix("http://testserver"))
    last = caller.get(links["last"].removeprefix("http://testserver"))
    assert [ids(answer), ids(followed), ids(last)] == [[pk] for pk in newest]
    assert last.document["links"]["next"] is None


@pytest.mark.backend
def test_filters_use_the_filter_family(caller: Caller) -> None:
    """#fetching-filtering."""
    import_ = ImportFactory.create(reference="x")
    ImportFactory.create(reference="y")
    assert ids(listing(caller, filter__q__reference_eq="x")) == [str(import_.pk)]


# Query parameters: #query-parameters


@pytest.mark.parametrize(
    "parameter",
    [
        "page[offset]",
        "page",
        "filter[status]",
        "sort[x]",
        "fields",
        "fields[imports][x]",
        "nonsense",
    ],
)
def test_a_parameter_of_the_specification_that_means_nothing_here_is_a_400(
    caller: Caller, parameter: str
) -> None:
    """#query-parameters-custom: names of a-z only are the specification's own."""
    answer = caller.get(f"{PATH}?{urlencode({parameter: '1'})}")
    assert answer.status == 400
    assert answer.error["source"] == {"parameter": parameter}


@pytest.mark.parametrize("parameter", ["camelCase", "snake_case"])
def test_a_parameter_of_the_clients_own_means_nothing_and_is_a_400(
    caller: Caller, parameter: str
) -> None:
    """#query-parameters-custom: a server may know such names, and this one knows none."""
    answer = caller.get(f"{PATH}?{parameter}=1")
    assert answer.status == 400
    assert answer.error["source"] == {"parameter": parameter}
