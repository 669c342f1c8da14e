"""The app's settings: `chunk_rows` here is the Django setting `IMPORTS_CHUNK_ROWS`, and so on.

A project may leave out any of them, and tests may override them.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from django.conf import settings
from django.core.signals import setting_changed

MIB = 1024 * 1024


@dataclass(frozen=True)
class Setting:
    """A setting's default, its unit, and what it does.

    Attributes:
        in_environment: whether `config` reads it from the environment variable of the same name.
    """

    default: Any
    unit: str
    help: str
    in_environment: bool = True


class Conf:
    """The settings by their short names: `conf.chunk_rows` is `settings.IMPORTS_CHUNK_ROWS`."""

    chunk_rows: Annotated[
        int, Setting(5_000, "rows", "The most rows that one transaction commits.")
    ]
    chunk_bytes: Annotated[
        int, Setting(2 * MIB, "bytes", "About the most bytes that one transaction commits.")
    ]
    cleanup_rows: Annotated[
        int,
        Setting(2_000, "records", "The most records that one transaction of a cleanup destroys."),
    ]
    cleanup_percent: Annotated[
        float,
        Setting(
            100.0,
            "percent",
            "A cleanup that would destroy more than this share of the records destroys none.",
        ),
    ]
    error_percent: Annotated[
        float, Setting(10.0, "percent", "If more rows than this fail, the import is interrupted.")
    ]
    log_entries: Annotated[
        int, Setting(10_000, "entries", "The most entries that errors_log or warnings_log shows.")
    ]
    keep_changes: Annotated[
        bool,
        Setting(
            default=True,
            unit="",
            help="Whether imports keep their changes by default, so that they can be shown and"
            " undone.",
        ),
    ]
    password_iterations: Annotated[
        int, Setting(20_000, "rounds", "PBKDF2 iterations for passwords in rows.")
    ]
    modes: Annotated[
        bool,
        Setting(
            default=False,
            unit="",
            help="Whether test and live data are kept apart, so that clients of one mode see"
            " nothing of the other; without it, there are no modes.",
            in_environment=False,
        ),
    ]
    eager: Annotated[
        bool,
        Setting(
            default=False,
            unit="",
            help="Whether the process that creates an import carries it out at once, inside of a"
            " transaction, too: for a project's tests.",
            in_environment=False,
        ),
    ]
    lease_seconds: Annotated[
        float,
        Setting(
            30.0,
            "seconds",
            "A worker that hasn't renewed its lease for this long is taken for dead, and another"
            " one goes on.",
        ),
    ]
    sweep_seconds: Annotated[
        float, Setting(10.0, "seconds", "How often beat looks for waiting imports.")
    ]
    slice_seconds: Annotated[
        float,
        Setting(
            10.0,
            "seconds",
            "After this time a worker leaves an import, and the next client has its turn.",
        ),
    ]
    max_rows: Annotated[int, Setting(1_000_000, "rows", "The most rows that an import may have.")]
    sqlite_whole_rows: Annotated[
        int,
        Setting(
            20_000,
            "rows",
            "On SQLite, the most rows of a dry run or an all_or_nothing import: nobody else can"
            " write meanwhile.",
        ),
    ]
    max_request_bytes: Annotated[
        int, Setting(64 * MIB, "bytes", "The largest request body, compressed or not.")
    ]
    max_file_bytes: Annotated[
        int, Setting(1024 * MIB, "bytes", "The largest file, compressed or not.")
    ]
    sheet_bytes: Annotated[
        int, Setting(512 * MIB, "bytes", "The memory that reading a spreadsheet may take.")
    ]
    file_encoding: Annotated[
        str,
        Setting("windows-1252", "", "The encoding of files that are neither UTF-8 nor UTF-16."),
    ]
    draft_bytes: Annotated[
        int,
        Setting(256 * MIB, "bytes", "The total size of one staff member's drafts."),
    ]
    draft_days: Annotated[
        int, Setting(14, "days", "A draft that nobody has worked on for this long is deleted.")
    ]
    approval: Annotated[
        bool,
        Setting(
            default=False,
            unit="",
            help="Whether imports of live data that destroy records, or that have more rows than"
            " approval_rows, need the approval of a second person.",
        ),
    ]
    approval_rows: Annotated[
        int,
        Setting(
            1_000, "rows", "With approval: the most rows that a live import may have without it."
        ),
    ]
    max_row_bytes: Annotated[int, Setting(MIB, "bytes", "The largest row.")]
    max_depth: Annotated[int, Setting(32, "levels", "The deepest nesting of a body.")]
    max_digits: Annotated[int, Setting(300, "digits", "The longest number in a body.")]
    max_active: Annotated[
        int,
        Setting(
            1_000,
            "imports",
            "The most imports of one client that may be pending or running; then 429.",
        ),
    ]
    attachment_seconds: Annotated[
        int, Setting(3_600, "seconds", "How long an attachment_url works.")
    ]
    own_only: Annotated[
        bool,
        Setting(
            default=False,
            unit="",
            help="Whether a client sees only its own imports, events and webhooks.",
        ),
    ]
    token_seconds: Annotated[int, Setting(14_400, "seconds", "How long an access token lasts.")]
    caller: Annotated[
        str,
        Setting(
            "",
            "",
            "Without `imports_app.oauth`: the path of a function that returns the Caller of a"
            " request, or None. By default the project's own authentication decides.",
            in_environment=False,
        ),
    ]
    rate_limit: Annotated[
        int,
        Setting(1_000, "requests", "The most requests of one client in rate_seconds; then 429."),
    ]
    rate_seconds: Annotated[int, Setting(10, "seconds", "The interval of rate_limit.")]
    rate_redis_url: Annotated[
        str,
        Setting(
            "",
            "",
            "The Redis that counts requests; without it each process counts for itself.",
            in_environment=False,
        ),
    ]
    rate_redis_prefix: Annotated[
        str,
        Setting(
            "imports",
            "",
            "The prefix of the keys in that Redis.",
            in_environment=False,
        ),
    ]
    sign_in_failures: Annotated[
        int,
        Setting(
            20, "requests", "Wrong secrets or passwords from one address before it has to wait."
        ),
    ]
    sign_in_name_failures: Annotated[
        int,
        Setting(
            10,
            "requests",
            "The same, for one name of a user or client, from one address.",
        ),
    ]
    sign_in_failure_seconds: Annotated[
        int, Setting(60, "seconds", "The interval over which both are counted.")
    ]
    metrics_dir: Annotated[
        str,
        Setting(
            "",
            "",
            "The folder in which processes share their metrics; without it each keeps its own.",
            in_environment=False,
        ),
    ]
    data_dir: Annotated[
        str,
        Setting(
            "",
            "",
            "The folder whose disk `/readyz` checks; without it none is checked.",
            in_environment=False,
        ),
    ]
    spool_dir: Annotated[
        str,
        Setting(
            "",
            "",
            "The folder for bodies on their way in; without it the system's temporary folder.",
            in_environment=False,
        ),
    ]
    metrics_token: Annotated[
        str,
        Setting(
            "",
            "",
            "The bearer token for /metrics; without it only this host may read them, and only if no"
            " proxy is in front.",
        ),
    ]
    webhook_allowed: Annotated[
        list[str],
        Setting(
            [],
            "",
            "Private networks that webhooks may call, such as `10.1.0.0/16`, separated by commas.",
        ),
    ]
    mail_from: Annotated[
        str,
        Setting(
            "",
            "",
            "The sender address of mails to staff, about imports that are over or wait for"
            " approval; without it none are sent.",
        ),
    ]
    site_url: Annotated[
        str,
        Setting(
            "",
            "",
            "The URL of the site, such as `https://imports.example.com`, for the links in those"
            " mails.",
        ),
    ]
    auth_domain: Annotated[
        str, Setting("localhost", "", "A token's `iss` is `https://auth.` followed by this.")
    ]
    organization_id: Annotated[
        str,
        Setting("imports", "", "The organization's id in `GET /api/organization` and in tokens."),
    ]
    organization_slug: Annotated[str, Setting("imports", "", "The organization's slug there.")]

    if not TYPE_CHECKING:  # a name that is not declared is an error to a type checker, too

        def __getattr__(self, name: str) -> Any:
            """Read the setting when it is first used; from then on it is a plain attribute."""
            if name not in SETTINGS:
                raise AttributeError(f"there is no setting {django_name(name)}")
            found = getattr(settings, django_name(name), SETTINGS[name].default)
            self.__dict__[name] = found
            return found


def django_name(name: str) -> str:
    """Return the name of a setting among Django's: `IMPORTS_CHUNK_ROWS` for `chunk_rows`."""
    return f"IMPORTS_{name.upper()}"


SETTINGS: dict[str, Setting] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(Conf, include_extras=True).items()
}
conf = Conf()


def _forget(*, setting: str, **_: Any) -> None:
    """Forget the value of a setting that a test has overridden or restored."""
    conf.__dict__.pop(setting.removeprefix("IMPORTS_").lower(), None)


setting_changed.connect(_forget)
