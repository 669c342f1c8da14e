import json
from typing import Any

import pytest
from pytest_django import Settings

from imports_app.api.documents import Document, read_document
from imports_app.api.errors import ApiError
from imports_app.api.imports.rows import read_inputs
from imports_app.api.long_inputs import LONG
from imports_app.inputs.limits import MAX_MEMBERS


def body(**members: Any) -> bytes:
    return json.dumps({"data": {"type": "imports", **members}}).encode()


def refusal(text: bytes) -> ApiError:
    with pytest.raises(ApiError) as caught:
        read_document(text)
    assert caught.value.status_code == 400
    assert caught.value.code == "MALFORMED_REQUEST"
    return caught.value


def test_a_document_keeps_the_text_of_what_it_holds() -> None:
    text = (
        b'{"data": {"attributes": {"inputs": [ {"a" : 1.0} ], "reference": "r"},'
        b' "relationships": {}, "type": "imports", "id": "7"}}'
    )
    document = read_document(text)
    assert document.type == "imports"
    assert document.id == "7"
    assert {name: bytes(value) for name, value in document.attributes.items()} == {
        "reference": b'"r"'
    }
    assert document.inputs is not None
    assert bytes(document.inputs.text) == b'[ {"a" : 1.0} ]'
    assert document.inputs.pointer == "/data/attributes/inputs"


def test_inputs_may_be_a_relationship() -> None:
    document = read_document(
        body(attributes={"a": 1}, relationships={"inputs": {"data": [{"id": "1"}]}, "x": {}})
    )
    assert document.inputs is not None
    assert bytes(document.inputs.text) == b'[{"id": "1"}]'
    assert document.inputs.pointer == "/data/relationships/inputs/data"
    assert document.relationships == ("x",)


def test_inputs_can_not_be_both() -> None:
    both = body(attributes={"inputs": []}, relationships={"inputs": {"data": []}})
    assert refusal(both).pointer == "/data/relationships/inputs"


@pytest.mark.parametrize("members", [{}, {"attributes": {}, "relationships": {}, "id": None}])
def test_only_the_type_is_needed(members: dict[str, Any]) -> None:
    assert read_document(body(**members)) == Document("imports", None, {}, (), None)


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        (b"[]", ""),
        (b"null", ""),
        (b"{}", ""),
        (b'{"data": null}', "/data"),
        (b'{"data": []}', "/data"),
        (b'{"data": "x"}', "/data"),
        (b'{"data": {}}', "/data"),
        (b'{"data": {"type": 1}}', "/data/type"),
        (b'{"data": {"type": null}}', "/data/type"),
        (b'{"data": {"type": "imports", "id": 1}}', "/data/id"),
        (body(attributes=[]), "/data/attributes"),
        (body(attributes=None), "/data/attributes"),
        (body(relationships=[]), "/data/relationships"),
        (body(relationships={"inputs": []}), "/data/relationships/inputs"),
    ],
)
def test_an_invalid_document_is_refused_with_a_pointer(text: bytes, pointer: str) -> None:
    assert refusal(text).pointer == pointer


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        (b'{"data": {"type": "imports"}, "data": {"type": "imports"}}', ""),
        (b'{"data": {"type": "imports", "type": "imports"}}', "/data"),
        (b'{"data": {"type": "imports", "attributes": {}, "attributes": {}}}', "/data"),
        (b'{"data": {"type": "x", "attributes": {"a": 1, "\\u0061": 1}}}', "/data/attributes"),
        (
            b'{"data": {"type": "x", "attributes": {"inputs": [], "inputs": []}}}',
            "/data/attributes",
        ),
    ],
)
def test_a_repeated_member_is_refused(text: bytes, pointer: str) -> None:
    error = refusal(text)
    assert "is repeated" in str(error.detail)
    assert error.pointer == pointer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"data": {}} trailing', "not JSON"),
        (b"\xef\xbb\xbf" + body(), "not JSON"),
        (body(attributes={"a": float("nan")}), "not JSON"),
        (body(attributes={"inputs": [{"a": float("inf")}]}), "not JSON"),
        (body(attributes={"a": "x"}).replace(b'"x"', b'"\x01"'), "not JSON"),
        (body(attributes={"a": "\ud800"}), "surrogate pair"),
        (body(attributes={"inputs": [{"a": "\udc00"}]}), "surrogate pair"),
        (b'{"data": {"type": "\xff"}}', "not UTF-8 (byte 19)"),
        (b'{"data": {"type": "\xed\xa0\x80"}}', "not UTF-8"),
    ],
)
def test_a_body_that_is_not_utf_8_or_not_json_is_refused(text: bytes, words: str) -> None:
    assert words in str(refusal(text).detail)


