"""Presents an import: its resource object, and the headers that go with it."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from django.db.models import Max
from django.http import HttpResponse
from django.utils import timezone
from msgspec import Raw
from rest_framework.request import Request
from rest_framework.response import Response

from imports_app.api.conditions import not_modified, weak_tag
from imports_app.api.imports.resource import ImportSerializer
from imports_app.api.parameters import INCLUDE
from imports_app.api.raw_inputs import INPUTS
from imports_app.api.splice import StoredJson
from imports_app.models import Import
from imports_app.models.status import ACTIVE, Status
from imports_app.outputs.attachments import signing_window
from imports_app.outputs.texts import sent_inputs
from imports_app.queue.scheduling import queue_position

Headers = Mapping[str, str]
Fields = frozenset[str] | None
NONE: Headers = MappingProxyType({})
MAX_RETRY_AFTER = 10  # seconds


def retrieved(request: Request, import_: Import, fields: Fields) -> Response:
    """Return the answer with one import; while it is pending, with its place in the queue."""
    place = _place(import_)
    serializer = _serializer(request, import_, fields, meta=place)
    headers = {**_retry_after(import_, place), "ETag": _tag(request, import_, place, fields)}
    return Response(serializer.data, headers=headers)


def created(
    request: Request,
    import_: Import,
    fields: Fields,
    *,
    rows: Sequence[bytes | Raw] | None = None,
    headers: Headers = NONE,
) -> Response:
    """Return the 201 with a new import; `rows`, if they were just sent, needn't be read again."""
    serializer = _serializer(request, import_, fields, has_inputs=rows is not None)
    retry_after = _retry_after(import_)
    data = serializer.data
    if rows is not None and INPUTS in data:
        # Not by the serializer: it has reference cycles, which would keep the rows in memory.
        data[INPUTS] = StoredJson(partial(sent_inputs, rows, import_.resource_type))
    location = {"Location": serializer.resource_links(import_)["self"]}
    return Response(data, 201, headers={**location, **retry_after, **headers})


def changed(request: Request, import_: Import, fields: Fields) -> Response:
    """Return the answer with an import after a change."""
    return Response(_serializer(request, import_, fields).data, headers=_retry_after(import_))


def unchanged(request: Request, import_: Import, fields: Fields) -> HttpResponse | None:
    """Return a 304 if the client has seen the import as it is; needs SINGLE_COLUMNS only."""
    place = _place(import_)
    answer = not_modified(request, _tag(request, import_, place, fields))
    if answer is not None:
        for name, value in _retry_after(import_, place).items():
            answer[name] = value
    return answer


def _serializer(request: Request, import_: Import, fields: Fields, **more: Any) -> ImportSerializer:
    context = {"request": request, "fields": fields, **more}
    return ImportSerializer(import_, context=context)


def _tag(request: Request, import_: Import, place: Mapping[str, int], fields: Fields) -> str:
    signed = fields is None or "attachment_url" in fields
    return weak_tag(
        request,
        import_.pk,
        import_.revision,
        import_.caller,
        import_.retry_of_id,
        place,
        _fired_last(request, import_),
        signing_window() if signed else None,
        version=import_.version,
    )


def _fired_last(request: Request, import_: Import) -> datetime | None:
    """Return when an event was last fired, if events are shown: that doesn't change the import."""
    if INCLUDE not in request.query_params:
        return None
    fired: datetime | None = import_.events.aggregate(last=Max("updated_at"))["last"]
    return fired


def _place(import_: Import) -> dict[str, int]:
    """Return the import's place in the queue, as its meta shows it."""
    pending = import_.status == Status.PENDING
    return {"queue_position": queue_position(import_)} if pending else {}


def _retry_after(import_: Import, place: Mapping[str, int] = MappingProxyType({})) -> Headers:
    """Return when to ask again about an active import, by its place or by the work that is left."""
    if import_.status not in ACTIVE:
        return {}
    seconds = place.get("queue_position") or math.ceil(_seconds_left(import_))
    return {"Retry-After": str(max(1, min(seconds, MAX_RETRY_AFTER)))}


def _seconds_left(import_: Import) -> float:
    """Return how long the rest takes at the speed so far; 0 if that isn't known."""
    if import_.started_at is None or not import_.rows_done:
        return 0
    elapsed = (timezone.now() - import_.started_at).total_seconds()
    return elapsed * (import_.inputs_size - import_.rows_done) / import_.rows_done
