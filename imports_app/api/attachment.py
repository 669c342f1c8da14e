"""`attachment_url`: the inputs as a file, for whoever has the URL, until it expires."""

from collections.abc import Iterator
from time import time
from typing import Any
from urllib.parse import urlencode

from django.core.signing import BadSignature, TimestampSigner, b62_encode
from django.http import Http404, StreamingHttpResponse
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.views import APIView

from imports_app.api.errors import standard_error
from imports_app.api.parameters import refuse_unknown
from imports_app.api.splice import inputs_of
from imports_app.conf import conf
from imports_app.ids import parse_id
from imports_app.models import ApiClient, Import
from imports_app.packing import gzipped
from imports_app.registry import importers
from imports_app.secrecy.csv import csv_as_sent

SIGNATURE = "signature"
CLIENT = "client"


class WindowSigner(TimestampSigner):
    """Signs with the time at which the window at hand began, and so the same all through it."""

    def timestamp(self) -> str:
        """That time, as Django's signatures have it."""
        return b62_encode(int(signing_window() * _half_life()))


_signer = WindowSigner(salt="imports_app.attachment")


def signing_window() -> int:
    """The number of the window at hand; URLs are signed once for each half of their lifetime."""
    return int(time() // _half_life())


def _half_life() -> float:
    """In seconds."""
    return max(float(conf.attachment_seconds) / 2, 1)


def attachment_path(import_: Import, client: ApiClient | None = None) -> str:
    """A path that gives the import's inputs for conf.attachment_seconds at most, half of them at
    least, and no longer than the `client` that it was given to is one.
    """
    name = str(import_.pk)
    signed = _signed(name, client.client_id if client else None)
    signature = _signer.sign(signed).removeprefix(f"{signed}:")
    query = {SIGNATURE: signature} | ({CLIENT: client.client_id} if client else {})
    return f"{reverse('attachment', args=[name])}?{urlencode(query, safe=':')}"


class AttachmentView(APIView):
    """The inputs, gzipped. The signature alone decides: a token is neither needed nor looked at."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()

    def perform_content_negotiation(
        self,
        request: Request,
        force: bool = False,  # noqa: FBT001, FBT002  (DRF's signature)
    ) -> Any:
        """Whatever a client accepts, it asked for this file; only refusals are documents."""
        return super().perform_content_negotiation(request, force=True)

    def get(self, request: Request, pk: str) -> StreamingHttpResponse:
        """A 403 says nothing of whether there is such an import."""
        client_id = request.query_params.get(CLIENT)
        signature = request.query_params.get(SIGNATURE, "")
        if not _is_signed(_signed(pk, client_id), signature) or not _is_client(client_id):
            raise standard_error(403, "The URL is not valid, or it has expired.")
        refuse_unknown(request.query_params, [SIGNATURE, CLIENT])
        import_ = Import.objects.filter(pk=parse_id(Import._meta.pk, pk)).first()
        if import_ is None or import_.resource_type not in importers:
            raise Http404
        if not import_.chunks.exists():
            raise Http404
        kind, packed = _file(import_)
        response = StreamingHttpResponse(packed, content_type="application/gzip")
        response["Content-Disposition"] = f'attachment; filename="import-{pk}.{kind}.gz"'
        response["Cache-Control"] = "private, no-store"
        return response


def _signed(pk: str, client_id: str | None) -> str:
    return pk if client_id is None else f"{pk} {client_id}"


def _is_client(client_id: str | None) -> bool:
    """Whether whoever was given the URL may still come; staff was given one without a client."""
    if client_id is None:
        return True
    clients = ApiClient.objects.filter(client_id=client_id, revoked_at=None)
    return bool(clients.exists())


def _is_signed(signed: str, signature: str) -> bool:
    try:
        return _signer.unsign(f"{signed}:{signature}", max_age=conf.attachment_seconds) == signed
    except BadSignature:  # one that has expired, too
        return False


def _file(import_: Import) -> tuple[str, Iterator[bytes]]:
    """The kind of text that it is, and the gzip file. A CSV that nobody sent, such as the rest of
    one that a retry has, is an array like any other.
    """
    if import_.csv_pieces.exists():
        return "csv", csv_as_sent(import_)
    return "json", gzipped(inputs_of(import_))
