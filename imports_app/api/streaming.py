"""Streams answers while the stored texts in them are read."""

from functools import partial
from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from imports_app.api.base_view import BaseView
from imports_app.api.splice import Splices, SplicingEncoder, streamed


class SplicedView(BaseView):
    """A view whose answers may have stored texts in them."""

    def finalize_response(  # type: ignore[override]  # the stubs know of no other response
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Stream an answer that has stored texts in it; send any other as usual."""
        final: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        if not isinstance(final, Response):
            return final
        splices = Splices()
        renderer: Any = final.accepted_renderer
        renderer.encoder_class = partial(SplicingEncoder, splices)
        final.render()
        return streamed(final, splices, whole=request.method != "HEAD") if splices else final
