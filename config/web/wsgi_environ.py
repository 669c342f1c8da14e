"""A request as WSGI wants it (PEP 3333)."""

import contextlib
import sys
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import h11

from config.web.refusals import Refused

BARE = {"CONTENT_TYPE", "CONTENT_LENGTH"}  # the headers whose names get no HTTP_ prefix


def environ_of(request: h11.Request, client: tuple[Any, ...], server: tuple[Any, ...]) -> Any:
    """Return the WSGI environment, without the body. `client`, `server` are sockets' addresses.

    Raises Refused for a target that names nothing here.
    """
    path, query = _split(request.target)
    return {
        "REQUEST_METHOD": request.method.decode("latin-1"),
        "SCRIPT_NAME": "",
        # Still percent-encoded, so that it can't forge a log line.
        "web.path": request.target.partition(b"?")[0].decode("latin-1"),
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{request.http_version.decode('latin-1')}",
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": str(client[0]),
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **_headers(request),
    }


def _split(target: bytes) -> tuple[bytes, bytes]:
    """Return path and query. A proxy may send the whole URL."""
    if target.startswith(b"/"):
        path, _, query = target.partition(b"?")
        return path.partition(b"#")[0], query.partition(b"#")[0]
    with contextlib.suppress(ValueError):
        url = urlsplit(target)
        if url.scheme in (b"http", b"https") and url.netloc:
            return url.path or b"/", url.query
    raise Refused(400, "The request's target is neither a path nor the URL of one.")


def _headers(request: h11.Request) -> dict[str, str]:
    """Return the headers; repeated ones are joined.

    A name with an underscore is dropped: it could pass for a header that a proxy sets.
    """
    headers: dict[str, str] = {}
    for raw_name, raw_value in request.headers:
        if b"_" in raw_name or raw_name == b"transfer-encoding":
            continue
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        name = name if name in BARE else f"HTTP_{name}"
        value = raw_value.decode("latin-1")
        separator = "; " if name == "HTTP_COOKIE" else ","
        headers[name] = f"{headers[name]}{separator}{value}" if name in headers else value
    return headers
