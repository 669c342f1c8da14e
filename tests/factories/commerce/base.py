"""What all factories of the catalogue have in common."""

from datetime import UTC, datetime, timedelta
from typing import Any

from factory.declarations import SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from imports_app.models import Mode

START = datetime(2030, 1, 1, tzinfo=UTC)


class ResourceFactory(DjangoModelFactory[Any]):
    """What every record has; relations are to records of the same mode."""

    class Meta:
        abstract = True

    mode = Mode.TEST
    reference = Sequence("reference-{}".format)
    reference_origin = Sequence("origin-{}".format)
    metadata = Sequence(lambda n: {"number": n})


def same_mode(made_by: type[ResourceFactory]) -> Any:
    """A relation to a record made by that factory."""
    return SubFactory(made_by, mode=SelfAttribute("..mode"))


def moments() -> Any:
    """A moment of its own for each record."""
    return Sequence(lambda n: START + timedelta(hours=n))
