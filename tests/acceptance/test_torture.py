"""A short torture; `make torture` is the long one."""

import pytest

from tests.acceptance.processes import clean_environment, run


@pytest.mark.parametrize("backend", ["embedded", "servers"])
def test_imports_come_out_as_if_nothing_had_been_killed(backend: str) -> None:
    arguments = ("--backend", backend, "--minutes", "0.1")

    report = run("tests.torture", *arguments, environment=clean_environment())

    assert report.endswith("differences: 0\n")
