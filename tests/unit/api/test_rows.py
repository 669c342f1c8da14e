import json
from typing import Any

import pytest
from msgspec import Raw
from pytest_django import Settings

from imports_app.api import rows
from imports_app.api.documents import RawInputs
from imports_app.api.errors import ApiError, ApiErrors
from imports_app.api.rows import split_rows

POINTER = "/data/attributes/inputs"


def raw(text: bytes | str) -> RawInputs:
    encoded = text.encode() if isinstance(text, str) else text
    return RawInputs(Raw(encoded), POINTER, depth=4)


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
        "value": None if text == "{}" else json.loads(text),
    }


def test_every_row_that_is_no_object_is_named() -> None:
    assert places('[{}, 1, "x", null, [], {}, 1e999]') == [
        f"{POINTER}/{index}" for index in (1, 2, 3, 4, 6)
    ]


def test_not_more_than_so_many_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MAX_NAMED", 3)
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
