"""Answers that are sent while stored texts are read for them."""

from functools import partial
from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from imports_app.api.own_view import OwnView
from imports_app.api.splice import Splices, SplicingEncoder, streamed


class SplicedView(OwnView):
    """A view whose answer may have stored texts in it."""

    def finalize_response(  # type: ignore[override]  # the stubs know of no other response
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Stream an answer with stored texts in it; any other one is sent as usual."""
        final: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        if not isinstance(final, Response):
            return final
        splices = Splices()
        renderer: Any = final.accepted_renderer
        renderer.encoder_class = partial(SplicingEncoder, splices)
        final.render()
        return streamed(final, splices, whole=request.method != "HEAD") if splices else final
