"""The measures of one backend: `python -m tests.benchmarks.session BACKEND RESULTS …`.

The environment names the scratch database and the broker of the services; what this process itself
enqueues nobody hears.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.bench import BACKENDS, SCALES, Bench, measures_for, names
from tests.benchmarks.measures import load
from tests.benchmarks.table import table


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.session")
    parser.add_argument("backend", choices=BACKENDS)
    parser.add_argument("results", type=Path)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--scale", choices=SCALES, required=True)
    parser.add_argument("--only", default="")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    environment = dict(os.environ)
    os.environ["CELERY_BROKER_URL"] = "memory://"
    import django
    from django.core.management import call_command

    django.setup()
    load()
    call_command("migrate", verbosity=0)
    with TemporaryDirectory(prefix="imports-bench-") as folder:
        scale = SCALES[asked.scale]
        bench = Bench(asked.backend, scale, asked.rounds, environment, Path(folder))
        lines = measured(bench, set(filter(None, asked.only.split(","))))
    asked.results.write_text(json.dumps(lines))


def measured(bench: Bench, only: set[str]) -> list[dict[str, object]]:
    """The lines of these measures; each is also shown as soon as it is there."""
    if unknown := only - set(names()):
        sys.exit(f"There is no measure {', '.join(unknown)}; there are {', '.join(names())}.")
    lines: list[dict[str, object]] = []
    for function in measures_for(bench.backend, only).values():
        for line in function(bench):
            lines.append(line.as_json(bench.backend))
            sys.stderr.write(table(lines[-1:]).splitlines()[-1] + "\n")
    return lines


if __name__ == "__main__":
    main()
