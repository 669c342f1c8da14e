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
    """One variable. Its value has the type of its default.

    Attributes:
        on_sqlite: the default on SQLite, if it differs.
        shown: the default in words, if it is computed at start.
    """

    name: str
    default: Any
    unit: str
    help: str
    on_sqlite: Any = None
    shown: str | None = None


SITE = (
    Variable("PORT", 8_000, "", "The port that the web process listens on."),
    Variable("IMPORTS_BIND", "127.0.0.1", "", "The address that the web process listens on."),
    Variable(
        "IMPORTS_HTTPS",
        False,  # noqa: FBT003
        "",
        "A proxy in front terminates TLS and sets X-Forwarded-Proto: redirect, HSTS, secure"
        " cookies.",
    ),
    Variable(
        "IMPORTS_PROXIES",
        1,
        "proxies",
        "With IMPORTS_HTTPS: how many proxies add to X-Forwarded-For.",
    ),
    Variable(
        "DJANGO_ALLOWED_HOSTS",
        ["localhost", "127.0.0.1", "[::1]"],
        "",
        "Host names to answer for, separated by commas.",
    ),
    Variable(
        "DJANGO_CSRF_TRUSTED_ORIGINS", [], "", "Further origins that may post to the staff pages."
    ),
    Variable(
        "DJANGO_SECRET_KEY",
        "",
        "",
        "Signs sessions, tokens and attachment URLs, and seals the secrets in rows. The same on"
        " every host.",
        shown="made once, kept in the data directory",
    ),
    Variable(
        "DJANGO_SECRET_KEY_FALLBACKS",
        [],
        "",
        "Earlier secret keys, separated by commas: what they signed and sealed stays valid.",
    ),
    Variable("DJANGO_DEBUG", False, "", "Django's debug pages; never in production."),  # noqa: FBT003
    Variable(
        "IMPORTS_APPS", [], "", "Further Django apps, with types of your own, separated by commas."
    ),
)

STORAGE = (
    Variable(
        "IMPORTS_DATA_DIR",
        "",
        "",
        "The folder for everything that the service stores: keys, SQLite's file, sockets.",
        shown="`var`, beside `manage.py`",
    ),
    Variable(
        "DATABASE_URL",
        "",
        "",
        "`postgres://user:password@host:5432/name`.",
        shown="SQLite in the data directory",
    ),
    Variable("DATABASE_POOL", False, "", "Whether connections to PostgreSQL come from a pool."),  # noqa: FBT003
    Variable("DATABASE_POOL_SIZE", 8, "connections", "The most connections in a process's pool."),
    Variable(
        "DATABASE_IDLE_SECONDS",
        60,
        "seconds",
        "PostgreSQL ends a transaction that has been idle for this long, and frees its locks.",
    ),
    Variable(
        "DATABASE_STATEMENT_SECONDS",
        600,
        "seconds",
        "PostgreSQL ends a worker's statement that has run for this long.",
    ),
    Variable(
        "DATABASE_WAIT_SECONDS",
        10,
        "seconds",
        "A request is answered with a 503 if PostgreSQL stays silent for this long.",
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
        "The name of the queue: a different one for each installation that shares one Redis.",
    ),
)

PROCESSES = (
    Variable(
        "IMPORTS_WEB_PROCESSES",
        1,
        "processes",
        "Processes of the web server on this host. Rate limits count over all of them.",
    ),
    Variable(
        "IMPORTS_WEB_THREADS", 8, "threads", "Requests that one web process answers at a time."
    ),
    Variable(
        "IMPORTS_WEB_CONNECTIONS",
        4_000,
        "connections",
        "Connections that one web process holds open. Each takes up to three open files.",
    ),
    Variable(
        "IMPORTS_SPOOL_BYTES",
        4 * 1024**3,
        "bytes",
        "The most that bodies and answers of all web processes may take in the data directory; then"
        " 507.",
    ),
    Variable(
        "IMPORTS_WORKERS",
        2,
        "processes",
        "Imports that one worker carries out at a time.",
        on_sqlite=1,
    ),
    Variable(
        "IMPORTS_SILENCE_SECONDS",
        30.0,
        "seconds",
        "A worker, beat or web process that gives no sign of life for this long is replaced.",
    ),
    Variable("IMPORTS_LOG_LEVEL", "INFO", "", "DEBUG, INFO, WARNING, ERROR."),
    Variable("IMPORTS_LOG_FORMAT", "line", "", "`line`, or `json` for one object per line."),
    Variable("IMPORTS_ACCESS_LOG", False, "", "Whether every request is logged."),  # noqa: FBT003
    Variable("IMPORTS_SAMPLE", True, "", "Whether `make run` imports the sample."),  # noqa: FBT003
)

MAIL = (
    Variable("EMAIL_HOST", "localhost", "", "The mail server, for notices to staff."),
    Variable("EMAIL_PORT", 25, "", "The port of the mail server."),
    Variable(
        "EMAIL_HOST_USER",
        "",
        "",
        "The user name for it; without one, mail is sent without sign-in.",
    ),
    Variable("EMAIL_HOST_PASSWORD", "", "", "The password for it."),
    Variable("EMAIL_USE_TLS", False, "", "Upgrade to TLS by STARTTLS (usually port 587)."),  # noqa: FBT003
    Variable("EMAIL_USE_SSL", False, "", "TLS from the start (usually port 465)."),  # noqa: FBT003
)


IMPORTS = tuple(
    Variable(django_name(name), setting.default, setting.unit, setting.help)
    for name, setting in SETTINGS.items()
    if setting.in_environment
)

VARIABLES: Mapping[str, Variable] = {
    variable.name: variable for variable in (*SITE, *STORAGE, *PROCESSES, *MAIL, *IMPORTS)
}
