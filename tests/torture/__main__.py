"""The command: see the package's docstring."""

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from random import SystemRandom

from tests.torture.backends import BACKENDS
from tests.torture.run import Torture

SHOWN = 40


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture")
    parser.add_argument("--backend", choices=BACKENDS, required=True)
    parser.add_argument("--minutes", type=float, default=10, help="how long harm is done")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1_000_000))
    return parser.parse_args()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    asked = arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="imports-torture-"))
    folder.chmod(0o755)  # PostgreSQL may run as somebody else
    torture = Torture(folder, backend=asked.backend, seconds=60 * asked.minutes, seed=asked.seed)
    wrong = torture()
    for line in wrong[:SHOWN]:
        say(line)
    for line in torture.report.lines(len(wrong)):
        say(line)
    if wrong:
        say(f"The logs are in {folder}.")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
