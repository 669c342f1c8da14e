"""The README's commands, each run as it stands against the service that `make run` starts."""

from collections.abc import Iterator

import pytest

from tests.acceptance import readme
from tests.acceptance.processes import clean_environment
from tests.acceptance.service import Service

SITE = "http://127.0.0.1:8000"
STEPS = readme.steps()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """In `var` of a folder, where the README's commands find its keys."""
    running = Service(tmp_path_factory.mktemp("checkout") / "var")
    try:
        running.start()
        yield running
    finally:
        running.process.stop()


@pytest.fixture(scope="module")
def outcomes(service: Service) -> list[readme.Outcome]:
    return readme.run(service.folder.parent, clean_environment(), (SITE, service.api.url))


def test_the_address_stands_in_one_place_only() -> None:
    assert readme.README.count(SITE) == 1


@pytest.mark.parametrize("number", range(len(STEPS)), ids=[step.title for step in STEPS])
def test_a_command_gets_the_status_that_the_readme_names(
    outcomes: list[readme.Outcome], number: int
) -> None:
    assert number < len(outcomes), "a command before it failed"
    outcome, step = outcomes[number], STEPS[number]
    assert outcome.requests
    assert {request.status for request in outcome.requests} == {step.status}, outcome.printed
    assert len(outcome.requests) >= step.commands.count("curl ")


def test_every_operation_of_the_table_has_a_command(outcomes: list[readme.Outcome]) -> None:
    made = [request for outcome in outcomes for request in outcome.requests]

    assert readme.operations()
    assert [
        documented
        for documented in readme.operations()
        if not any(request.is_one_of(documented) for request in made)
    ] == []


def test_the_table_has_every_operation_of_the_schema(service: Service) -> None:
    schema = service.api.get("/api/schema").document
    types = {path.split("/")[2] for path in schema["paths"] if path.endswith("/template.csv")}

    described = {
        (method.upper(), path)
        for path, item in schema["paths"].items()
        for method in item
        if path.split("/")[2] not in types - {"skus"}
    }

    in_table = {(request.method, request.path) for request in readme.operations()}
    assert in_table - described == {("GET", "/healthz"), ("GET", "/readyz")}
    assert described - in_table == set()


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("what was sent, without a token", '[{"code": "MUG-BLUE", "name": "Blue mug"}'),
        ("what failed, and the same as a file to mend", "MUG-NEW,name can't be blank"),
        ("records", '"name":"Blue mug"'),
    ],
)
def test_a_command_prints_what_its_title_says(
    outcomes: list[readme.Outcome], title: str, shown: str
) -> None:
    printed = {step.title: outcome.printed for step, outcome in zip(STEPS, outcomes, strict=True)}

    assert shown in printed[title]
