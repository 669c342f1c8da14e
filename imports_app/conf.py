"""The app's settings: each is a Django setting of the same name in capitals, `IMPORTS_` before it.

A project may leave any of them out, and a test may override them.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from django.conf import settings
from django.core.signals import setting_changed

MIB = 1024 * 1024


@dataclass(frozen=True)
class Setting:
    """What stands behind a setting's type: its default, the unit it counts in, and what it does.

    Attributes:
        in_environment: whether the project takes it from the environment as it is.
    """

    default: Any
    unit: str
    help: str
    in_environment: bool = True


class Conf:
    """The settings by their short names: `conf.chunk_rows` is `settings.IMPORTS_CHUNK_ROWS`."""

    chunk_rows: Annotated[int, Setting(5_000, "rows", "The most that one transaction commits.")]
    chunk_bytes: Annotated[
        int, Setting(2 * MIB, "bytes", "About the most that one transaction commits.")
    ]
    cleanup_rows: Annotated[
        int, Setting(2_000, "records", "The most that one transaction of a cleanup destroys.")
    ]
    cleanup_percent: Annotated[
        float,
        Setting(
            100.0,
            "percent",
            "A cleanup that would destroy a larger share of the records destroys none.",
        ),
    ]
    error_percent: Annotated[
        float, Setting(10.0, "percent", "If more rows than this fail, the import is interrupted.")
    ]
    log_entries: Annotated[
        int, Setting(10_000, "entries", "The most that errors_log or warnings_log shows.")
    ]
    keep_changes: Annotated[
        bool,
        Setting(
            default=True,
            unit="",
            help="Whether imports keep what they change, for `changes` and to be undone.",
        ),
    ]
    password_iterations: Annotated[
        int, Setting(20_000, "rounds", "Of PBKDF2, for passwords that rows bring along.")
    ]
    modes: Annotated[
        bool,
        Setting(
            default=False,
            unit="",
            help="Whether there are test and live data, and clients of each that see nothing of the"
            " other's; without it nothing has a mode.",
            in_environment=False,
        ),
    ]
    eager: Annotated[
        bool,
        Setting(
            default=False,
            unit="",
            help="Imports are carried out at once, by the process that makes them: for a project's"
            " tests, inside of their transactions, too.",
            in_environment=False,
        ),
    ]
    lease_seconds: Annotated[
        float,
        Setting(
            30.0,
            "seconds",
            "A worker that has been silent for longer is taken for dead: another one goes on.",
        ),
    ]
    sweep_seconds: Annotated[
        float, Setting(10.0, "seconds", "How often beat looks for work that waits.")
    ]
    slice_seconds: Annotated[
        float,
        Setting(
            10.0,
            "seconds",
            "After this time a worker leaves an import, and the next client has its turn.",
        ),
    ]
    max_rows: Annotated[int, Setting(1_000_000, "rows", "The longest import.")]
    sqlite_whole_rows: Annotated[
        int,
        Setting(
            20_000,
            "rows",
            "On SQLite, the longest dry run or all_or_nothing: nobody else can write meanwhile.",
        ),
    ]
    max_request_bytes: Annotated[
        int, Setting(64 * MIB, "bytes", "The largest body, packed or unpacked.")
    ]
    max_file_bytes: Annotated[
        int, Setting(1024 * MIB, "bytes", "The largest file, packed or unpacked.")
    ]
    sheet_bytes: Annotated[
        int, Setting(512 * MIB, "bytes", "The memory that reading a spreadsheet may take.")
    ]
    file_encoding: Annotated[
        str,
        Setting("windows-1252", "", "What a file is read as that is neither UTF-8 nor UTF-16."),
    ]
    draft_bytes: Annotated[
        int,
        Setting(256 * MIB, "bytes", "The most that one member of staff's drafts hold together."),
    ]
    draft_days: Annotated[
        int, Setting(14, "days", "A draft that nobody was at for so long is deleted.")
    ]
    approval: Annotated[
        bool,
        Setting(
            default=False,
            unit="",
            help="Imports of live data that destroy records, or have more rows than approval_rows,"
            " need the approval of a second person.",
        ),
    ]
    approval_rows: Annotated[
        int,
        Setting(1_000, "rows", "With approval: the longest live import that needs none."),
    ]
    max_row_bytes: Annotated[int, Setting(MIB, "bytes", "The largest row.")]
    max_depth: Annotated[int, Setting(32, "levels", "The deepest nesting of a body.")]
    max_digits: Annotated[int, Setting(300, "digits", "The longest number in a body.")]
    max_active: Annotated[
        int,
        Setting(
            1_000, "imports", "The most of one client that may wait or run; then the answer is 429."
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
            help="A client sees its own imports, events and webhooks only, not those of others.",
        ),
    ]
    token_seconds: Annotated[int, Setting(14_400, "seconds", "How long an access token lasts.")]
    caller: Annotated[
        str,
        Setting(
            "",
            "",
            "Without `imports_app.oauth`: the path of a function that returns the Caller of a"
            " request, or None; without it, whom the project's own authentication finds.",
            in_environment=False,
        ),
    ]
    rate_limit: Annotated[
        int,
        Setting(
            1_000, "requests", "The most of one client in rate_seconds; then the answer is 429."
        ),
    ]
    rate_seconds: Annotated[int, Setting(10, "seconds", "The interval of rate_limit.")]
    rate_redis_url: Annotated[
        str,
        Setting(
            "",
            "",
            "The Redis that counts requests; without it each process counts.",
            in_environment=False,
        ),
    ]
    rate_redis_prefix: Annotated[
        str,
        Setting(
            "imports",
            "",
            "What its keys there begin with.",
            in_environment=False,
        ),
    ]
    sign_in_failures: Annotated[
        int,
        Setting(
            20, "requests", "Wrong secrets or passwords from one address, after which it must wait."
        ),
    ]
    sign_in_name_failures: Annotated[
        int, Setting(10, "requests", "The same, for one name from one address.")
    ]
    sign_in_failure_seconds: Annotated[int, Setting(60, "seconds", "The interval of both.")]
    metrics_dir: Annotated[
        str,
        Setting(
            "",
            "",
            "Where processes keep what they measure; without it each keeps its own.",
            in_environment=False,
        ),
    ]
    data_dir: Annotated[
        str,
        Setting(
            "",
            "",
            "The folder whose disk `/readyz` looks at; without it none.",
            in_environment=False,
        ),
    ]
    spool_dir: Annotated[
        str,
        Setting(
            "",
            "",
            "The folder for what is on its way in; without it the system's for temporary files.",
            in_environment=False,
        ),
    ]
    metrics_token: Annotated[
        str,
        Setting(
            "",
            "",
            "A bearer token for /metrics; without it only this host may read them, and only if no"
            " proxy is in front.",
        ),
    ]
    webhook_allowed: Annotated[
        list[str],
        Setting(
            [],
            "",
            "Networks that are not public and that webhooks may call all the same, such as"
            " `10.1.0.0/16`, separated by commas.",
        ),
    ]
    mail_from: Annotated[
        str,
        Setting(
            "",
            "",
            "The sender of the mails that tell staff that their imports are over, or that one waits"
            " for their approval; without it none are sent.",
        ),
    ]
    site_url: Annotated[
        str,
        Setting(
            "",
            "",
            "Where staff reach the service, such as `https://imports.example.com`, for the link in"
            " those mails.",
        ),
    ]
    auth_domain: Annotated[
        str, Setting("localhost", "", "A token's `iss` is `https://auth.` and this.")
    ]
    organization_id: Annotated[
        str, Setting("imports", "", "What `GET /api/organization` and tokens say.")
    ]
    organization_slug: Annotated[str, Setting("imports", "", "The same, as part of a URL.")]

    if not TYPE_CHECKING:  # a name that is not declared is an error to a type checker, too

        def __getattr__(self, name: str) -> Any:
            """Read the setting when it is first used; from then on it is a plain attribute."""
            if name not in SETTINGS:
                raise AttributeError(f"there is no setting {django_name(name)}")
            found = getattr(settings, django_name(name), SETTINGS[name].default)
            self.__dict__[name] = found
            return found


def django_name(name: str) -> str:
    """Return what Django's settings call the setting of that short name."""
    return f"IMPORTS_{name.upper()}"


SETTINGS: dict[str, Setting] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(Conf, include_extras=True).items()
}
conf = Conf()


def _forget(*, setting: str, **_: Any) -> None:
    """Forget a setting that a test has overridden or put back."""
    conf.__dict__.pop(setting.removeprefix("IMPORTS_").lower(), None)


setting_changed.connect(_forget)
