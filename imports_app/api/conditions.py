"""Entity tags, and requests that depend on them (RFC 9110, "Conditional Requests")."""

import re
from collections.abc import Container
from hashlib import sha256
from typing import Any

from django.http import HttpResponse
from django.utils.http import parse_etags
from rest_framework.request import Request

from imports_app.api.errors import ApiError, standard_error
from imports_app.exceptions import VersionChanged

VERSION = re.compile(r'(?:W/)?"([0-9]{1,19})(?:-[^"]*)?"')


class AnyVersion(Container[int]):
    """Contains every version: the `*` of an If-Match."""

    def __contains__(self, version: object) -> bool:
        return True


def weak_tag(request: Request, *parts: Any, version: int = 0) -> str:
    """Return the tag of an answer that the parts and the request's URL and media type determine.

    It begins with the version, so that it can stand in an If-Match as well.
    """
    media_type = request.accepted_renderer.media_type
    text = "\n".join(map(str, (request.build_absolute_uri(), media_type, *parts)))
    return f'W/"{version}-{sha256(text.encode()).hexdigest()[:32]}"'


def not_modified(request: Request, tag: str) -> HttpResponse | None:
    """Return a 304 if the client has what the tag stands for. Weak and strong tags are equal."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if known != ["*"] and _opaque(tag) not in map(_opaque, known):
        return None
    response = HttpResponse(status=304, headers={"ETag": tag})
    del response["Content-Type"]
    return response


def _opaque(tag: str) -> str:
    return tag.removeprefix("W/")


def expected_versions(request: Request) -> Container[int] | None:
    """Return the values of `meta.version` that If-Match accepts; None without that header.

    Each is given by itself, in quotes, or at the start of an ETag.
    """
    text = request.headers.get("If-Match")
    if text is None:
        return None
    tags = parse_etags(text)
    if tags == ["*"]:
        return AnyVersion()
    return {int(match[1]) for tag in tags if (match := VERSION.fullmatch(tag))}


def precondition_failed(reason: VersionChanged) -> ApiError:
    """Return the 412, which names the resource's version."""
    detail = f"If-Match - the version is {reason.version}"
    return standard_error(412, detail, meta={"version": reason.version})
