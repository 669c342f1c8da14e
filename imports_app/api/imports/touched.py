"""The filter `touched`: the imports that changed a record."""

from django.db.models import Exists, OuterRef, Q

from imports_app.api.filters import InvalidValue
from imports_app.models import KeptChanges
from imports_app.models.ids import parse_id
from imports_app.registry import importers
from imports_app.storage.changes import touching

TOUCHED = "filter[q][touched]"


def touched(text: str) -> Q:
    """Return the condition that an import changed the record `<resource type>/<id>`.

    Searches the packed ids of what imports changed. Raises InvalidValue.
    """
    name, _, record_id = text.partition("/")
    importer = importers.find(name)
    if importer is None or not record_id:
        raise InvalidValue("must be a resource type and an id, such as skus/<id>")
    model = importer.model
    if parse_id(model._meta.pk, record_id) is None:
        return Q(pk__in=[])
    kept = KeptChanges.objects.alias(place=touching(model, record_id))
    found = kept.filter(bulk_import=OuterRef("pk"), place__gt=0)
    return Q(Exists(found), dry_run=False)
