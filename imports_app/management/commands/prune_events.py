"""`manage.py prune_events`: remove old events."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from imports_app.management.command import TeachingCommand, add_age
from imports_app.models import Event
from imports_app.storage.events import prune_events


class Command(TeachingCommand):
    """Removes some events at a time, so that it can be stopped at any moment and run again."""

    help = (
        "Removes old events and their callbacks. Imports stay, but these events are missing from "
        "their history."
    )
    epilog = """examples:
  manage.py prune_events --older-than 90d --dry-run   # how many would be removed
  manage.py prune_events --older-than 90d
"""

    def add_arguments(self, parser: CommandParser) -> None:
        add_age(parser, "the least age of the events to remove, such as 12h, 30d or 8w")
        parser.add_argument("--json", action="store_true", help="print the number as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        before, would = timezone.now() - options["older_than"], options["dry_run"]
        old = Event.objects.filter(created_at__lt=before)
        count = old.count() if would else sum(prune_events(before))
        if options["json"]:
            self.print_json({"dry_run": would, "events": count})
        else:
            self.stdout.write(f"{'Would prune' if would else 'Pruned'} {count:,} events.")
