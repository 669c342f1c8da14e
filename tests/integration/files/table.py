"""Run the tests of files, and print what became of each file in each way as a Markdown table:

python -m tests.integration.files.table
"""

import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.integration.files.taking import Taken, Way

HERE = str(Path(__file__).parent)
LONGEST = 160
TAG = re.compile(r"<[^>]+>")


class Table:
    """Listens to the ways, and to the results of the tests."""

    def __init__(self) -> None:
        self.outcomes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.failed: set[str] = set()
        self._files: list[str] = []
        self._ways: list[str] = []

    def pytest_collection_finish(self) -> None:
        """Listen to the ways, which can be imported only once Django is set up."""
        from tests.integration.files.taking import WAYS

        self._ways = [*WAYS]
        for name, way in WAYS.items():
            WAYS[name] = self._listening(name, way)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self._files = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.update(self._files)

    def lines(self) -> list[str]:
        head = ["File", *self._ways, "tests"]
        rows = [
            [file, *("; then ".join(by_way[way]) or "-" for way in self._ways), self._verdict(file)]
            for file, by_way in sorted(self.outcomes.items())
        ]
        return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]

    def _verdict(self, file: str) -> str:
        return "failed" if file in self.failed else "passed"

    def _listening(self, name: str, way: "Way") -> "Way":
        def listen(caller: Any, path: Path, type_: str, **asked: Any) -> "Taken":
            taken = way(caller, path, type_, **asked)
            self._files.append(path.name)
            outcomes = self.outcomes[path.name][name]
            if (outcome := outcome_of(taken, asked["options"])) not in outcomes:
                outcomes.append(outcome)
            return taken

        return listen


def outcome_of(taken: "Taken", options: dict[str, Any]) -> str:
    """The counts of the import, what was wrong first, and what was said; or the refusal."""
    given = f"with {', '.join(options)}: " if options else ""
    import_ = taken.import_
    if import_ is None:
        return cell(f"{given}refused: {taken.refusal}")
    counts = {
        "created": import_.created_count,
        "updated": import_.updated_count,
        "unchanged": import_.unchanged_count,
        "destroyed": import_.destroyed_count,
        "failed": import_.errors_count,
    }
    said = [", ".join(f"{count} {name}" for name, count in counts.items() if count)]
    if import_.errors_count:
        attribute, messages = next(iter(next(iter(taken.errors.values())).items()))
        said.append(f"{attribute} {messages[0]}")
    said += [f"warning: {message}" for message in taken.warnings[:1]]
    return cell(given + "; ".join(said))


def cell(text: str) -> str:
    """The text in one line of a table, without tags and shortened."""
    text = " ".join(TAG.sub(" ", text).split()).replace("|", "\\|")
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


if __name__ == "__main__":
    table = Table()
    code = pytest.main([HERE, "-q", "--no-header"], plugins=[table])
    sys.stdout.write("\n".join(["", *table.lines(), ""]))
    sys.exit(code)
