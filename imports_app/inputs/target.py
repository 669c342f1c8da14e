"""The resource type of a file's rows, as far as reading the file depends on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from imports_app.inputs.kinds import Kind


class Need(NamedTuple):
    """A part of the key that each new record needs: what to call it, and what can give it."""

    name: str
    ways: frozenset[str]


@dataclass(frozen=True, eq=False)
class Target:
    """A resource type, seen from its files.

    Attributes:
        kinds: what its attributes take.
        synonyms, labels: what else attributes may be called; see Importer.
        links: the attributes by which a row can name a relation's target, by relation.
        many: the attributes that name many targets, tags for instance.
        needs: the parts of the key without which a file is of no use.
        key_names: the attributes by which records are found.
    """

    resource_type: str
    kinds: Mapping[str, Kind]
    synonyms: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    many: frozenset[str] = frozenset()
    needs: tuple[Need, ...] = ()
    key_names: frozenset[str] = frozenset()
