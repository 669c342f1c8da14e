"""The database backend, in the module and class that Django looks for."""

from types import SimpleNamespace
from typing import Any

import psycopg
from django.db import Error
from django.db.backends.postgresql import base

from config.postgresql.connection import Connection

# Where Django looks for `connect` and for the names of errors.
DRIVER = SimpleNamespace(**{**vars(psycopg), "connect": Connection.connect})


class DatabaseWrapper(base.DatabaseWrapper):
    """Sets the server parameters of OPTIONS["transaction"] in each transaction."""

    Database = DRIVER  # type: ignore[assignment]  # a namespace is as good as a module

    @property
    def pool(self) -> Any:
        """See Django."""
        options = self.settings_dict["OPTIONS"].get("pool")
        if isinstance(options, dict):
            options.setdefault("connection_class", Connection)
        return super().pool

    def get_connection_params(self) -> dict[str, Any]:
        """Return OPTIONS as the driver knows them."""
        parameters: dict[str, Any] = super().get_connection_params()
        parameters.pop("transaction", None)
        return parameters

    def chunked_cursor(self) -> Any:
        """Return a server-side cursor inside of a transaction, and a plain one outside.

        Behind a pooler, the next statement outside of a transaction may go to another connection.
        """
        return self.cursor() if self.get_autocommit() else super().chunked_cursor()

    def _set_autocommit(self, autocommit: bool) -> None:  # noqa: FBT001  (as Django has it)
        try:
            super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs lack it
            if not autocommit:
                self._limit_transaction()
        except Error:
            # The server may be in a transaction that Django doesn't know of.
            self.close()
            raise

    def _limit_transaction(self) -> None:
        limits = self.settings_dict["OPTIONS"].get("transaction", {})
        statement = "; ".join(f"SET LOCAL {name} = '{limit}'" for name, limit in limits.items())
        if statement:
            with self.wrap_database_errors:
                self.connection.execute(statement)
