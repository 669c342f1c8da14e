"""`manage.py undo_import`: undo an import."""

from typing import Any

from django.core.management.base import CommandParser

from imports_app.exceptions import ImportsError
from imports_app.management.command import TeachingCommand, failed, usage_error
from imports_app.management.following import sentence, summary, wait
from imports_app.models import Import
from imports_app.models.ids import parse_id
from imports_app.models.status import Status
from imports_app.services.undoing import undo_import


class Command(TeachingCommand):
    """Queues the undo as the API does; workers carry it out."""

    help = (
        "Undoes an import: records that it created are destroyed, others get their values back, and"
        " records that its cleanup destroyed are created again. Records that have changed since are"
        " left as they are."
    )
    epilog = """examples:
  manage.py undo_import 018f... --dry-run --wait   # what would happen
  manage.py undo_import 018f... --wait

The undo is an import of its own, and can be undone, too.

exit codes: 0 queued, or with --wait completed; 1 interrupted; 2 wrong usage, or an import that
can't be undone: nothing was queued
"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", metavar="ID", help="the import's id")
        parser.add_argument("--dry-run", action="store_true", help="write no record")
        parser.add_argument("--wait", action="store_true", help="wait until the undo is final")
        parser.add_argument("--json", action="store_true", help="print the undo as one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        pk = parse_id(Import._meta.pk, options["id"])
        import_ = Import.objects.filter(pk=pk).first() if pk is not None else None
        if import_ is None:
            raise usage_error(f"There is no import {options['id']}.")
        try:
            undo = undo_import(import_=import_, dry_run=options["dry_run"])
        except ImportsError as reason:
            raise usage_error(str(reason)) from None
        if options["wait"]:
            wait(undo)
        if options["json"]:
            self.print_json(summary(undo))
        else:
            self.stdout.write(sentence(undo))
        if options["wait"] and undo.status != Status.COMPLETED:
            raise failed("The import was not undone completely.")
