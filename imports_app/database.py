"""The database that imports are in: the one that the project's router chooses for Import.

A batch's records and the import's counts are committed together, so the records are in it, too;
`checks/databases.py` says where they are not. Nothing else names a database.
"""

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.core.signals import setting_changed
from django.db import connections, router, transaction
from django.utils.connection import ConnectionProxy

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.transaction import Atomic


@cache
def alias() -> str:
    """Return its alias. The router is asked only once, because the answer doesn't change."""
    return router.db_for_write(apps.get_model("imports_app", "Import"))


class _Connection(ConnectionProxy):  # type: ignore[type-arg]  # only the stub is generic
    """This thread's connection to it, as `django.db.connection` is that to the default one.

    The alias is not known before the models are.
    """

    def __init__(self) -> None:
        self.__dict__["_connections"] = connections  # what is set is set on the connection

    @cached_property
    def _alias(self) -> str:
        return alias()


_proxy = _Connection()
connection = cast("BaseDatabaseWrapper", _proxy)


@cache
def quote(name: str | None) -> str:
    """Return the name of a table or a column quoted for SQL."""
    return str(connection.ops.quote_name(name or ""))


@cache
def atomic(*, savepoint: bool = True) -> "Atomic":
    """Return a transaction in it, or a savepoint where one is under way.

    Django keeps the state of transactions with the connection, so one object serves all of them.
    """
    return transaction.atomic(using=alias(), savepoint=savepoint)


def on_commit(tell: "Callable[[], object]") -> None:
    """Call the function once the transaction is committed; an exception in it is only logged."""
    transaction.on_commit(tell, using=alias(), robust=True)


def roll_back() -> None:
    """Roll the current transaction or savepoint back at its end."""
    transaction.set_rollback(True, using=alias())


def _forget(*, setting: str, **_: Any) -> None:
    """Ask the router again: a test has overridden it, or put it back."""
    if setting == "DATABASE_ROUTERS":
        alias.cache_clear()
        atomic.cache_clear()
        quote.cache_clear()
        _proxy.__dict__.pop("_alias", None)


setting_changed.connect(_forget)
