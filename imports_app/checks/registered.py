"""Find importers that somebody wrote and forgot to register."""

from collections.abc import Iterator

from django.apps import apps
from django.core.checks import CheckMessage, Error

from imports_app.importer import Importer
from imports_app.registry import importers


def check_registered() -> Iterator[CheckMessage]:
    """Yield an error for each; an importer with subclasses is a base, and needs no registration."""
    registered = {type(importer) for importer in importers}
    for importer in _leaves(Importer):
        if importer not in registered and _is_of_an_app(importer):
            yield Error(
                f"{importer.__name__} is not registered, so nobody can import with it.",
                hint=f"Write `@importers.register` above `class {importer.__name__}`.",
                obj=f"{importer.__module__}.{importer.__qualname__}",
                id="imports.E034",
            )


def _leaves(importer: type[Importer]) -> Iterator[type[Importer]]:
    children = importer.__subclasses__()
    if not children:
        yield importer
    for child in children:
        yield from _leaves(child)


def _is_of_an_app(importer: type[Importer]) -> bool:
    """Return whether its module is one in which an installed app's importers are looked for."""
    homes = [f"{config.name}.importers" for config in apps.get_app_configs()]
    return any(f"{importer.__module__}.".startswith(f"{home}.") for home in homes)
