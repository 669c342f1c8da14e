"""`manage.py prune_events`: what happened long ago is forgotten."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from imports_app.management.command import TeachingCommand
from imports_app.management.durations import duration
from imports_app.models import Event
from imports_app.storage.events import prune_events


class Command(TeachingCommand):
    """Goes some events at a time, so that it may be stopped at any moment and run again."""

    help = (
        "Removes the events that are older, and the record of who was told of them. Imports stay; "
        "their history loses what is removed."
    )
    epilog = """examples:
  manage.py prune_events --older-than 90d --dry-run   # how many would go
  manage.py prune_events --older-than 90d
"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--older-than",
            type=duration,
            required=True,
            metavar="AGE",
            help="how long ago it must have happened, such as 12h, 30d or 8w",
        )
        parser.add_argument("--dry-run", action="store_true", help="remove nothing")
        parser.add_argument("--json", action="store_true", help="print the number as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        before, would = timezone.now() - options["older_than"], options["dry_run"]
        old = Event.objects.filter(created_at__lt=before)
        count = old.count() if would else sum(prune_events(before))
        if options["json"]:
            self.print_json({"dry_run": would, "events": count})
        else:
            self.stdout.write(f"{'Would prune' if would else 'Pruned'} {count:,} events.")
