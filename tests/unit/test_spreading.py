import pytest

from tests.spreading import rank, together

ACCEPTANCE = "tests/acceptance"
RELIABILITY = "tests/integration/reliability"


@pytest.mark.parametrize(
    ("nodeid", "name"),
    [
        ("tests/unit/models/test_ids.py::test_a[servers_stack]", "tests/unit/models/test_ids.py"),
        (f"{ACCEPTANCE}/test_documents.py::test_a[x]", f"{ACCEPTANCE}/test_documents.py"),
        (f"{ACCEPTANCE}/test_modes.py::test_a[servers_stack]", "servers_stack"),
        (f"{ACCEPTANCE}/test_modes.py::test_a[GET-embedded_stack]", "embedded_stack"),
        (f"{ACCEPTANCE}/test_modes.py::test_a[servers_stack-GET]", "servers_stack"),
        (f"{ACCEPTANCE}/browser/test_imports.py::test_a[400]", "servers_stack"),
        (f"{ACCEPTANCE}/test_javascript_client.py::test_a", "embedded_stack"),
        (f"{ACCEPTANCE}/test_javascript_client.py::test_a[servers_stack]", "servers_stack"),
        (f"{ACCEPTANCE}/test_broker.py::test_a", f"{ACCEPTANCE}/test_broker.py::test_a"),
        (f"{RELIABILITY}/test_races.py::test_a[1]", f"{RELIABILITY}/test_races.py::test_a[1]"),
    ],
)
def test_tests_stay_with_what_they_share(nodeid: str, name: str) -> None:
    assert together(nodeid) == name


def test_what_takes_long_comes_first() -> None:
    ids = [f"{folder}/test_a.py::test_a" for folder in ("tests/unit", RELIABILITY, ACCEPTANCE)]

    assert sorted(ids, key=rank) == ids[::-1]
