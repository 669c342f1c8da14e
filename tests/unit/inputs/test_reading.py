import gzip
import json
import tracemalloc
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from imports_app.inputs import (
    InputFormat,
    InputsRefused,
    Reader,
    TooLarge,
    Unreadable,
    json_rows,
)
from imports_app.models import Format

ROWS = [{"code": "A", "name": "é"}, {"code": "B", "name": "b"}]
JSON = json.dumps(ROWS, indent=1).encode()
NDJSON = b"".join(json.dumps(row).encode() + b"\n" for row in ROWS)
CSV = "code,name\nA,é\nB,b\n".encode()
TEXTS = [JSON, NDJSON, CSV]


def rows(text: bytes, format_: InputFormat | None = None, name: str | None = None) -> list[Any]:
    return [json.loads(bytes(row)) for row in Reader(format=format_).read(BytesIO(text), name).rows]


def refusal(text: bytes, format_: InputFormat | None = None) -> str:
    with pytest.raises((InputsRefused, Unreadable)) as caught:
        rows(text, format_)
    return str(caught.value)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_every_format_gives_the_same_rows(text: bytes, pack: Any) -> None:
    assert rows(pack(text)) == ROWS


@pytest.mark.parametrize("text", TEXTS)
def test_a_byte_order_mark_and_windows_line_ends_are_none_of_it(text: bytes) -> None:
    assert rows(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n")) == ROWS


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_text_of_a_csv_is_kept_as_it_was(pack: Any) -> None:
    text = b'\xef\xbb\xbfcode,name\r\n"A",\xc3\xa9\r\n\r\n,,'
    source = Reader().read(BytesIO(pack(text)))
    assert source.csv is not None
    assert gzip.decompress(b"".join(source.csv)) == text


@pytest.mark.parametrize("text", [JSON, NDJSON])
def test_only_the_text_of_a_csv_is_kept(text: bytes) -> None:
    assert Reader().read(BytesIO(text)).csv is None


def test_a_path_is_read_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress(b"[code\nA\n", mtime=0))
    source = Reader().read(path)
    assert source.format == Format.CSV
    assert list(source.rows) == [b'{"[code":"A"}']


def test_a_format_that_is_given_counts() -> None:
    assert rows(b"[a\n1\n", InputFormat.CSV, name="x.json") == [{"[a": "1"}]


class OneByteAtATime(BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 1, 1))


@pytest.mark.parametrize("text", TEXTS)
def test_a_stream_that_drips_is_read_and_left_open(text: bytes) -> None:
    stream = OneByteAtATime(gzip.compress(text, mtime=0))
    assert [json.loads(bytes(row)) for row in Reader().read(stream).rows] == ROWS
    assert not stream.closed


@pytest.mark.parametrize("text", [b"", b" \n", b"\xef\xbb\xbf", b"[]", gzip.compress(b"", mtime=0)])
def test_a_file_without_rows_is_blank(text: bytes) -> None:
    assert refusal(text) == "inputs - can't be blank"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            b'[{"a": 1}, {"a" 2}]',
            "not JSON: JSON is malformed: expected ':' (byte 5), in the row at line 1",
        ),
        (b'[{"a": "\\ud800"}]', "one half of a surrogate pair"),
        (b'[{"a": "\xff"}]', "not UTF-8 (byte 7), in the row at line 1"),
        (b'[\n{"a": "\xed\xa0\x80"}]', "not UTF-8 (byte 7), in the row at line 2"),
        (b'[{"a": "\0"}]', "not JSON"),
        (b"[" * 100_000, "nests too deep"),
        (b"[{}, 7, {}, null]", "inputs[1] - must be an object; inputs[3] - must be an object"),
    ],
)
def test_errors_in_json_are_reported_with_their_place(text: bytes, words: str) -> None:
    assert words in refusal(text)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"a" 2}', "line 3 - is not JSON"),
        (b'{"a": 1}{"a": 2}', "line 3 - is not JSON"),
        (b'{"a": "\\udc00"}', "line 3 - is not JSON: a string holds one half of a surrogate pair"),
        (b'{"a": "\xff"}', "line 3 - is not UTF-8 (byte 7)"),
        (b"{}\0", "line 3 - is not JSON"),
        (b'{"a":' * 100_000, "line 3 - nests too deep"),
        (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", "line 3 - nests too deep"),
        (b"[1]", "line 3 - must be an object"),
    ],
)
def test_errors_in_ndjson_are_reported_with_their_line(line: bytes, words: str) -> None:
    assert words in refusal(b'{"a": 1}\n\n' + line + b"\n{}\n")


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (b'{"a": 1},{"a": 2}\n{"a": 3', 1),
        (b'{"a": 1\n"b": 2},{"a": 3}', 1),
        (b'{"a": [1\n2], "b": "x"},{}', 1),
        (b"{}\n{}\n{}]\n[{}", 3),
    ],
)
def test_lines_are_no_rows_that_only_together_are_json(lines: bytes, number: int) -> None:
    assert f"line {number} - is not JSON" in refusal(lines)


