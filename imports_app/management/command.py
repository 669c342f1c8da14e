"""What the app's commands share: help with examples, `--json`, and exit codes."""

import json
import re
import signal
from argparse import ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from imports_app.conf import conf
from imports_app.database import connection
from imports_app.management.output import flushed
from imports_app.models import Mode
from imports_app.operations.migrations import missing_migrations

MODE_OPTION = re.compile(r" --mode \w+")

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LONGEST = timedelta(days=36_500)


class TeachingCommand(BaseCommand):
    """Shows `epilog` below its help, with its line breaks.

    The exit code is 0 if all went well, 1 if the command did its work and the outcome is bad, and 2
    if it could not begin.
    """

    epilog = ""
    requires_migrations_checks = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not conf.modes:
            self.epilog = MODE_OPTION.sub("", self.epilog)

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name,
            subcommand,
            epilog=self.epilog,
            formatter_class=RawDescriptionHelpFormatter,
            **kwargs,
        )

    def check_migrations(self) -> None:
        """Warn of unapplied migrations in the imports' database; Django checks only `default`."""
        if missing := missing_migrations():
            migrate = f"python manage.py migrate --database {connection.alias}"
            self.stderr.write(f"{missing} migrations are not applied: run `{migrate}`.")

    def run_from_argv(self, argv: Sequence[str]) -> None:
        """End silently, as by SIGPIPE, when nobody reads the rest of the output."""
        try:
            with flushed():
                super().run_from_argv([*argv])
        except BrokenPipeError:
            raise SystemExit(128 + signal.SIGPIPE) from None

    def print_json(self, value: Any) -> None:
        """Print one line of JSON."""
        self.stdout.write(json.dumps(value, ensure_ascii=False, default=str))


def add_mode(parser: CommandParser, help_: str) -> None:
    """Add the option `--mode`, which has to be given; in a project without modes there is none."""
    if conf.modes:
        parser.add_argument("--mode", choices=Mode.values, required=True, help=help_)


def add_age(parser: CommandParser, help_: str) -> None:
    """Add the options of a command that removes what is old: how old, and whether at all."""
    parser.add_argument("--older-than", type=duration, required=True, metavar="AGE", help=help_)
    parser.add_argument("--dry-run", action="store_true", help="remove nothing")


def usage_error(message: str) -> CommandError:
    """Return the error of a command that can't begin.

    Its exit code is 2, as that of an option that doesn't exist.
    """
    return CommandError(message, returncode=2)


def failed(message: str) -> CommandError:
    """Return the error of a command that did its work, but with a bad outcome."""
    return CommandError(message, returncode=1)


def duration(text: str) -> timedelta:
    """Parse a duration for argparse: `30d` is thirty days; the other units are s, m, h and w."""
    found = re.fullmatch(r"([0-9]{1,9})([smhdw])", text)
    if found is None:
        raise ArgumentTypeError(f"{text!r} is no duration such as 90s, 10m, 12h, 30d or 4w")
    length = timedelta(**{UNITS[found[2]]: int(found[1])})
    if length > LONGEST:
        raise ArgumentTypeError(f"{text!r} is longer than 100 years")
    return length
