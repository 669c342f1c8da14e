"""`attachment_url`: the inputs as a file, for whoever has the URL, until it expires."""

from django.http import Http404, StreamingHttpResponse
from rest_framework.request import Request

from imports_app.api.base_view import PublicFileView
from imports_app.api.errors import standard_error
from imports_app.api.parameters import refuse_unknown
from imports_app.callers import caller_source
from imports_app.models import Import
from imports_app.models.ids import parse_id
from imports_app.outputs.attachments import CLIENT, SIGNATURE, attachment_of, is_signed
from imports_app.registry import importers


class AttachmentView(PublicFileView):
    """Sends the inputs, gzipped. Only the signature counts: a token is neither needed nor read."""

    def get(self, request: Request, pk: str) -> StreamingHttpResponse:
        """Return the file. A 403 doesn't reveal whether there is such an import."""
        client_id = request.query_params.get(CLIENT)
        signature = request.query_params.get(SIGNATURE, "")
        if not is_signed(pk, client_id, signature) or not _is_client(client_id):
            raise standard_error(403, "The URL is not valid, or it has expired.")
        refuse_unknown(request.query_params, [SIGNATURE, CLIENT])
        import_ = Import.objects.filter(pk=parse_id(Import._meta.pk, pk)).first()
        if import_ is None or import_.resource_type not in importers:
            raise Http404
        if not import_.chunks.exists():
            raise Http404
        kind, packed = attachment_of(import_)
        response = StreamingHttpResponse(packed, content_type="application/gzip")
        response["Content-Disposition"] = f'attachment; filename="import-{pk}.{kind}.gz"'
        response["Cache-Control"] = "private, no-store"
        return response


def _is_client(client_id: str | None) -> bool:
    """Return whether the client that was given the URL still exists; staff get URLs without one."""
    if client_id is None:
        return True
    return not caller_source().gone({client_id})
