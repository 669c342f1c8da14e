"""`python -m tests.generated --requests 10000 --seed 1`"""

import argparse
import sys
import tempfile
from pathlib import Path

import django

from tests.acceptance.stack import Stack


def main() -> int:
    """0 if no answer was a 5xx."""
    parser = argparse.ArgumentParser(prog="python -m tests.generated")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    from tests.generated.run import send_all

    with tempfile.TemporaryDirectory(prefix="imports-generated-") as folder:
        limits = {
            "IMPORTS_RATE_LIMIT": "100000000",
            "IMPORTS_MAX_ACTIVE": "1000000",
            "IMPORTS_SIGN_IN_FAILURES": "100000000",
            "IMPORTS_SIGN_IN_NAME_FAILURES": "100000000",
        }
        stack = Stack(Path(folder), limits)
        try:
            stack.start()
            summary = send_all(stack.client(), options.requests, options.seed)
        finally:
            stack.stop()
    sys.stdout.write(summary.text())
    return 1 if summary.failed else 0


if __name__ == "__main__":
    django.setup()
    sys.exit(main())
