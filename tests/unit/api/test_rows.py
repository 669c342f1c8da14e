import json
from typing import Any

import pytest
from msgspec import Raw
from pytest_django import Settings

from imports_app.api.errors import ApiError, ApiErrors
from imports_app.api.imports.rows import read_inputs
from imports_app.api.raw_inputs import RawInputs
from imports_app.inputs import json_rows

POINTER = "/data/attributes/inputs"


def raw(text: bytes | str) -> RawInputs:
    encoded = text.encode() if isinstance(text, str) else text
    return RawInputs(Raw(encoded), POINTER, depth=4)


def split_rows(inputs: RawInputs | None) -> list[bytes]:
    return [bytes(row) for row in read_inputs(inputs, as_csv=False).rows]


def refusals(inputs: RawInputs | None) -> list[dict[str, Any]]:
    with pytest.raises(ApiErrors) as caught:
        split_rows(inputs)
    assert caught.value.status_code == 422
    return [error.as_object() for error in caught.value.errors]


def places(text: str) -> list[str]:
    return [error["source"]["pointer"] for error in refusals(raw(text))]


def test_rows_keep_their_text() -> None:
    text = '[ {"a" : 1, "a": 2.50}, {"é": "\\u00e9"} ,{}]'
    assert split_rows(raw(text)) == [
        b'{"a" : 1, "a": 2.50}',
        '{"é": "\\u00e9"}'.encode(),
        b"{}",
    ]


@pytest.mark.parametrize("inputs", [None, raw("null"), raw("[]"), raw("[ ]")])
def test_no_rows_are_blank(inputs: RawInputs | None) -> None:
    [error] = refusals(inputs)
    assert error["meta"]["error"] == "blank"
    assert error["source"] == {"pointer": POINTER}
    assert error["detail"] == "inputs - can't be blank"


@pytest.mark.parametrize("text", ['"code\\nA"', "{}", "7", "true"])
def test_inputs_must_be_an_array(text: str) -> None:
    [error] = refusals(raw(text))
    assert error["title"] == "must be an array of objects"
    assert error["meta"] == {
        "error": "invalid",
        "value": json.loads(text) if text in ("7", "true") else None,
    }


def test_every_row_that_is_no_object_is_named() -> None:
    assert places('[{}, 1, "x", null, [], {}, 1e999]') == [
        f"{POINTER}/{index}" for index in (1, 2, 3, 4, 6)
    ]


def test_not_more_than_so_many_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_rows, "MAX_NAMED", 3)
    assert len(places("[1,2,3,4,5]")) == 3


def test_rows_are_limited_in_number(settings: Settings) -> None:
    settings.IMPORTS_MAX_ROWS = 3
    assert len(split_rows(raw('[{"a": [1, 2, 3]}, {"b": [{}, {}]}, {}]'))) == 3
    [error] = refusals(raw("[{},{},{},{}]"))
    assert error["meta"]["error"] == "too_many"
    assert "3 rows" in error["title"]
    assert error["source"] == {"pointer": POINTER}


def test_too_many_of_what_are_no_rows_are_not_split(settings: Settings) -> None:
    settings.IMPORTS_MAX_ROWS = 3
    assert places("[{},{},7,1,1,1]") == [f"{POINTER}/2"]


def test_a_row_is_limited_in_size(settings: Settings) -> None:
    settings.IMPORTS_MAX_ROW_BYTES = 10
    assert len(split_rows(raw('[{"a":"12"}]'))) == 1
    [error] = refusals(raw('[{}, {"a":"123"}]'))
    assert error["source"] == {"pointer": f"{POINTER}/1"}
    assert error["meta"]["error"] == "too_big"


@pytest.mark.parametrize("others", ["", '{"a": []}, ' * 10])
def test_a_row_may_nest_just_so_deep(others: str, settings: Settings) -> None:
    settings.IMPORTS_MAX_DEPTH = 7
    split_rows(raw(f'[{others}{{"a": [[]]}}]'))
    with pytest.raises(ApiError, match="nests too deep"):
        split_rows(raw(f'[{others}{{"a": [[[]]]}}]'))


def test_deep_rows_are_no_place_to_hide_behind_flat_ones(settings: Settings) -> None:
    settings.IMPORTS_MAX_DEPTH = 8
    with pytest.raises(ApiError, match="nests too deep"):
        split_rows(raw('[{},{},{},{"a":[[[[]]]]},{},{},{}]'))


@pytest.mark.parametrize("value", ["[]", '[{"code": "A"}]', "{}", "7", "true"])
def test_a_csv_must_be_a_string(value: str) -> None:
    with pytest.raises(ApiErrors, match="inputs - must be a string, as the format is csv"):
        read_inputs(raw(value), as_csv=True)


@pytest.mark.parametrize("inputs", [None, raw("null"), raw('""')])
def test_a_csv_that_is_not_there_is_blank(inputs: RawInputs | None) -> None:
    with pytest.raises(ApiErrors, match="can't be blank"):
        read_inputs(inputs, as_csv=True)


def test_a_bad_csv_is_refused_where_the_inputs_are() -> None:
    with pytest.raises(ApiErrors) as caught:
        read_inputs(raw(json.dumps("a,a,.b\n1")), as_csv=True)
    objects = [error.as_object() for error in caught.value.errors]
    assert [error["meta"]["error"] for error in objects] == ["taken", "blank"]
    assert all(error["source"] == {"pointer": POINTER} for error in objects)


def test_a_csv_that_blows_up_as_json_is_too_large(settings: Settings) -> None:
    settings.IMPORTS_MAX_REQUEST_BYTES = 2_000
    with pytest.raises(ApiError, match="too large") as caught:
        read_inputs(raw(json.dumps("x" * 200 + "\n1" * 10)), as_csv=True)
    assert caught.value.status_code == 413