def test_the_first_thing_that_is_wrong_is_said_whatever_comes_behind_it() -> None:
    text = b"{}\n" * 10_000
    assert refusal(text + b"7\n" + text).count("must be an object") == 1
    assert "line 10001 - is not JSON" in refusal(text + b"{\n" + gzip.compress(b"{}\n"))


def test_a_row_may_nest_as_deep_as_in_a_request(settings: Settings) -> None:
    settings.IMPORTS_MAX_DEPTH = 7
    for text in (b'[{"a": [[]]}]', b'{"a": [[]]}'):
        rows(text)
    for text in (b'[{"a": [[[]]]}]', b'{"a": [[[]]]}'):
        assert "nests too deep" in refusal(text)


@pytest.mark.parametrize("text", [b"[{},{},{}]", b"{}\n{}\n{}\n", b"a\n1\n2\n3\n"])
def test_rows_are_limited_in_number(text: bytes, settings: Settings) -> None:
    settings.IMPORTS_MAX_ROWS = 3
    assert len(rows(text)) == 3
    settings.IMPORTS_MAX_ROWS = 2
    assert refusal(text) == "inputs - must not be more than 2 rows"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b'[{}, {"a":"12345"}]', "inputs[1] - is too big (maximum is 12 bytes)"),
        (b'{}\n{"a":"12345"}\n', "line 2 - is too big (maximum is 12 bytes)"),
        (b'{}\n{"a":"' + b"x" * 1_000, "line 2 - is too big (maximum is 12 bytes)"),
        (b"a\n12345\n", "inputs - has a row that is too big at line 2 (maximum is 12 bytes)"),
    ],
)
def test_a_row_is_limited_in_size(text: bytes, place: str, settings: Settings) -> None:
    settings.IMPORTS_MAX_ROW_BYTES = 13
    rows(text.replace(b"x" * 1_000, b'12345"}'))
    settings.IMPORTS_MAX_ROW_BYTES = 12
    assert refusal(text) == place


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_file_is_limited_in_unpacked_size(text: bytes, pack: Any, settings: Settings) -> None:
    settings.IMPORTS_MAX_REQUEST_BYTES = len(JSON)
    rows(pack(JSON))
    settings.IMPORTS_MAX_REQUEST_BYTES = len(text) - 1
    with pytest.raises(TooLarge, match=f"The file is too large .maximum is {len(text) - 1} bytes"):
        rows(pack(text))


@pytest.mark.parametrize(
    "text",
    [
        gzip.compress(CSV, mtime=0)[:-1],
        gzip.compress(CSV, mtime=0) + b"x",
        b"\x1f\x8b7",
    ],
)
def test_gzip_must_be_whole(text: bytes) -> None:
    assert refusal(text) == "The file is not a whole gzip file."


def test_several_members_of_gzip_are_one_text() -> None:
    text = gzip.compress(CSV[:7], mtime=0) + gzip.compress(b"") + gzip.compress(CSV[7:], mtime=0)
    assert rows(text) == ROWS


def test_members_of_gzip_that_hold_nothing_are_limited() -> None:
    assert rows(gzip.compress(CSV) + gzip.compress(b"") * 900) == ROWS
    assert (
        refusal(gzip.compress(CSV) + gzip.compress(b"") * 1_100)
        == "The file is not a whole gzip file."
    )


def test_not_more_than_so_many_faults_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_rows, "MAX_NAMED", 3)
    for text in (b"[1,2,3,4]", b"{}\n1\n2\n3\n4\n"):
        assert refusal(text).count("must be an object") == 3


def test_a_file_is_in_memory_once(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    text = b",".join(b'{"code":"%d","name":"%s"}' % (n, b"\xc3\xa9" * 5_000) for n in range(1_000))
    for body in (b"[" + text + b"]", text.replace(b"},{", b"}\n{")):
        path.write_bytes(gzip.compress(body, 1))
        tracemalloc.start()
        source = Reader().read(path)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(source.rows) == 1_000
        assert peak < 1.5 * len(body)
