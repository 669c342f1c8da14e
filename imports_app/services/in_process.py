"""Carry out imports in the current process, without a worker."""

from collections.abc import Callable
from functools import wraps
from time import sleep
from typing import ParamSpec

from imports_app.conf import conf
from imports_app.database import connection
from imports_app.engine.running import run_slice
from imports_app.exceptions import HeldElsewhere
from imports_app.models import Import
from imports_app.models.status import ACTIVE
from imports_app.queue.scheduling import claim_toward

POLL_SECONDS = 0.2

P = ParamSpec("P")


def carry_out(
    import_: Import,
    *,
    stop: Callable[[], bool] = lambda: False,
    each: Callable[[Import], None] = lambda _: None,
) -> None:
    """Work on the import as a worker does, slice by slice, until it is final or `stop` says so.

    Earlier imports that it has to wait for are carried out first; what a worker holds is waited
    for. `each` is given the import, as it is then, after each slice. Raises HeldElsewhere inside
    of a transaction, in which nobody would be seen to let go.
    """
    while import_.status in ACTIVE and not stop():
        if lease := claim_toward(import_):
            run_slice(lease, stop=stop)
        elif connection.in_atomic_block:
            raise HeldElsewhere
        else:
            sleep(POLL_SECONDS)
        import_.refresh_from_db()
        each(import_)


def eagerly(service: Callable[P, Import]) -> Callable[P, Import]:
    """Carry out the import that a service creates at once, if conf.eager is set."""

    @wraps(service)
    def serve(*args: P.args, **kwargs: P.kwargs) -> Import:
        import_ = service(*args, **kwargs)
        if conf.eager:
            carry_out(import_)
        return import_

    return serve
