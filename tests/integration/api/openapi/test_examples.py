"""The examples of the document. RENEW_EXAMPLES=1 writes what the service answers now into them."""

import os
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from imports_app.api.openapi.document import openapi_document
from imports_app.api.openapi.examples import exchanges
from tests.integration.api.openapi.exchanges import (
    body,
    carried_out,
    masked,
    media_type,
    renew,
    world,
)

pytestmark = pytest.mark.django_db

EXCHANGES = exchanges()


def named(exchange: dict[str, Any]) -> str:
    return f"{exchange['operation']}-{exchange['name']}"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi_document()


def operation_of(document: dict[str, Any], exchange: dict[str, Any]) -> Any:
    (operation,) = (
        operation
        for methods in document["paths"].values()
        for method, operation in methods.items()
        if operation["operationId"] == exchange["operation"]
        and method == exchange["method"].lower()
    )
    return operation


def fits(document: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    """Fails unless the value is as the schema, which may refer to components, says."""
    everything = {**schema, "components": document["components"]}
    Draft202012Validator(everything).validate(value)


@pytest.mark.parametrize("exchange", EXCHANGES, ids=named)
def test_every_example_is_a_real_answer(exchange: dict[str, Any]) -> None:
    answer = carried_out(exchange, world())

    if os.environ.get("RENEW_EXAMPLES"):
        renew(exchange, answer)
    assert answer.status == exchange["status"]
    assert media_type(answer) == exchange["answer_type"]
    assert masked(body(answer)) == masked(exchange["answer"])


@pytest.mark.parametrize("exchange", EXCHANGES, ids=named)
@pytest.mark.once
def test_every_example_is_as_the_document_says(
    document: dict[str, Any], exchange: dict[str, Any]
) -> None:
    operation = operation_of(document, exchange)
    answer = operation["responses"][str(exchange["status"])]
    if "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]

    if exchange["answer"] is None:
        assert "content" not in answer
    else:
        fits(document, answer["content"][exchange["answer_type"]]["schema"], exchange["answer"])
    if "body" in exchange and exchange["status"] < 400:
        described = operation["requestBody"]["content"][exchange["media_type"]]
        fits(document, described["schema"], exchange["body"])


@pytest.mark.once
def test_the_examples_are_in_the_document(document: dict[str, Any]) -> None:
    operation = document["paths"]["/api/imports"]["post"]
    components = document["components"]["responses"]
    media_type = "application/vnd.api+json"

    assert operation["requestBody"]["content"][media_type]["examples"].keys() == {"json", "csv"}
    answer = operation["responses"]["201"]["content"][media_type]
    assert answer["examples"].keys() == {"json", "csv"}
    assert "missing_scope" in components["FORBIDDEN"]["content"][media_type]["examples"]
