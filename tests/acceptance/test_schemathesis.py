"""What schemathesis thinks up for every operation of the schema, over real processes."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.stack import Stack

SECONDS = 25
# All but those by which a request that fits the schema must succeed, and one that doesn't must
# fail: no schema says that a key must exist or what a CSV consists of, and a parameter that nobody
# knows is ignored.
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
    "use_after_free",
    "ensure_resource_availability",
)


@pytest.fixture
def own_stack(tmp_path: Path) -> Iterator[Stack]:
    """One that nobody else has to share with what is thrown at it."""
    stack = Stack(tmp_path, {})
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


def test_nothing_crashes_the_api_and_every_answer_is_documented(
    own_stack: Stack, tmp_path: Path
) -> None:
    api = own_stack.client()
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("--no-color", "run", f"{api.url}/api/schema"),
        *("--header", f"Authorization: Bearer {api.token}"),
        *("--checks", ",".join(CHECKS)),
        *("--max-time", str(SECONDS), "--max-examples", "5", "--seed", "1"),
        *("--warnings", "off"),
    ]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stdout
