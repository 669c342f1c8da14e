"""`manage.py show_settings`: every variable of the environment, as docs/operators.md has them."""

from collections.abc import Iterator
from typing import Any

from config.variables import VARIABLES, Variable
from imports_app.management.command import TeachingCommand

EPILOG = """\
The service is configured by environment variables only, and runs without any. After declaring one
in config/variables.py or imports_app/conf.py, print the table again for docs/operators.md:

  manage.py show_settings

examples:
  IMPORTS_MAX_ROWS=500000 make run
  DATABASE_URL=postgres://user:password@host/imports CELERY_BROKER_URL=redis://host:6379/0 make run
"""


class Command(TeachingCommand):
    """Prints a table in Markdown. Values are not shown: some of them are secret."""

    help = "Prints every environment variable that the service reads, as a table in Markdown."
    epilog = EPILOG
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write("\n".join(_lines()))


def _lines() -> Iterator[str]:
    yield "| variable | default | unit | what it does |"
    yield "|---|---|---|---|"
    for variable in VARIABLES.values():
        yield f"| `{variable.name}` | {_default(variable)} | {variable.unit} | {variable.help} |"


def _default(variable: Variable) -> str:
    if variable.shown is not None:
        return variable.shown
    if variable.on_sqlite is not None:
        return f"{_code(variable.default)}; {_code(variable.on_sqlite)} on SQLite"
    return _code(variable.default)


def _code(default: Any) -> str:
    """Return the default as it would be written in the environment."""
    if isinstance(default, list):
        text = ",".join(default)
    elif isinstance(default, float):
        text = f"{default:g}"
    else:
        text = str(default)
    return f"`{text}`" if text else "none"
