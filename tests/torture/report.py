"""What a torture did, and what came of it, in lines to be quoted."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.torture.goals import Goal


class Report:
    """What is said at the end.

    Attributes:
        harm: how often each kind was done.
        callbacks: what became of them.
    """

    def __init__(self, backend: str, seconds: float, seed: int, goals: Sequence[Goal]) -> None:
        self._about = f"{backend}, {seconds / 60:g} minutes, seed {seed}"
        self._seconds = seconds
        self._goals = goals
        self._imports: dict[str, int] = {}
        self.harm: Mapping[str, int] = {}
        self.callbacks: Mapping[str, int] = {}

    def note(self, outcome: Mapping[str, Any]) -> None:
        """Count what the clients had the service do."""
        imports = outcome["imports"]
        undos = [each for each in imports if each["target"]]
        self._imports = {
            "imports": len(imports),
            "completed": sum(each["status"] == "completed" for each in imports),
            "interrupted": sum(each["status"] == "interrupted" for each in imports),
            "dry": sum(each["dry_run"] for each in imports),
            "rows": sum(each["inputs_size"] for each in imports if not each["target"]),
            "undos": len(undos),
            "undos of cleanups": sum(
                each["cleanup_records"]
                for each in imports
                if not each["target"] and _is_undone(each, undos)
            ),
            "changes taken back": sum(each["inputs_size"] for each in undos),
            "records": sum(map(len, outcome["tables"].values())),
        }

    def missed(self) -> Iterator[str]:
        """Yield a line for each goal that was missed."""
        for goal in self._goals:
            done, wanted = goal.done(self.harm), goal.at_least(self._seconds)
            if done < wanted:
                yield f"too little harm to say anything: {done} of {wanted} {goal.name}"

    def lines(self, wrong: int) -> Iterator[str]:
        """Yield what is printed last; too little harm is a fault, too, but not a difference."""
        goals = (
            f"{g.name} {g.done(self.harm)} of {g.at_least(self._seconds)}" for g in self._goals
        )
        yield f"torture: {self._about}"
        yield f"wanted: {', '.join(goals)}"
        yield f"done: {_listed(self.harm)}"
        yield f"carried out: {_listed(self._imports)}"
        yield f"callbacks: {_listed(self.callbacks)}"
        yield f"differences: {wrong - len([*self.missed()])}"


def _is_undone(import_: Mapping[str, Any], undos: Sequence[Mapping[str, Any]]) -> bool:
    name = import_["mode"], import_["label"]
    return any((undo["mode"], undo["target"]) == name for undo in undos)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
