"""Tell what the database refuses from what it takes."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from django.db import Error

from imports_app.database import atomic, roll_back
from imports_app.engine.applying.refusals import REFUSALS, refusals
from imports_app.engine.planning import Draft, Drafts
from imports_app.engine.writers import Writer
from imports_app.outages.database_errors import is_broken

SEARCHED = 2_000  # drafts that a writer goes through at once

T = TypeVar("T")
V = TypeVar("V")


def refused_among(writer: Writer, drafts: Sequence[Draft]) -> Mapping[int, Error]:
    """Return the errors of the drafts that the writer finds to be refused, by place.

    None where it can't tell, or where there are too many drafts to go through.
    """
    if len(drafts) > SEARCHED:
        return {}
    try:
        with refusals(), atomic():
            refused = writer.refused(Drafts.of(drafts))
            roll_back()
    except REFUSALS:  # of a value that doesn't even reach the table
        return {}
    except Error as error:
        if is_broken(error):  # a server without PL/pgSQL
            return {}
        raise
    return refused


def _none(_: Sequence[T]) -> Mapping[T, Error]:
    return {}


def apart(
    wanted: Sequence[T],
    make: Callable[[Sequence[T]], Mapping[T, V]],
    find: Callable[[Sequence[T]], Mapping[T, Error]] = _none,
    *,
    isolating: bool,
) -> tuple[dict[T, V], dict[T, Error]]:
    """Return what `make` makes of all that is wanted, and of what it can't make, why.

    `find` says which that is; where it finds nothing, what is refused is halved until it stands
    alone. Without `isolating` the refusal is raised.
    """
    if not wanted:
        return {}, {}
    try:
        with refusals(), atomic(savepoint=isolating):
            return dict(make(wanted)), {}
    except REFUSALS as error:
        if not isolating:
            raise
        if len(wanted) == 1:
            return {}, {wanted[0]: error}
    if found := find(wanted):
        others = [each for each in wanted if each not in found]
        made, refused = apart(others, make, isolating=isolating)
        return made, {**refused, **found}
    middle = len(wanted) // 2
    made, refused = apart(wanted[:middle], make, find, isolating=isolating)
    more, also_refused = apart(wanted[middle:], make, find, isolating=isolating)
    return made | more, refused | also_refused
