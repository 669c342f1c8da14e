"""Measurements on a disk that fails."""

import logging
import os
from pathlib import Path

import pytest
from prometheus_client.mmap_dict import MmapedDict
from pytest_django import Settings

from imports_app.telemetry.logs import ThrottledLogger
from imports_app.telemetry.measuring import Value


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.IMPORTS_METRICS_DIR = str(tmp_path / "metrics")
    return tmp_path / "metrics"


def value(typ: str, name: str) -> Value:
    return Value(typ, "things", name, ["kind"], ["é"], "Things.")


def kept(folder: Path, typ: str) -> dict[str, float]:
    """What another process reads, by name."""
    file = folder / f"{typ}_{os.getpid()}.db"
    entries = MmapedDict.read_all_values_from_file(file)  # type: ignore[no-untyped-call]
    return {key.split('"')[3]: number for key, number, _, _ in entries}


def test_values_are_read_as_they_were_counted(folder: Path) -> None:
    folder.mkdir()
    first, second = value("ordinary", "first"), value("ordinary", "second")
    for amount in (1, 2.5):
        first.inc(amount)
    second.inc(4)

    assert (first.get(), second.get()) == (3.5, 4)
    assert kept(folder, "ordinary") == {"first": 3.5, "second": 4}


def test_measurements_that_can_not_be_written_are_written_later(folder: Path) -> None:
    late = value("late", "late")
    late.inc(2)
    assert late.get() == 2

    folder.mkdir()
    late.inc(3)

    assert late.get() == 5
    assert kept(folder, "late") == {"late": 5}


def test_a_file_of_a_process_that_had_this_number_before_goes_on(folder: Path) -> None:
    folder.mkdir()
    value("again", "again").inc(2)
    Value._files.pop("again").close()

    value("again", "again").inc(3)

    assert kept(folder, "again") == {"again": 5}


def test_the_same_message_is_logged_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    lines = ThrottledLogger()
    with caplog.at_level(logging.WARNING):
        for number in range(5):
            lines.warning("The disk is full: %d", number)
            lines.warning("The broker is away.")

    assert [record.getMessage() for record in caplog.records] == [
        "The disk is full: 0",
        "The broker is away.",
    ]
