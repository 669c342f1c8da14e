import pytest

from imports_app.inputs import InputFormat, Unreadable, detect_format
from imports_app.models import Format


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b'[{"code": "A"}]', None, InputFormat.JSON),
        (b'\xef\xbb\xbf \r\n\t[{"code": "A"}]', None, InputFormat.JSON),
        (b'{"code": "A"}\n', None, InputFormat.NDJSON),
        (b"code,name\nA,a\n", None, InputFormat.CSV),
        (b"", None, InputFormat.CSV),
        (b"[code],name\n", "skus.csv", InputFormat.CSV),
        (b"[code],name\n", "SKUS.CSV.GZ", InputFormat.CSV),
        (b"[1]\n", "skus.ndjson", InputFormat.NDJSON),
        (b"[1]\n", "skus.jsonl.gz", InputFormat.NDJSON),
        (b"code", "skus.json", InputFormat.JSON),
        (b'{"code": "A"}\n', "skus.json", InputFormat.NDJSON),
        (b"[]", "skus.txt", InputFormat.JSON),
        (b'[{"code": "A"}]', "skus.csv", InputFormat.JSON),
        (b'{"code": "A"}', "skus.csv", InputFormat.NDJSON),
        (b"code\tname", "skus.tsv", InputFormat.CSV),
    ],
)
def test_a_format_is_told_by_its_beginning_or_else_by_name(
    head: bytes, name: str | None, expected: InputFormat
) -> None:
    assert detect_format(head, name) is expected


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"\n<!DOCTYPE html><table>", "HTML"),
        (b'<?xml version="1.0"?>', "XML"),
    ],
)
def test_a_file_that_is_not_text_is_refused_whatever_its_name(head: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        detect_format(head, "skus.csv")


def test_an_import_of_ndjson_is_one_of_json() -> None:
    json_formats = {format_ for format_ in InputFormat if format_.stored is Format.JSON}
    assert json_formats == {InputFormat.JSON, InputFormat.NDJSON}
