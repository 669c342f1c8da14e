"""The app's settings: `chunk_rows` here is the Django setting `IMPORTS_CHUNK_ROWS`, and so on.

A project may leave out any of them, and tests may override them.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.conf import settings
from django.core.signals import setting_changed

MIB = 1024 * 1024

Value = TypeVar("Value")


@dataclass
class Setting:
    """A setting's default, its unit, and what it does.

    Attributes:
        in_environment: whether `config` reads it from the environment variable of the same name.
    """

    default: Any
    unit: str
    help: str
    in_environment: bool
    name: str = field(init=False)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, conf: "Conf | None", owner: type) -> Any:
        """Read the settings when one is first used; from then on each is a plain attribute."""
        if conf is None:
            return self
        for name, each in SETTINGS.items():
            if name not in conf.__dict__:
                conf.__dict__[name] = getattr(settings, django_name(name), each.default)
        return conf.__dict__[self.name]


def setting(default: Value, unit: str, help: str, *, in_environment: bool = True) -> Value:  # noqa: A002
    """Declare a setting. To code, and to a type checker, it has the value that it is set to."""
    return cast("Value", Setting(default, unit, help, in_environment))


def switch(help: str, *, on: bool = False, in_environment: bool = True) -> bool:  # noqa: A002
    """Declare a setting that is true or false."""
    return setting(on, "", help, in_environment=in_environment)


def django_name(name: str) -> str:
    """Return the name of a setting among Django's: `IMPORTS_CHUNK_ROWS` for `chunk_rows`."""
    return f"IMPORTS_{name.upper()}"


