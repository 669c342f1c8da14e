import json
import logging
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.logs import JsonLines, logging_config
from imports_app.telemetry.logs import logging_context, note


def line(message: str = "Hello %s", *args: object, **options: Any) -> dict[str, Any]:
    record = logging.makeLogRecord(
        {"name": "imports", "levelname": "INFO", "msg": message, "args": args, **options}
    )
    text = JsonLines().format(record)
    assert "\n" not in text
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_log_line_is_a_json_object() -> None:
    found = line("Hello %s", "wörld\n", created=1_700_000_000.1234)

    assert found == {
        "time": "2023-11-14T22:13:20.123Z",
        "level": "INFO",
        "logger": "imports",
        "message": "Hello wörld\n",
    }


def test_a_log_line_has_the_members_of_its_context() -> None:
    with logging_context(request_id="r-1"):
        note(import_id=7, client=None, mode="test", secret="s")
        with logging_context(import_id=8):
            assert line("x").items() >= {"import_id": "8"}.items()
            assert "request_id" not in line("x")
        found = line("x")
    assert found["request_id"] == "r-1"
    assert found["import_id"] == "7"
    assert found["mode"] == "test"
    assert not found.keys() & {"client", "secret"}
    assert line("x").keys() == {"time", "level", "logger", "message"}


def test_a_note_outside_of_any_context_is_lost() -> None:
    note(import_id=7)

    assert "import_id" not in line("x")


def test_a_traceback_is_a_member_of_the_object() -> None:
    try:
        int("broken")
    except ValueError:
        found = line("x", exc_info=sys.exc_info())

    assert "ValueError: invalid literal" in found["exception"]


def test_attributes_of_a_log_record_are_left_out() -> None:
    assert "request" not in line("x", request="Authorization: Bearer token")


@pytest.mark.parametrize("name", ["line", "json"])
def test_there_are_two_formats(name: str) -> None:
    handler = logging_config(form=name, level="INFO")["handlers"]["console"]

    assert handler["formatter"] == name


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="IMPORTS_LOG_FORMAT"):
        logging_config(form="xml", level="INFO")
