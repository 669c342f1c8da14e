"""Which imports a client sees, and the one that a URL names."""

from django.db.models import QuerySet
from django.http import Http404

from imports_app.api.importers import importers_of
from imports_app.callers import Caller, caller_source
from imports_app.conf import conf
from imports_app.models import Event, EventCallback, Import, Webhook
from imports_app.models.ids import parse_id
from imports_app.permissions import may_import, may_view
from imports_app.telemetry.log_context import note


def visible_imports(caller: Caller) -> QuerySet[Import]:
    """Return the imports that the caller sees: of its mode and its types, and its own alone if it
    is set so.
    """
    types = _types(caller)
    imports = Import.objects.filter(**_sight(caller))
    return imports if types is None else imports.filter(resource_type__in=types)


def visible_events(caller: Caller) -> QuerySet[Event]:
    """Return what happened to these; if the caller has all types, to those that are gone, too."""
    types = _types(caller)
    events = Event.objects.filter(**_sight(caller))
    return events if types is None else events.filter(bulk_import__resource_type__in=types)


def visible_webhooks(caller: Caller) -> QuerySet[Webhook]:
    """Return the webhooks that the caller sees."""
    return Webhook.objects.filter(**_sight(caller, own=not caller_source().shares))


def visible_callbacks(caller: Caller) -> QuerySet[EventCallback]:
    """Return what goes out to those webhooks."""
    own = conf.own_only or not caller_source().shares
    whose = {"webhook__caller": caller.key} if own else {}
    return EventCallback.objects.filter(mode=caller.mode, **whose)


def _sight(caller: Caller, *, own: bool = False) -> dict[str, str]:
    return {"mode": caller.mode} | ({"caller": caller.key} if own or conf.own_only else {})


def _types(caller: Caller) -> list[str] | None:
    """Return the types of which the caller sees imports; None for all."""
    if caller.types is None and caller.user is None:
        return None
    return [
        importer.resource_type
        for importer in importers_of(caller)
        if may_view(caller.user, importer) or may_import(caller.user, importer)
    ]


def import_or_404(imports: QuerySet[Import], pk: str) -> Import:
    """Return the one of that id. An id of any other form than ours names none."""
    parsed = parse_id(Import._meta.pk, pk)
    import_ = imports.filter(pk=parsed).first() if parsed else None
    if import_ is None:
        raise Http404
    note(import_id=import_.pk)
    return import_
