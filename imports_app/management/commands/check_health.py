"""`manage.py check_health`: is everything ready that an import needs?"""

from datetime import timedelta
from typing import Any

from django.core.management.base import CommandParser

from imports_app.management.command import TeachingCommand, duration, failed
from imports_app.operations.health import OK, component_states, oldest_waiting


class Command(TeachingCommand):
    """Prints what `/readyz` says, step by step, and how long imports have been waiting."""

    help = "Checks the database, the broker and the workers. Ends with 1 if anything is wrong."
    epilog = """examples:
  manage.py check_health
  manage.py check_health --max-wait 10m   # unhealthy if an import waits longer
  manage.py check_health --json           # {"healthy": true, "components": {...}, ...}

exit codes: 0 healthy, 1 something is wrong, 2 wrong usage
"""
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--max-wait",
            type=duration,
            default=timedelta(hours=1),
            metavar="AGE",
            help="how long an import may be pending, such as 90s, 10m, 12h or 2d (default: 1h)",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        self._quiet = options["json"]
        components: dict[str, str] = {}
        for name, state in component_states():
            components[name] = state
            self._tell(name, state)
        waiting = oldest_waiting() if components["database"] == components["migrations"] else None
        state = (
            OK if waiting is None or waiting <= options["max_wait"] else "has been waiting too long"
        )
        self._tell("oldest pending import", state, f" ({_age(waiting)})")
        healthy = all(each == OK for each in (*components.values(), state))
        if self._quiet:
            seconds = None if waiting is None else waiting.total_seconds()
            self.print_json(
                {"healthy": healthy, "components": components, "oldest_pending_seconds": seconds}
            )
        if not healthy:
            raise failed("Not healthy.")

    def _tell(self, name: str, state: str, note: str = "") -> None:
        if not self._quiet:
            shown = "OK" if state == OK else f"FAILED: {state}"
            self.stdout.write(f"{name}: {shown}{note}")


def _age(waiting: timedelta | None) -> str:
    return "none" if waiting is None else f"{waiting.total_seconds():,.0f} s"
