"""What is long, kept in few bytes."""

import sys
from typing import TYPE_CHECKING, Any

from django.db.models import BinaryField, Model
from django.db.models.query_utils import DeferredAttribute

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    Bytes = BinaryField[bytes, bytes]
else:
    Bytes = BinaryField

FASTEST = 1  # of those levels that make it much smaller


def packed(content: bytes) -> bytes:
    """Return the bytes as zstd compresses them."""
    return zstd.compress(content, FASTEST)


def unpacked(content: bytes | memoryview) -> bytes:
    """Return the bytes of which `packed` made this."""
    return zstd.decompress(content)


class Packed(bytes):
    """Bytes as a ZstdField keeps them."""


class UnpackedWhenAsked(DeferredAttribute):
    """A record's bytes, which stay packed until somebody looks at them."""

    def __get__(self, instance: Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if type(value) is Packed:
            value = unpacked(value)
            self.__set__(instance, value)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class ZstdField(Bytes):
    """Bytes that are packed here, so that the database neither compresses, sends nor logs all of
    them.

    A query for `values` returns them packed. Nothing can be looked for in them.
    """

    descriptor_class = UnpackedWhenAsked

    def get_db_prep_value(
        self,
        value: Any,
        connection: "BaseDatabaseWrapper",
        prepared: bool = False,  # noqa: FBT001, FBT002  (as Django has it)
    ) -> Any:
        """Return the value as it is kept."""
        return None if value is None else packed(value)

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """Return the value as it is kept, known for what it is."""
        return None if value is None else Packed(value)
