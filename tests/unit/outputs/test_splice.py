import json

from imports_app.api.splice import Splices


def test_markers_are_replaced_by_the_text_of_their_sources() -> None:
    splices = Splices()
    document = {
        "first": splices.mark(lambda: [b"[1,", b"2]"]),
        "reference": "0:1",
        "second": splices.mark(lambda: [b"{}"]),
    }
    pieces = list(splices.fill(json.dumps(document).encode()))
    assert json.loads(b"".join(pieces)) == {"first": [1, 2], "reference": "0:1", "second": {}}
    assert b"[1," in pieces


def test_a_source_is_not_asked_before_its_place_is_reached() -> None:
    asked: list[int] = []

    def source() -> list[bytes]:
        asked.append(1)
        return [b"1"]

    splices = Splices()
    pieces = splices.fill(json.dumps([splices.mark(source)]).encode())
    assert next(pieces) == b"["
    assert not asked
    assert list(pieces) == [b"1", b"]"]


def test_no_client_can_write_a_marker() -> None:
    first, second = Splices(), Splices()
    assert first.mark(list) != second.mark(list)


def test_splices_without_markers_are_none() -> None:
    splices = Splices()
    assert not splices
    splices.mark(list)
    assert splices
