import pytest

from tests.spreading import together

ACCEPTANCE = "tests/acceptance"


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
    ],
)
def test_tests_stay_with_what_they_share(nodeid: str, name: str) -> None:
    assert together(nodeid) == name
