"""Which imports, events and webhooks a client sees, and the import that a URL names."""

from django.db.models import QuerySet
from django.http import Http404

from imports_app.api.importers import importers_of
from imports_app.callers import Caller, caller_source
from imports_app.conf import conf
from imports_app.models import Event, EventCallback, Import, Webhook
from imports_app.models.ids import parse_id
from imports_app.permissions import may_import, may_view
from imports_app.telemetry.logs import note


def visible_imports(caller: Caller) -> QuerySet[Import]:
    """Return the imports that the caller sees: those of its mode and types; with conf.own_only,
    only its own.
    """
    types = _types(caller)
    imports = Import.objects.filter(**_sight(caller))
    return imports if types is None else imports.filter(resource_type__in=types)


def visible_events(caller: Caller) -> QuerySet[Event]:
    """Return the events of visible imports; of deleted ones only if the caller sees all types."""
    types = _types(caller)
    events = Event.objects.filter(**_sight(caller))
    return events if types is None else events.filter(bulk_import__resource_type__in=types)


def visible_webhooks(caller: Caller) -> QuerySet[Webhook]:
    """Return the webhooks that the caller sees."""
    return Webhook.objects.filter(**_sight(caller, own=not caller_source().shares))


def visible_callbacks(caller: Caller) -> QuerySet[EventCallback]:
    """Return the callbacks of the webhooks that the caller sees."""
    own = conf.own_only or not caller_source().shares
    whose = {"webhook__caller": caller.key} if own else {}
    return EventCallback.objects.filter(mode=caller.mode, **whose)


def _sight(caller: Caller, *, own: bool = False) -> dict[str, str]:
    return {"mode": caller.mode} | ({"caller": caller.key} if own or conf.own_only else {})


def _types(caller: Caller) -> list[str] | None:
    """Return the types whose imports the caller sees; None for all."""
    if caller.types is None and caller.user is None:
        return None
    return [
        importer.resource_type
        for importer in importers_of(caller)
        if may_view(caller.user, importer) or may_import(caller.user, importer)
    ]


def import_or_404(imports: QuerySet[Import], pk: str) -> Import:
    """Return the import of that id. Raise a 404 if there is none, or the id is malformed."""
    parsed = parse_id(Import._meta.pk, pk)
    if parsed is None:
        raise Http404
    try:
        import_ = imports.get(pk=parsed)
    except Import.DoesNotExist:
        raise Http404 from None
    note(import_id=import_.pk)
    return import_
