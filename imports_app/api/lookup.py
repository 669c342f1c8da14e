"""Which imports a client sees, and the one that a URL names."""

from typing import cast

from django.db.models import QuerySet
from django.http import Http404
from rest_framework.request import Request

from imports_app.api.authentication import Access
from imports_app.models import Event, EventCallback, Import, Webhook
from imports_app.models.ids import parse_id
from imports_app.telemetry.log_context import note


def visible_imports(request: Request) -> QuerySet[Import]:
    """Return the imports of the client's mode."""
    return Import.objects.filter(mode=_mode_of(request))


def visible_events(request: Request) -> QuerySet[Event]:
    """Return what happened to the imports of the client's mode, to those that are gone as well."""
    return Event.objects.filter(mode=_mode_of(request))


def visible_webhooks(request: Request) -> QuerySet[Webhook]:
    """Return the webhooks of the client's mode."""
    return Webhook.objects.filter(mode=_mode_of(request))


def visible_callbacks(request: Request) -> QuerySet[EventCallback]:
    """Return what goes out to those webhooks."""
    return EventCallback.objects.filter(mode=_mode_of(request))


def _mode_of(request: Request) -> str:
    return cast("Access", request.auth).client.mode


def import_or_404(imports: QuerySet[Import], pk: str) -> Import:
    """Return the one of that id. An id of any other form than ours names none."""
    parsed = parse_id(Import._meta.pk, pk)
    import_ = imports.filter(pk=parsed).first() if parsed else None
    if import_ is None:
        raise Http404
    note(import_id=import_.pk)
    return import_
