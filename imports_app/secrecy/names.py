"""Names that stand for something secret, however somebody writes them."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

# What a header that was cut by another separator than it was written with has in it, and what
# stands between the parts of a path.
SEPARATORS = re.compile(r"[,;\t|.]")
SHORTEST = 5  # letters of a name that is recognised with a slip in it; shorter ones are too alike
REMEMBERED = 4_096


@dataclass(frozen=True)
class SecretNames:
    """The names of a type's secret attributes.

    Attributes:
        own: those of the type itself.
        near: those of the records that its rows may bring along, too.
        known: the attributes of the type; none of them is a slip for another one.
        relations: what the names begin with by which a row points to another record.
    """

    own: frozenset[str]
    near: frozenset[str]
    known: frozenset[str]
    relations: tuple[str, ...] = ()

    def cover(self, name: str) -> bool:
        """Return whether what stands under that name is, or could be, secret."""
        return _covers(self, name)

    def know(self, name: str) -> bool:
        """Return whether it is an attribute of the type."""
        return name in self.known or name.startswith(self.relations)


@lru_cache(REMEMBERED)
def _covers(names: SecretNames, name: str) -> bool:
    if names.know(name):
        return plain(name) in _plain(names.own)
    secret = _plain(names.near)
    parts = {plain(part) for part in (name, *SEPARATORS.split(name))} - {""}
    return not secret.isdisjoint(parts) or any(_is_near(part, secret) for part in parts)


def plain(name: str) -> str:
    """Return the name without what people write in different ways: case, blanks and punctuation."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in text if character.isalnum())


@lru_cache(REMEMBERED)
def _plain(names: Collection[str]) -> frozenset[str]:
    return frozenset(map(plain, names))


def _is_near(name: str, secret: Iterable[str]) -> bool:
    return any(len(one) >= SHORTEST and one_edit_apart(name, one) for one in secret)


def one_edit_apart(one: str, other: str) -> bool:
    """Return whether a letter put in, left out, changed, or swapped with the next makes the
    other.
    """
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    same = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), None)
    if same is None:
        return len(long) != len(short)
    if len(long) != len(short):
        return short[same:] == long[same + 1 :]
    swapped = short[same : same + 2] == long[same : same + 2][::-1]
    return short[same + 1 :] == long[same + 1 :] or (
        swapped and short[same + 2 :] == long[same + 2 :]
    )
