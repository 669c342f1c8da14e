"""Every variable of the environment that the service reads, with its default and what it does.

`manage.py show_settings` prints them. Those that begin with IMPORTS_ and are the app's own are
declared in `imports_app/conf.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from imports_app.conf import SETTINGS, django_name


@dataclass(frozen=True)
class Variable:
    """One of them. The type of its default is that of its value.

    Attributes:
        on_sqlite: the default on SQLite, where it is another.
        shown: the default in words, where it is made on the spot.
    """

    name: str
    default: Any
    unit: str
    help: str
    on_sqlite: Any = None
    shown: str | None = None


SITE = (
    Variable("PORT", 8_000, "", "Where the web process listens."),
    Variable("IMPORTS_BIND", "127.0.0.1", "", "The address that it listens on."),
    Variable(
        "IMPORTS_HTTPS",
        False,  # noqa: FBT003
        "",
        "A proxy in front ends TLS and sets X-Forwarded-Proto: redirect, HSTS, secure cookies.",
    ),
    Variable(
        "IMPORTS_PROXIES", 1, "proxies", "With HTTPS: how many in front add to X-Forwarded-For."
    ),
    Variable(
        "DJANGO_ALLOWED_HOSTS",
        ["localhost", "127.0.0.1", "[::1]"],
        "",
        "Host names to answer for, separated by commas.",
    ),
    Variable(
        "DJANGO_CSRF_TRUSTED_ORIGINS", [], "", "Origins that may post to the staff pages, too."
    ),
    Variable(
        "DJANGO_SECRET_KEY",
        "",
        "",
        "Signs sessions, tokens and attachment URLs, and seals what rows have that is secret. The"
        " same on every host.",
        shown="made once, kept in the data directory",
    ),
    Variable(
        "DJANGO_SECRET_KEY_FALLBACKS",
        [],
        "",
        "Secret keys before this one, separated by commas: what they signed and sealed stays good.",
    ),
    Variable("DJANGO_DEBUG", False, "", "Django's pages of errors; never in production."),  # noqa: FBT003
    Variable(
        "IMPORTS_APPS", [], "", "Django apps with types of your own, too, separated by commas."
    ),
)

STORAGE = (
    Variable(
        "IMPORTS_DATA_DIR",
        "",
        "",
        "The folder of everything that is kept: keys, SQLite's file, sockets.",
        shown="`var`, beside `manage.py`",
    ),
    Variable(
        "DATABASE_URL",
        "",
        "",
        "`postgres://user:password@host:5432/name`.",
        shown="SQLite in the data directory",
    ),
    Variable("DATABASE_POOL", False, "", "Connections of PostgreSQL come from a pool."),  # noqa: FBT003
    Variable("DATABASE_POOL_SIZE", 8, "connections", "The most that a process has in its pool."),
    Variable(
        "DATABASE_IDLE_SECONDS",
        60,
        "seconds",
        "PostgreSQL ends a transaction in which nothing happens for so long, and frees its locks.",
    ),
    Variable(
        "DATABASE_STATEMENT_SECONDS", 600, "seconds", "It ends a worker's statement after so long."
    ),
    Variable(
        "DATABASE_WAIT_SECONDS",
        10,
        "seconds",
        "A request that hears nothing of PostgreSQL for so long is answered with a 503.",
    ),
    Variable(
        "CELERY_BROKER_URL",
        "",
        "",
        "`redis://host:6379/0`.",
        shown="a Valkey that `make run` starts, its socket in the data directory",
    ),
    Variable(
        "CELERY_TASK_DEFAULT_QUEUE",
        "imports",
        "",
        "Another name for each installation that shares one Redis.",
    ),
)

PROCESSES = (
    Variable(
        "IMPORTS_WEB_PROCESSES",
        1,
        "processes",
        "Of the web server, on this host. What one client may ask for is counted over all of them.",
    ),
    Variable("IMPORTS_WEB_THREADS", 8, "threads", "Requests that one of them answers at a time."),
    Variable(
        "IMPORTS_WEB_CONNECTIONS",
        4_000,
        "connections",
        "That one of them holds open; it takes three files for each, where the system gives them.",
    ),
    Variable(
        "IMPORTS_SPOOL_BYTES",
        4 * 1024**3,
        "bytes",
        "Bodies and answers on their way in the data directory, of all of them; then 507.",
    ),
    Variable(
        "IMPORTS_WORKERS",
        2,
        "processes",
        "Imports that one worker carries out side by side.",
        on_sqlite=1,
    ),
    Variable(
        "IMPORTS_SILENCE_SECONDS",
        30.0,
        "seconds",
        "A worker, beat or web process that gives no sign of life for so long is replaced.",
    ),
    Variable("IMPORTS_LOG_LEVEL", "INFO", "", "DEBUG, INFO, WARNING, ERROR."),
    Variable("IMPORTS_LOG_FORMAT", "line", "", "`json` for one object a line."),
    Variable("IMPORTS_ACCESS_LOG", False, "", "A line in the log for every request."),  # noqa: FBT003
    Variable("IMPORTS_SAMPLE", True, "", "`make run` imports the sample."),  # noqa: FBT003
)

MAIL = (
    Variable("EMAIL_HOST", "localhost", "", "The mail server, for notices to staff."),
    Variable("EMAIL_PORT", 25, "", "The port that it listens on."),
    Variable("EMAIL_HOST_USER", "", "", "Who signs in there; without it nobody does."),
    Variable("EMAIL_HOST_PASSWORD", "", "", "With what password."),
    Variable("EMAIL_USE_TLS", False, "", "It is asked for TLS first (STARTTLS, mostly port 587)."),  # noqa: FBT003
    Variable("EMAIL_USE_SSL", False, "", "It speaks TLS from the first byte (mostly port 465)."),  # noqa: FBT003
)


IMPORTS = tuple(
    Variable(django_name(name), setting.default, setting.unit, setting.help)
    for name, setting in SETTINGS.items()
    if setting.in_environment
)

VARIABLES: Mapping[str, Variable] = {
    variable.name: variable for variable in (*SITE, *STORAGE, *PROCESSES, *MAIL, *IMPORTS)
}
