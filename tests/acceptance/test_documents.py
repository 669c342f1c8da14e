"""The documents' commands, each run as it stands against the service that `make run` starts."""

import sys
from collections.abc import Iterator

import pytest

from config.env import BASE_DIR
from tests.acceptance import documents
from tests.acceptance.service import Service

SITE = "http://127.0.0.1:8000"
STEPS = documents.steps()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """In `var` of a folder, where the commands find its keys, and the project beside them."""
    checkout = tmp_path_factory.mktemp("checkout")
    (checkout / ".venv").symlink_to(sys.prefix)
    (checkout / "manage.py").symlink_to(BASE_DIR / "manage.py")
    running = Service(checkout / "var")
    try:
        running.start()
        yield running
    finally:
        running.process.stop()


@pytest.fixture(scope="module")
def outcomes(service: Service) -> list[documents.Outcome]:
    return documents.run(service.folder.parent, service.environment, (SITE, service.api.url))


def test_the_address_stands_in_one_place_only() -> None:
    assert [text.count(SITE) for text in (*documents.TEXTS, documents.DEVELOPERS)] == [1, 0, 0, 0]


@pytest.mark.parametrize("number", range(len(STEPS)), ids=[step.title for step in STEPS])
def test_a_command_gets_the_status_that_stands_above_it(
    outcomes: list[documents.Outcome], number: int
) -> None:
    assert number < len(outcomes), "a command before it failed"
    outcome, step = outcomes[number], STEPS[number]
    wanted = {step.status} if step.status else set()
    assert {request.status for request in outcome.requests} == wanted, outcome.printed
    assert len(outcome.requests) >= step.commands.count("curl ")


def test_every_operation_of_the_table_has_a_command(outcomes: list[documents.Outcome]) -> None:
    made = [request for outcome in outcomes for request in outcome.requests]

    assert documents.operations()
    assert [
        documented
        for documented in documents.operations()
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

    in_table = {(request.method, request.path) for request in documents.operations()}
    assert in_table - described == {("GET", "/healthz"), ("GET", "/readyz")}
    assert described - in_table == set()


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("import a file, as a dry run, and wait for its end", "completed"),
        ("read the records", '"name":"Red mug"'),
        ("download what was sent, without a token", '[{"code": "MUG-BLUE", "name": "Blue mug"}'),
        ("read what failed, then get it as a file to mend", "MUG-NEW,name can't be blank"),
        ("read a record", '"name":"Blue mug"'),
    ],
)
def test_a_command_prints_what_its_title_says(
    outcomes: list[documents.Outcome], title: str, shown: str
) -> None:
    printed = {step.title: outcome.printed for step, outcome in zip(STEPS, outcomes, strict=True)}

    assert shown in printed[title]
