"""A check and the import that staff made after it are one entry in lists: the import's."""

from django.db.models import Exists, OuterRef, Q

from imports_app.models import Import


def is_entry() -> Q:
    """Return what holds for all imports but checks after which the import was made."""
    after = Import.objects.filter(created_at__gte=OuterRef("created_at"))
    made = Exists(Import.objects.filter(check_of=OuterRef("pk")))
    undo = Exists(after.filter(undo_of=OuterRef("undo_of"), dry_run=False))
    retry = Exists(after.filter(retry_of=OuterRef("retry_of"), is_check=False))
    return ~Q(Q(made) | Q(undo, is_undo=True) | Q(retry, is_check=True), dry_run=True)
