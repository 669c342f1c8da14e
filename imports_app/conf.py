"""The app's settings: a Django setting of the same name in capitals, `IMPORTS_` before it.

They are read when used, so that a project may leave them out and a test may override them.
"""

from dataclasses import dataclass, fields
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Defaults:
    """Every setting with its default; durations in seconds, sizes in bytes."""

    chunk_rows: int = 2_000
    chunk_bytes: int = 2 * 1024 * 1024
    lease_seconds: float = 30.0
    sweep_seconds: float = 10.0
    slice_seconds: float = 10.0
    error_percent: float = 10.0
    log_entries: int = 10_000
    cleanup_rows: int = 2_000
    cleanup_percent: float = 100.0
    max_rows: int = 100_000
    max_request_bytes: int = 64 * 1024 * 1024
    max_row_bytes: int = 1024 * 1024
    max_depth: int = 32
    max_active: int = 1_000
    attachment_seconds: int = 3_600
    rate_limit: int = 1_000
    rate_seconds: int = 10
    rate_redis_url: str = ""
    rate_redis_prefix: str = "imports"
    token_failures: int = 20
    token_failure_seconds: int = 60
    auth_domain: str = "localhost"
    organization_id: str = "imports"
    organization_slug: str = "imports"


class Conf:
    """Reads a setting by its short name: `conf.chunk_rows` is `settings.IMPORTS_CHUNK_ROWS`."""

    _defaults = {field.name: field.default for field in fields(Defaults)}

    def __getattr__(self, name: str) -> Any:
        if name not in self._defaults:
            raise AttributeError(f"there is no setting IMPORTS_{name.upper()}")
        return getattr(settings, f"IMPORTS_{name.upper()}", self._defaults[name])


conf = Conf()
