"""What can be done with imports: API, staff pages and commands call these functions.

They know no HTTP. The whole life of an import is here; what staff and clients do with one that
is over, such as retrying or undoing it, has a module each.
"""

from imports_app.services.lifecycle import (
    ImportOrder,
    check_final,
    check_kept,
    create_import,
    delete_import,
    queue_import,
    relabel,
    request_interrupt,
    settings_of,
)

__all__ = [
    "ImportOrder",
    "check_final",
    "check_kept",
    "create_import",
    "delete_import",
    "queue_import",
    "relabel",
    "request_interrupt",
    "settings_of",
]
