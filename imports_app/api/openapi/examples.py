"""Examples: real exchanges with the service, in a file that a test keeps true."""

import json
from pathlib import Path
from typing import Any

from imports_app.conf import conf

FILE = Path(__file__).with_name("examples.json")
COMPONENT = "#/components/responses/"


def exchanges() -> list[dict[str, Any]]:
    """Return the exchanges, each with its operation's id, its request, and its answer."""
    kept: list[dict[str, Any]] = json.loads(FILE.read_text())
    return kept


def add_examples(document: dict[str, Any]) -> None:
    """Add each exchange to the descriptions of its bodies, if the document has its operation."""
    operations = {
        operation["operationId"]: operation
        for methods in document["paths"].values()
        for operation in methods.values()
    }
    for exchange in exchanges():
        if operation := operations.get(exchange["operation"]):
            _add(document, operation, exchange)


def _add(document: dict[str, Any], operation: dict[str, Any], exchange: dict[str, Any]) -> None:
    name = exchange["name"]
    response = operation["responses"][str(exchange["status"])]
    if reference := response.get("$ref"):
        response = document["components"]["responses"][reference.removeprefix(COMPONENT)]
    elif "body" in exchange:
        _show(operation["requestBody"], exchange["media_type"], name, exchange["body"])
    _show(response, exchange["answer_type"], name, exchange["answer"])


def _show(described: dict[str, Any], media_type: str, name: str, value: Any) -> None:
    if media_type in described.get("content", {}):
        examples = described["content"][media_type].setdefault("examples", {})
        examples[name] = {"value": value if conf.modes else _without_mode(value)}


def _without_mode(value: Any) -> Any:
    """Return an answer as it is without modes."""
    if isinstance(value, list):
        return [_without_mode(each) for each in value]
    if not isinstance(value, dict):
        return value
    members = {name: _without_mode(each) for name, each in value.items()}
    if "mode" in members.get("meta", {}):
        meta = {name: each for name, each in members.pop("meta").items() if name != "mode"}
        members |= {"meta": meta} if meta else {}
    return members
