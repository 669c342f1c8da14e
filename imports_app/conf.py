"""The app's settings: a Django setting of the same name in capitals, `IMPORTS_` before it.

They are read when used, so that a project may leave them out and a test may override them.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

MIB = 1024 * 1024


@dataclass(frozen=True)
class Setting:
    """A setting, its default and what it does; the type of the default is that of the setting.

    Attributes:
        in_environment: whether the project takes it from the environment as it is.
    """

    name: str
    default: Any
    unit: str
    help: str
    in_environment: bool = True


SETTINGS = (
    Setting("chunk_rows", 5_000, "rows", "At most so many are committed at a time."),
    Setting("chunk_bytes", 2 * MIB, "bytes", "About so much is committed at a time."),
    Setting("cleanup_rows", 2_000, "records", "Cleanup destroys so many at a time."),
    Setting(
        "cleanup_percent",
        100.0,
        "percent",
        "Cleanup that would destroy a larger share of the records destroys none.",
    ),
    Setting("error_percent", 10.0, "percent", "More failed rows than this interrupt an import."),
    Setting("log_entries", 10_000, "entries", "The most that errors_log or warnings_log shows."),
    Setting(
        "password_iterations",
        20_000,
        "rounds",
        "Of PBKDF2, for the passwords that rows bring along.",
    ),
    Setting(
        "lease_seconds",
        30.0,
        "seconds",
        "A worker not heard of for so long is dead: another one goes on.",
    ),
    Setting("sweep_seconds", 10.0, "seconds", "How often beat looks for work that waits."),
    Setting(
        "slice_seconds",
        10.0,
        "seconds",
        "A worker leaves an import after so long, and the next client has its turn.",
    ),
    Setting("max_rows", 100_000, "rows", "The longest import."),
    Setting("max_request_bytes", 64 * MIB, "bytes", "The largest body, packed or unpacked."),
    Setting("max_row_bytes", MIB, "bytes", "The largest row."),
    Setting("max_depth", 32, "levels", "How deep a body may nest."),
    Setting("max_digits", 300, "digits", "The longest number in a body."),
    Setting("max_active", 1_000, "imports", "A client's, pending or in progress; then 429."),
    Setting("attachment_seconds", 3_600, "seconds", "How long an attachment_url works."),
    Setting("rate_limit", 1_000, "requests", "A client's, in rate_seconds; then 429."),
    Setting("rate_seconds", 10, "seconds", "The interval of rate_limit."),
    Setting(
        "rate_redis_url", "", "", "Where requests are counted; none: here.", in_environment=False
    ),
    Setting("rate_redis_prefix", "imports", "", "Before its keys there.", in_environment=False),
    Setting(
        "sign_in_failures",
        20,
        "requests",
        "Wrong secrets or passwords from one address; then it has to wait.",
    ),
    Setting("sign_in_name_failures", 10, "requests", "The same, for one name from one address."),
    Setting("sign_in_failure_seconds", 60, "seconds", "The interval of both."),
    Setting(
        "metrics_dir", "", "", "Where processes measure; none: each alone.", in_environment=False
    ),
    Setting(
        "data_dir",
        "",
        "",
        "Whose disk has to have room; none: not looked at.",
        in_environment=False,
    ),
    Setting(
        "metrics_token",
        "",
        "",
        "Whoever shows it as a bearer token may read /metrics; without it this host, if no proxy is"
        " in front.",
    ),
    Setting("auth_domain", "localhost", "", "A token's `iss` is `https://auth.` and this."),
    Setting("organization_id", "imports", "", "What `GET /api/organization` and tokens say."),
    Setting("organization_slug", "imports", "", "The same, as part of a URL."),
)


class Conf:
    """Reads a setting by its short name: `conf.chunk_rows` is `settings.IMPORTS_CHUNK_ROWS`."""

    _defaults = {setting.name: setting.default for setting in SETTINGS}

    def __getattr__(self, name: str) -> Any:
        if name not in self._defaults:
            raise AttributeError(f"there is no setting IMPORTS_{name.upper()}")
        return getattr(settings, f"IMPORTS_{name.upper()}", self._defaults[name])


conf = Conf()
