"""Requests as nobody should send them: valid ones with something wrong, and plain noise."""

import gzip
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from imports_app.api.filters.matchers import MATCHERS
from imports_app.models.attributes import ATTRIBUTES
from imports_app.registry import importers

TYPES = [importer.resource_type for importer in importers]
METHODS = ["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS", "TRACE", "BREW"]
MEDIA_TYPES = [
    "application/vnd.api+json",
    "application/json",
    "application/x-www-form-urlencoded",
    "text/csv",
    "multipart/form-data; boundary=x",
    'application/vnd.api+json; ext="x"',
    "application/vnd.api+json; charset*=x'y'z",
    "*/*",
    "",
]
ENCODINGS = ["", "gzip", "identity", "br", "gzip, gzip", "deflate"]
NUMBERS = ["1e999", "-1e400", "9" * 400, "1E-400", "NaN", "Infinity", "-0", "0x1", "01", "1."]


@dataclass
class BadRequest:
    """What is sent. `token` says whether it carries the client's."""

    method: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    token: bool = True


TEXT = st.text(max_size=40) | st.sampled_from(
    ["\0", "\ud800", "é", "'", '"', "%", "\\", "a" * 9_000]
)
ENCODABLE = TEXT.map(lambda text: text.encode("utf-8", "surrogatepass"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)
IDS = st.sampled_from(
    [
        "1",
        "0",
        "-1",
        "9" * 30,
        "x",
        "%00",
        "%ff",
        "..",
        "%C3%A9",
        "01a20ebe-f0b3-7ff2-bb1e-68a881480f9d",
    ]
) | TEXT.map(lambda text: quote(text.encode("utf-8", "surrogatepass"), safe=""))


def _paths() -> st.SearchStrategy[str]:
    fixed = [
        *("/api/imports", "/api/application", "/api/organization", "/api/resource_types"),
        *("/api/schema", "/oauth/token", "/oauth/revoke", "/api", "/", "/api/", "/admin/login/"),
    ]
    lists = [f"/api/{name}" for name in TYPES]
    inner = st.sampled_from(["", "/retry", "/failures", "/attachment", "/x"])
    one = st.sampled_from(["/api/imports", "/api/resource_types", *lists])
    return (
        st.sampled_from(["/api/imports", *fixed])
        | st.just("/api/imports")
        | st.sampled_from(lists)
        | st.tuples(one, IDS, inner).map(lambda parts: f"{parts[0]}/{parts[1]}{parts[2]}")
        | st.sampled_from(TYPES).map(lambda name: f"/api/{name}/template.csv")
        | IDS.map(lambda text: f"/{text}")
    )


def _queries() -> st.SearchStrategy[str]:
    attributes = st.sampled_from([*ATTRIBUTES, "id", "code", "sku_code", "name", "x"])
    names = st.lists(attributes, min_size=1, max_size=3).map("_or_".join)
    matcher = st.sampled_from([*MATCHERS, "", "like"])
    value = (
        TEXT
        | JSON.map(lambda value: json.dumps(value, allow_nan=True))
        | st.sampled_from(
            [*NUMBERS, "true", "f", "2024-01-01", "9999-12-31T23:59:59.999999-23:59", "[{}]"]
        )
        | st.lists(st.sampled_from(["a", "1", ""]), max_size=600).map(",".join)
    )
    filters = st.tuples(names, matcher, value).map(
        lambda parts: (f"filter[q][{parts[0]}_{parts[1]}]", parts[2])
    )
    others = st.tuples(
        st.sampled_from(
            [
                "page[number]",
                "page[size]",
                "page[x]",
                "sort",
                "fields[imports]",
                "fields[skus]",
                "fields",
                "include",
                "signature",
                "filter",
                "filter[q]",
                "filter[q][]",
                "filter[q][x][y]",
                "sort[x]",
            ]
        ),
        value | st.lists(attributes.map(lambda name: f"-{name}"), max_size=5).map(",".join),
    )
    pairs = st.lists(filters | others, max_size=4).map(query_of)
    return pairs | st.sampled_from(
        ["%ZZ", "=&=", "a=%ff", "&" * 2_000, "a=1&" * 1_100, "page[number]=%F0"]
    )


def query_of(pairs: list[tuple[str, str]]) -> str:
    """The pairs, escaped, as they stand in a URL or a form."""

    def escaped(text: str) -> str:
        return quote(text.encode("utf-8", "surrogatepass"), safe="[]")

    return "&".join(f"{escaped(name)}={escaped(value)}" for name, value in pairs)


def _documents() -> st.SearchStrategy[Any]:
    rows = st.lists(
        st.dictionaries(st.sampled_from(["code", "name", "id", "sku_code", "", "x"]), JSON) | JSON
    )
    names = st.sampled_from([*ATTRIBUTES, "x"])
    valid = st.fixed_dictionaries(
        {"resource_type": st.sampled_from(TYPES) | JSON, "inputs": rows | TEXT | JSON}
    )
    attributes = st.tuples(valid, st.dictionaries(names, JSON, max_size=3)).map(
        lambda parts: parts[0] | parts[1]
    )
    csv = st.fixed_dictionaries(
        {
            "resource_type": st.sampled_from(TYPES),
            "format": st.just("csv"),
            "inputs": st.lists(
                st.sampled_from(["code", "name", ",", '"', "\n", "\r\n", "a.b", "é", "\0", " "])
            ).map("".join),
        }
    )
    data: st.SearchStrategy[Any] = st.fixed_dictionaries(
        {"type": st.just("imports") | JSON, "attributes": attributes | csv | JSON},
        optional={
            "id": JSON,
            "relationships": JSON | st.just({"inputs": {"data": [{}]}}),
            "meta": JSON,
        },
    )
    return st.fixed_dictionaries({"data": data | JSON}, optional={"meta": JSON})


def encoded(document: Any) -> bytes:
    """The document as JSON, with what JSON can't hold."""
    return json.dumps(document, allow_nan=True).encode("utf-8", "surrogatepass")


@st.composite
def _damaged(draw: st.DrawFn) -> bytes:
    """The text of a document with a part of it cut out, doubled or replaced."""
    text = encoded(draw(_documents()))
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 20)))
    noise = draw(
        st.sampled_from(
            [b"", text[start:end] * 2, b"\xff", b"[" * 50, b"{", b'"', b"\\ud800", b",", b"\0"]
        )
        | st.sampled_from(NUMBERS).map(str.encode)
    )
    return text[:start] + noise + text[end:]


