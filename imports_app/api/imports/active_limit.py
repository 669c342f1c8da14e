"""Limit how many active imports a caller has."""

import math

from imports_app.api.errors import standard_error
from imports_app.callers import Caller
from imports_app.conf import conf
from imports_app.models import Import


def refuse_if_busy(caller: Caller) -> None:
    """Raise a 429 for a caller that has too many active imports."""
    active = Import.objects.active().filter(mode=caller.mode, caller=caller.key).count()
    if active >= conf.max_active:
        raise standard_error(
            429,
            f"There are {active} active imports already (maximum is {conf.max_active}).",
            headers={"Retry-After": str(math.ceil(conf.sweep_seconds))},
        )
