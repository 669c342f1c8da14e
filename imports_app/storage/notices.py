"""Store notices: mails to be sent to makers of imports that are over."""

from imports_app.conf import conf
from imports_app.models import Import, Notice
from imports_app.models.status import FINAL


def note_end(import_: Import) -> bool:
    """Store a notice in the transaction that ends the import; return whether there is one to send.

    There is none for a dry run: its maker looks at its page.
    """
    if not conf.mail_from or import_.created_by_id is None or import_.dry_run:
        return False
    if import_.status not in FINAL:
        return False
    Notice.objects.create(bulk_import=import_)
    return True