FORMS = st.dictionaries(
    st.sampled_from(["grant_type", "client_id", "client_secret", "scope", "token", "x"]), TEXT
).map(lambda pairs: query_of(list(pairs.items())).encode())
BODIES = (
    _documents().map(encoded)
    | _damaged()
    | FORMS
    | JSON.map(encoded)
    | ENCODABLE
    | st.binary(max_size=60)
    | st.just(b"")
)


def bad_requests() -> st.SearchStrategy[BadRequest]:
    """Any of them: every other one gets as far as the attributes of an import."""
    bodies = _documents().map(encoded) | _damaged()
    creates = st.tuples(bodies, st.sampled_from(MEDIA_TYPES[:2])).map(
        lambda parts: BadRequest("POST", "/api/imports", {"Content-Type": parts[1]}, parts[0])
    )
    return creates | _anything()


@st.composite
def _anything(draw: st.DrawFn) -> BadRequest:
    latin = st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=30)
    headers = draw(
        st.fixed_dictionaries(
            {"Content-Type": st.sampled_from([*MEDIA_TYPES[:2] * 6, *MEDIA_TYPES]) | latin},
            optional={
                "Accept": st.sampled_from([*["*/*"] * 20, *MEDIA_TYPES]),
                "Accept-Encoding": st.sampled_from(ENCODINGS) | latin,
                "Idempotency-Key": latin | st.just("k" * 300) | st.just("k"),
                "X-HTTP-Method-Override": st.sampled_from(METHODS),
                "X-Forwarded-For": latin,
                "Cookie": latin,
                "Range": st.just("bytes=0-1"),
            },
        )
    )
    body = draw(BODIES)
    if encoding := draw(st.sampled_from([*[""] * 20, *ENCODINGS])):
        headers["Content-Encoding"] = encoding
        body = gzip.compress(body) if draw(st.booleans()) else body
    path, query = draw(_paths()), draw(st.just("") | _queries())
    return BadRequest(
        method=draw(st.sampled_from([*METHODS, *["GET", "POST", "PATCH"] * 4])),
        target=f"{path}?{query}" if query else path,
        headers=headers,
        body=body,
        token=draw(st.sampled_from([*[True] * 9, False])),
    )
