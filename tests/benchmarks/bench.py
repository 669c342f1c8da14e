"""What a measure is given: sizes, rounds, and the environment of its scratch database."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.harness import Line, Run, Seconds, interleaved

POSTGRESQL, SQLITE = "postgresql", "sqlite"
BACKENDS = (POSTGRESQL, SQLITE)


@dataclass(frozen=True)
class Scale:
    """How many of what; the field's names are those of the targets' numbers."""

    import_rows: int = 10_000
    imports: int = 10
    table_rows: int = 1_000_000
    finished_imports: int = 100_000
    few_finished_imports: int = 100
    small_imports: int = 300
    pending_imports: int = 1_000
    slow_rows: int = 5_000  # for contenders that would take minutes
    requests: int = 200

    @property
    def many_rows(self) -> int:
        """The rows of all imports together, or of one large one."""
        return self.import_rows * self.imports


SCALES = {
    "full": Scale(),
    "small": Scale(
        import_rows=1_000,
        imports=4,
        table_rows=20_000,
        finished_imports=2_000,
        small_imports=50,
        slow_rows=500,
        requests=20,
    ),
    "tiny": Scale(
        import_rows=40,
        imports=2,
        table_rows=200,
        finished_imports=120,
        few_finished_imports=10,
        small_imports=5,
        pending_imports=20,
        slow_rows=40,
        requests=3,
    ),
}


@dataclass(frozen=True)
class Bench:
    """One backend's session.

    Attributes:
        environment: what a service needs to run on the scratch database, with a real broker.
        folder: for whatever a measure leaves behind; it goes with the session.
    """

    backend: str
    scale: Scale
    rounds: int
    environment: Mapping[str, str]
    folder: Path

    def interleaved(self, **runs: Run) -> dict[str, list[Seconds]]:
        """See harness.interleaved."""
        return interleaved(self.rounds, runs)


Measure = Callable[[Bench], Iterator[Line]]
_measures: dict[str, tuple[Measure, tuple[str, ...]]] = {}


def measure(*backends: str) -> Callable[[Measure], Measure]:
    """Registers a measure under its function's name, for these backends or for all."""

    def register(function: Measure) -> Measure:
        _measures[function.__name__] = (function, backends or BACKENDS)
        return function

    return register


def names() -> list[str]:
    """The names of all measures, in the order in which they run."""
    return list(_measures)


def measures_for(backend: str, only: set[str]) -> dict[str, Measure]:
    """The measures of that backend; only those named in `only`, if any are."""
    return {
        name: function
        for name, (function, backends) in _measures.items()
        if backend in backends and (not only or name in only)
    }
