"""The command: see the package's docstring."""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from config.env import BASE_DIR
from tests.acceptance.processes import clean_environment
from tests.benchmarks.bench import BACKENDS, SCALES
from tests.benchmarks.machine import machine
from tests.benchmarks.scratch import scratch
from tests.benchmarks.table import heading, table
from tests.servers import temporary_folder


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--backend", choices=BACKENDS, action="append", help="both if not given")
    parser.add_argument("--only", default="", help="names of measures, separated by commas")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", choices=SCALES, default="full")
    parser.add_argument("--json", type=Path, help="a file for the results, each round's too")
    return parser.parse_args()


def session(backend: str, asked: argparse.Namespace) -> list[dict[str, Any]]:
    """Measures on one backend, in a process of its own: settings can't be changed in one."""
    results = temporary_folder() / "results.json"
    options = ["--rounds", str(asked.rounds), "--scale", asked.scale, "--only", asked.only]
    with scratch(backend) as environment:
        command = [sys.executable, "-m", "tests.benchmarks.session", backend, str(results)]
        subprocess.run(
            [*command, *options],
            cwd=BASE_DIR,
            env={**clean_environment(), **environment},
            check=True,
        )
    lines: list[dict[str, Any]] = json.loads(results.read_text())
    return lines


def main() -> None:
    asked = arguments()
    backends = asked.backend or list(BACKENDS)
    about = {**machine(backends), "scale": asked.scale, "rounds": asked.rounds}
    lines = [line for backend in backends for line in session(backend, asked)]
    sys.stdout.write(f"{heading(about)}\n\n{table(lines)}\n")
    if asked.json:
        document = {"machine": about, "measures": lines}
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
