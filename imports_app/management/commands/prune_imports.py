"""`manage.py prune_imports`: remove the inputs and logs of old imports."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from imports_app.management.command import TeachingCommand, add_age
from imports_app.storage.pruning import Pruned, prunable, prune, prune_changes


class Command(TeachingCommand):
    """Prunes one import at a time, so that it can be stopped at any moment and run again."""

    help = (
        "Removes the inputs and logs of imports that ended long ago. The imports stay, with their "
        "counts, unless --delete is given; their records stay in any case."
    )
    epilog = """examples:
  manage.py prune_imports --older-than 30d --dry-run   # what would be removed
  manage.py prune_imports --older-than 30d
  manage.py prune_imports --older-than 90d --changes   # they can't be undone any more
  manage.py prune_imports --older-than 365d --delete   # the imports themselves, too

A pruned import shows null for its inputs and attachment_url, and can't be retried.
"""

    def add_arguments(self, parser: CommandParser) -> None:
        add_age(parser, "how long ago the imports must have ended, such as 12h, 30d or 8w")
        parser.add_argument("--delete", action="store_true", help="remove the imports as well")
        parser.add_argument(
            "--changes",
            action="store_true",
            help="remove only the kept changes of the imports, which then can't be undone any more",
        )
        parser.add_argument("--json", action="store_true", help="print the numbers as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        before = timezone.now() - options["older_than"]
        if options["changes"]:
            total = prune_changes(before, dry_run=options["dry_run"])
        elif options["dry_run"]:
            total = prunable(before, delete=options["delete"])
        else:
            total = Pruned()
            for total in prune(before, delete=options["delete"]):  # noqa: B007  (the last counts)
                pass
        if options["json"]:
            self.print_json({"dry_run": options["dry_run"], **asdict(total)})
        else:
            self.stdout.write(_sentence(total, would=options["dry_run"]))


def _sentence(total: Pruned, *, would: bool) -> str:
    return (
        f"{'Would prune' if would else 'Pruned'} {total.imports:,} imports: "
        f"{total.input_rows:,} rows of inputs, {total.log_entries:,} log entries, "
        f"{total.changes:,} changes; "
        f"{total.deleted:,} imports {'would be ' if would else ''}deleted."
    )
