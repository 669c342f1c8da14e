"""What is wrong with an importer's resource type and mode."""

import re
from collections.abc import Iterator

from django.core.checks import CheckMessage

from imports_app.checks.messages import error
from imports_app.conf import conf
from imports_app.importer import Importer
from imports_app.models import ONLY, Mode, ModeModel

RESERVED_NAMES = frozenset(
    {
        "imports",
        "events",
        "event_callbacks",
        "webhooks",
        "application",
        "organization",
        "schema",
        "resource_types",
    }
)
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)


def check_name(importer: Importer) -> Iterator[CheckMessage]:
    """Check the resource type's name, which is a part of URLs and of operation ids."""
    name = importer.resource_type
    if name in RESERVED_NAMES:
        yield error(
            importer,
            1,
            f"the resource type {name!r} is a path of the API",
            hint="Choose another name.",
        )
    elif not NAME.fullmatch(name):
        plain = "_".join(re.findall(r"[a-z0-9]+", name.lower())).lstrip("0123456789_")
        yield error(
            importer,
            23,
            f"the resource type {name!r} can't be a name in the API",
            hint=f"Write {plain or 'books'!r}: small letters, digits, and `_` between words.",
        )


def _check_no_mode(importer: Importer) -> Iterator[CheckMessage]:
    if importer.mode not in (None, ONLY):
        yield error(
            importer,
            50,
            f"it names the mode {importer.mode!r}, but there are no modes",
            hint="Leave out the importer's `mode`, or set IMPORTS_MODES = True.",
        )


def check_mode(importer: Importer) -> Iterator[CheckMessage]:
    """Check that each record has a mode, or that all records have the same one."""
    if not conf.modes:
        yield from _check_no_mode(importer)
        return
    name = importer.model.__name__
    if issubclass(importer.model, ModeModel):
        if importer.mode is not None:
            yield error(
                importer,
                12,
                f"{name} is a ModeModel, whose records have modes, but the importer names one",
                hint="Leave out the importer's `mode`.",
            )
    elif importer.mode is None:
        yield error(
            importer,
            2,
            f"{name} is no ModeModel, so nothing says which `mode` its records belong to",
            hint="Derive it from imports_app.models.ModeModel,"
            f" or write `mode = {Mode.LIVE.value!r}` into the importer:"
            " clients of the other mode can't import it then.",
        )
    elif importer.mode not in Mode.values:
        yield error(
            importer,
            13,
            f"there is no mode {importer.mode!r}",
            hint=f"Write one of {', '.join(map(repr, Mode.values))}.",
        )
