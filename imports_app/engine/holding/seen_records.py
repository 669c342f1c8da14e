"""The records that an import's rows have named so far, in little memory: there may be a million."""

from collections.abc import Collection, Iterable, Iterator
from struct import Struct
from typing import Any

RECENT = 50_000  # of which a dictionary knows, which is quick and takes ten times the room
BUCKETS = 2**14  # each has some sixty of a million records

_entry = Struct("<qI")  # a hash, and the index of a row
_hash = Struct("<q")


class SeenRecords:
    """Compact ids of records, each with the index of the row that named it last.

    Of all but the latest a hash of 64 bits is kept, 12 bytes a record. That two of a million
    records have the same one is to be expected once in thirty million such imports.
    """

    def __init__(self) -> None:
        self._recent: dict[Any, int] = {}
        self._buckets: list[bytes] = []

    def add(self, ids: Iterable[Any], first: int) -> None:
        """Take the ids that the rows from index `first` on named, None for a row without one."""
        self._recent.update({pk: index for index, pk in enumerate(ids, first) if pk is not None})
        if len(self._recent) > RECENT:
            self._fold()

    def has_any(self, ids: Collection[Any]) -> bool:
        """Return whether one of the ids was seen."""
        if not self._recent.keys().isdisjoint(ids):
            return True
        return bool(self._buckets) and any(self.get(pk) is not None for pk in ids)

    def get(self, pk: Any) -> int | None:
        """Return the index of the row that named the record last, None if none did."""
        index = self._recent.get(pk)
        return self._folded(pk) if index is None and self._buckets else index

    def unseen(self, ids: Iterable[Any]) -> Iterator[Any]:
        """Return those of the compact ids that were not seen."""
        others = (pk for pk in ids if pk not in self._recent)
        return self._not_folded(others) if self._buckets else others

    def _not_folded(self, ids: Iterable[Any]) -> Iterator[Any]:
        buckets, pack = self._buckets, _hash.pack
        for pk in ids:
            key = _key(pk)
            place = buckets[key % BUCKETS].find(pack(key))
            if place < 0 or (place % _entry.size and self._folded(pk) is None):
                yield pk

    def _folded(self, pk: Any) -> int | None:
        key = _key(pk)
        bucket, wanted = self._buckets[key % BUCKETS], _hash.pack(key)
        end = len(bucket)
        while (place := bucket.rfind(wanted, 0, end)) >= 0:
            if place % _entry.size == 0:
                return int(_entry.unpack_from(bucket, place)[1])
            end = place + _hash.size - 1
        return None

    def __contains__(self, pk: object) -> bool:
        return self.get(pk) is not None

    def _fold(self) -> None:
        self._buckets = buckets = self._buckets or [b""] * BUCKETS
        for pk, index in self._recent.items():
            key = _key(pk)
            buckets[key % BUCKETS] += _entry.pack(key, index)
        self._recent = {}


def _key(pk: Any) -> int:
    return hash(pk if type(pk) is bytes else str(pk))  # the hashes of numbers aren't spread
