"""Notes whose maker is to be told by mail that an import is over."""

from imports_app.conf import conf
from imports_app.models import Import, Notice
from imports_app.models.status import FINAL


def note_end(import_: Import) -> bool:
    """Note it in the transaction that ends the import; return whether there is anybody to tell.

    Of a dry run nobody is told: whoever made it looks at its page.
    """
    if not conf.mail_from or import_.created_by_id is None or import_.dry_run:
        return False
    if import_.status not in FINAL:
        return False
    Notice.objects.create(bulk_import=import_)
    return True
