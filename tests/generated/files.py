"""Files as nobody should send them, and what is asked of webhooks and events."""

import gzip
import json
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from hypothesis import strategies as st

from imports_app.api.filters.matchers import MATCHERS
from imports_app.api.imports.files import FORMATS
from imports_app.inputs.file_options import ENCODINGS
from tests.generated.strategies import (
    IDS,
    JSON,
    MEDIA_TYPES,
    NUMBERS,
    TEXT,
    TYPES,
    BadRequest,
    encoded,
    query_of,
)

CELLS = st.sampled_from(
    [
        *("code", "name", "weight", "id", "line", "metadata.a", "", "  ", "A", "1.000", "1,5"),
        *("8.9E+12", "NULL", "€12", "\0", "é", "\ufeff", "=1+1", "sep=;", "{}", "\ud800"),
        *("a" * 300, *NUMBERS),
    ]
)
SEPARATORS = st.sampled_from([",", ";", "\t", "|", "\n", "\n", "\r\n", "\r", '"', "' ", "\0"])
HEADERS = st.sampled_from(
    ["code,name\nA,a\n", "code;name;weight\n", "line,code,name\n", "sep=|\ncode|name\n", ""]
)
VALUES = TEXT | st.sampled_from(
    [",", ";", "tab", ".", "dmy", "clear", "code", "name", "true", "cents", "words", *ENCODINGS]
)
OPTIONS = st.sampled_from(
    [
        *("delimiter", "encoding", "encoding", "decimal", "dates", "empty", "sheet", "columns"),
        *("columns][code", "columns][", "transforms][name", "x", "decimal][a"),
    ]
).map(lambda name: f"file_options[{name}]")
ATTRIBUTES = st.sampled_from(
    ["dry_run", "if_exists", "all_or_nothing", "cleanup_limit", "reference", "metadata[a]"]
)
NAMES = TEXT | st.sampled_from(["../m.csv", "\0", "\r\n", "m.xlsx"])


def _tables() -> st.SearchStrategy[bytes]:
    cells = st.lists(st.tuples(CELLS, SEPARATORS).map("".join), max_size=20).map("".join)
    text = st.tuples(HEADERS, cells).map("".join)
    codecs = st.sampled_from(["utf-8", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    return st.tuples(text, codecs).map(lambda parts: parts[0].encode(parts[1], "surrogatepass"))


@st.composite
def _files(draw: st.DrawFn) -> bytes:
    """A file, in one that packs it or not, with a part of it replaced or not."""
    rows = st.lists(st.dictionaries(st.sampled_from(["code", "name", "line", "x"]), JSON))
    lines = rows.map(lambda found: b"\n".join(map(encoded, found)))
    content = draw(_tables() | rows.map(encoded) | lines | st.binary(max_size=80))
    packed = draw(st.sampled_from([content, content, gzip.compress(content), _zipped(content)]))
    start = draw(st.integers(0, len(packed)))
    noise = draw(st.sampled_from([b"", b"", b"", b"\xff", b"\0", b"PK\x03\x04"]))
    return packed[:start] + noise + packed[start + len(noise) :]


def _zipped(content: bytes) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("a.csv", content)
    return stream.getvalue()


@st.composite
def file_requests(draw: st.DrawFn) -> BadRequest:
    """One whose body is a file, which it may describe wrongly."""
    pairs = draw(st.lists(st.tuples(OPTIONS | ATTRIBUTES, VALUES), max_size=3))
    name = query_of([("", draw(NAMES))])[1:]
    charset = draw(st.sampled_from(["UTF-8", "UTF-7", "utf-16", "x"]))
    return BadRequest(
        "POST",
        f"/api/imports?{query_of([('resource_type', draw(st.sampled_from(TYPES))), *pairs])}",
        {
            "Content-Type": draw(st.sampled_from([*FORMATS])),
            "Content-Disposition": f"attachment; filename*={charset}''{name}",
        },
        draw(_files()),
    )


def event_requests() -> st.SearchStrategy[BadRequest]:
    """Webhooks that can't be, and lists that nobody has."""
    return _webhooks() | _lists()


@st.composite
def _webhooks(draw: st.DrawFn) -> BadRequest:
    urls = st.sampled_from(
        ["https://93.184.215.14/x", "http://[", "http://a b/", "https://xn--/", "http://1.1.1.1:x"]
    )
    values: st.SearchStrategy[Any] = (
        JSON | urls | st.sampled_from(["imports.create", True, ["events"]])
    )
    names = st.sampled_from(["name", "include_resources", "_disable", "_enable", "callback_url"])
    attributes: dict[str, Any] = {"topic": "imports.create", "callback_url": draw(urls)}
    attributes |= draw(st.dictionaries(names, values, max_size=3))
    body = encoded({"data": {"type": "webhooks", "attributes": attributes}})
    return BadRequest("POST", "/api/webhooks", {"Content-Type": MEDIA_TYPES[0]}, body)


@st.composite
def _lists(draw: st.DrawFn) -> BadRequest:
    resource = draw(st.sampled_from(["events", "webhooks", "event_callbacks", "imports"]))
    below = draw(st.just("") | IDS.map(lambda id_: f"/{id_}/changes"))
    attribute = draw(st.sampled_from(["id", "webhook_id", "name", "topic", "status", "action"]))
    name = draw(st.sampled_from([f"{attribute}_{draw(st.sampled_from([*MATCHERS]))}", "touched"]))
    value = draw(TEXT | st.sampled_from([*NUMBERS, "skus/\0", "skus/%", json.dumps(None)]))
    query = query_of([(f"filter[q][{name}]", value)])
    return BadRequest("GET", f"/api/{resource}{below}?{query}")
