"""How much harm a torture has to do to say anything."""

from collections.abc import Mapping
from dataclasses import dataclass

SECONDS = 600


@dataclass(frozen=True)
class Goal:
    """So many of these kinds of harm in ten minutes, and proportionally fewer in less."""

    name: str
    kinds: tuple[str, ...]
    wanted: int

    def by(self, seconds: float) -> int:
        """How many there should be by that time."""
        return int(self.wanted * seconds / SECONDS)

    def at_least(self, seconds: float) -> int:
        """How many a run of that time needs: by whole minutes, for a slow machine does less at
        first than later; and one of each.
        """
        return max(1, self.by(seconds // 60 * 60))

    def done(self, counts: Mapping[str, int]) -> int:
        return sum(counts.get(kind, 0) for kind in self.kinds)


SENDERS = Goal("SIGKILLs of senders", ("sender kills",), 100)
DEAF = Goal("deaf workers", ("stopped workers", "unsubscribed workers"), 5)
KILLS = ("child kills", "worker kills", "web kills", "beat kills", "sender kills")
