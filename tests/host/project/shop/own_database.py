"""The settings, where nothing is in the database that Django calls default: there is none."""

from typing import Any

from shop.settings import *  # noqa: F403
from shop.settings import BASE_DIR, DATABASES

RECORDS = {**DATABASES["default"], "NAME": BASE_DIR / "records.sqlite3"}
RECORDS["TEST"] = {**RECORDS["TEST"], "DEPENDENCIES": []}
DATABASES = {"default": {}, "records": RECORDS}
DATABASE_ROUTERS = ["shop.own_database.Router"]


class Router:
    """All that the project has is in one database."""

    def db_for_read(self, model: type[Any], **_: Any) -> str:
        """Read it there."""
        return "records"

    db_for_write = db_for_read