class Conf:
    """The settings by their short names: `conf.chunk_rows` is `settings.IMPORTS_CHUNK_ROWS`."""

    chunk_rows: int = setting(5_000, "rows", "The most rows that one transaction commits.")
    chunk_bytes: int = setting(
        2 * MIB, "bytes", "About the most bytes that one transaction commits."
    )
    cleanup_rows: int = setting(
        2_000, "records", "The most records that one transaction of a cleanup destroys."
    )
    cleanup_percent: float = setting(
        100.0,
        "percent",
        "A cleanup that would destroy more than this share of the records destroys none.",
    )
    error_percent: float = setting(
        10.0, "percent", "If more rows than this fail, the import is interrupted."
    )
    log_entries: int = setting(
        10_000, "entries", "The most entries that errors_log or warnings_log shows."
    )
    keep_changes: bool = switch(
        "Whether imports keep their changes by default, so that they can be shown and undone.",
        on=True,
    )
    password_iterations: int = setting(20_000, "rounds", "PBKDF2 iterations for passwords in rows.")
    modes: bool = switch(
        "Whether test and live data are kept apart, so that clients of one mode see nothing of"
        " the other; without it, there are no modes.",
        in_environment=False,
    )
    eager: bool = switch(
        "Whether the process that creates an import carries it out at once, inside of a"
        " transaction, too: for a project's tests.",
        in_environment=False,
    )
    lease_seconds: float = setting(
        30.0,
        "seconds",
        "A worker that hasn't renewed its lease for this long is taken for dead, and another one"
        " goes on.",
    )
    sweep_seconds: float = setting(10.0, "seconds", "How often beat looks for waiting imports.")
    slice_seconds: float = setting(
        10.0,
        "seconds",
        "After this time a worker leaves an import, and the next client has its turn.",
    )
    max_rows: int = setting(1_000_000, "rows", "The most rows that an import may have.")
    sqlite_whole_rows: int = setting(
        20_000,
        "rows",
        "On SQLite, the most rows of a dry run or an all_or_nothing import: nobody else can write"
        " meanwhile.",
    )
    max_request_bytes: int = setting(
        64 * MIB, "bytes", "The largest request body, compressed or not."
    )
    max_file_bytes: int = setting(1024 * MIB, "bytes", "The largest file, compressed or not.")
    sheet_bytes: int = setting(
        512 * MIB, "bytes", "The memory that reading a spreadsheet may take."
    )
    file_encoding: str = setting(
        "windows-1252", "", "The encoding of files that are neither UTF-8 nor UTF-16."
    )
    draft_bytes: int = setting(256 * MIB, "bytes", "The total size of one staff member's drafts.")
    draft_days: int = setting(
        14, "days", "A draft that nobody has worked on for this long is deleted."
    )
    approval: bool = switch(
        "Whether imports of live data that destroy records, or that have more rows than"
        " approval_rows, need the approval of a second person.",
    )
    approval_rows: int = setting(
        1_000, "rows", "With approval: the most rows that a live import may have without it."
    )
    max_row_bytes: int = setting(MIB, "bytes", "The largest row.")
    max_depth: int = setting(32, "levels", "The deepest nesting of a body.")
    max_digits: int = setting(300, "digits", "The longest number in a body.")
    max_active: int = setting(
        1_000, "imports", "The most imports of one client that may be pending or running; then 429."
    )
    attachment_seconds: int = setting(3_600, "seconds", "How long an attachment_url works.")
    own_only: bool = switch("Whether a client sees only its own imports, events and webhooks.")
    token_seconds: int = setting(14_400, "seconds", "How long an access token lasts.")
    caller: str = setting(
        "",
        "",
        "Without `imports_app.oauth`: the path of a function that returns the Caller of a"
        " request, or None. By default the project's own authentication decides.",
        in_environment=False,
    )
    rate_limit: int = setting(
        1_000, "requests", "The most requests of one client in rate_seconds; then 429."
    )
    rate_seconds: int = setting(10, "seconds", "The interval of rate_limit.")
    rate_redis_url: str = setting(
        "",
        "",
        "The Redis that counts requests; without it each process counts for itself.",
        in_environment=False,
    )
    rate_redis_prefix: str = setting(
        "imports", "", "The prefix of the keys in that Redis.", in_environment=False
    )
    sign_in_failures: int = setting(
        20, "requests", "Wrong secrets or passwords from one address before it has to wait."
    )
    sign_in_name_failures: int = setting(
        10, "requests", "The same, for one name of a user or client, from one address."
    )
    sign_in_failure_seconds: int = setting(
        60, "seconds", "The interval over which both are counted."
    )
    metrics_dir: str = setting(
        "",
        "",
        "The folder in which processes share their metrics; without it each keeps its own.",
        in_environment=False,
    )
    data_dir: str = setting(
        "",
        "",
        "The folder whose disk `/readyz` checks; without it none is checked.",
        in_environment=False,
    )
    spool_dir: str = setting(
        "",
        "",
        "The folder for bodies on their way in; without it the system's temporary folder.",
        in_environment=False,
    )
    metrics_token: str = setting(
        "",
        "",
        "The bearer token for /metrics; without it only this host may read them, and only if no"
        " proxy is in front.",
    )
    webhook_allowed: list[str] = setting(
        [],
        "",
        "Private networks that webhooks may call, such as `10.1.0.0/16`, separated by commas.",
    )
    mail_from: str = setting(
        "",
        "",
        "The sender address of mails to staff, about imports that are over or wait for approval;"
        " without it none are sent.",
    )
    site_url: str = setting(
        "",
        "",
        "The URL of the site, such as `https://imports.example.com`, for the links in those mails.",
    )
    auth_domain: str = setting(
        "localhost", "", "A token's `iss` is `https://auth.` followed by this."
    )
    organization_id: str = setting(
        "imports", "", "The organization's id in `GET /api/organization` and in tokens."
    )
    organization_slug: str = setting("imports", "", "The organization's slug there.")

    if not TYPE_CHECKING:  # a name that is not declared is an error to a type checker, too

        def __getattr__(self, name: str) -> Any:
            raise AttributeError(f"there is no setting {django_name(name)}")


SETTINGS: dict[str, Setting] = {
    name: each for name, each in vars(Conf).items() if isinstance(each, Setting)
}
conf = Conf()


def _forget(*, setting: str, **_: Any) -> None:
    """Forget the value of a setting that a test has overridden or restored."""
    conf.__dict__.pop(setting.removeprefix("IMPORTS_").lower(), None)


setting_changed.connect(_forget)