def nested(levels: int) -> Any:
    return [] if levels == 1 else [nested(levels - 1)]


@pytest.mark.parametrize(
    ("members", "outer"),
    [
        (lambda value: {"attributes": {"a": value}}, 3),
        (lambda value: {"relationships": {"a": value}}, 3),
        (lambda value: {"meta": value}, 2),
    ],
)
def test_a_body_may_nest_just_so_deep(members: Any, outer: int, settings: Settings) -> None:
    settings.IMPORTS_MAX_DEPTH = 10
    read_document(body(**members(nested(10 - outer))))
    assert "too deep" in str(refusal(body(**members(nested(11 - outer)))).detail)


@pytest.mark.parametrize("levels", [2_000, 1_000_000])
def test_nesting_far_too_deep_is_the_same_refusal(levels: int) -> None:
    """From Python 3.13 on, 2,000 levels don't stop the decoder, but whoever looks at the rows."""
    deep = b'{"data": {"type": "imports", "attributes": {"inputs": [%s%s]}}}'
    with pytest.raises(ApiError) as caught:
        read_inputs(read_document(deep % (b"[" * levels, b"]" * levels)).inputs, as_csv=False)
    assert caught.value.status_code == 400
    assert "too deep" in str(caught.value.detail)


def test_an_object_has_a_limited_number_of_members() -> None:
    members = {str(number): 1 for number in range(MAX_MEMBERS)}
    assert len(read_document(body(attributes=members)).attributes) == MAX_MEMBERS
    assert refusal(body(attributes={**members, "one": 1})).pointer == "/data/attributes"


def test_a_name_has_a_limited_length() -> None:
    assert refusal(body(attributes={"x" * 256: 1})).pointer == "/data/attributes"


LONG_INPUTS = b"[%s]" % b",".join(b'{"code":"%06d"}' % number for number in range(LONG // 10))


@pytest.mark.parametrize(
    "template",
    [
        b'{"data":{"type":"imports","attributes":{"reference":"r","inputs":%s}}}',
        b'{"data":{"attributes":{"inputs": %s ,"reference":"r"},"type":"imports"}}',
        b'{"data":{"type":"imports","attributes":{"reference":"r","\\u0069nputs":%s}}}',
    ],
)
def test_long_inputs_are_taken_from_wherever_they_stand(template: bytes) -> None:
    document = read_document(template % LONG_INPUTS)

    assert document.inputs is not None
    assert document.inputs.take() == LONG_INPUTS
    assert {name: bytes(value) for name, value in document.attributes.items()} == {
        "reference": b'"r"'
    }


def test_another_attribute_with_the_text_of_long_inputs_keeps_it() -> None:
    text = b'{"data":{"type":"imports","attributes":{"file_options":%s,"inputs":%s}}}'
    document = read_document(text % (LONG_INPUTS, LONG_INPUTS))

    assert document.inputs is not None
    assert document.inputs.take() == LONG_INPUTS
    assert bytes(document.attributes["file_options"]) == LONG_INPUTS


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        (
            b'{"data":{"type":"imports","attributes":{"inputs":%s,"inputs":null}}}',
            "The member inputs is repeated.",
        ),
        (
            b'{"data":{"type":"imports","attributes":{"inputs":null,"inputs":%s}}}',
            "The member inputs is repeated.",
        ),
        (
            b'{"data":{"type":"imports"},"data":{"type":"imports","attributes":{"inputs":%s}}}',
            "The member data is repeated.",
        ),
        (
            b'{"data":{"type":"imports","attributes":{"inputs":%s},"relationships":{"inputs":{}}}}',
            "This is given as an attribute too.",
        ),
    ],
)
def test_long_inputs_hide_nothing_that_is_wrong_around_them(text: bytes, detail: str) -> None:
    assert refusal(text % LONG_INPUTS).detail == detail
