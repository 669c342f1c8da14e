import gzip
import json
import os
import signal
import sys
import threading
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from imports_app.commerce.models import Sku
from imports_app.engine.running import run_slice
from imports_app.management.following import sentence
from imports_app.management.progress import ProgressBar, bar
from imports_app.models import Format, Import
from imports_app.services import in_process
from imports_app.storage.chunks import read_inputs
from tests.integration.management.running import Ended, run
from tests.running import run_to_end

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

CSV = b"code,name\nA,a\nB,b\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "skus.csv"
    path.write_bytes(CSV)
    return path


def start(capsys: Any, file: Path | str, *options: str) -> Ended:
    return run(capsys, "import_file", "skus", str(file), "--mode", "test", *options)


@pytest.fixture
def worker() -> Any:
    """Carries out what is queued, until the test ends."""
    ended = threading.Event()

    def work() -> None:
        try:
            while not ended.wait(0.02):
                for import_ in Import.objects.active():
                    run_to_end(import_)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    ended.set()
    thread.join()


@pytest.mark.backend
def test_a_file_is_queued_as_the_api_would(capsys: Any, file: Path) -> None:
    ended = start(capsys, file, "--reference", "mine", "--skip-errors", "--cleanup")

    import_ = Import.objects.get()
    assert ended.code == 0
    assert f"Import {import_.pk} of 2 rows is pending." in ended.out
    assert import_.position is not None
    assert (import_.if_exists, import_.if_missing) == ("update", "create")
    assert (import_.mode, import_.format, import_.inputs_size) == ("test", Format.CSV, 2)
    assert (import_.reference, import_.skip_errors, import_.cleanup_records) == ("mine", True, True)
    assert (import_.caller, import_.dry_run, import_.cleanup_limit) == (None, False, None)
    assert b"".join(read_inputs(import_.pk)) == b'[{"code":"A","name":"a"},{"code":"B","name":"b"}'


def test_the_command_takes_if_exists_and_if_missing(capsys: Any, file: Path) -> None:
    options = ("--if-exists", "fail", "--if-missing", "skip", "--all-or-nothing")
    assert start(capsys, file, *options).code == 0

    import_ = Import.objects.get()
    assert import_.all_or_nothing
    assert (import_.if_exists, import_.if_missing) == ("fail", "skip")


@pytest.mark.parametrize(
    "content",
    [
        CSV,
        gzip.compress(CSV, mtime=0),
        b'[{"code": "A"}, {"code": "B"}]',
        b'{"code": "A"}\n{"code": "B"}',
    ],
)
def test_standard_input_is_read(
    capsys: Any, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(content)))

    assert start(capsys, "-").code == 0

    assert Import.objects.get().inputs_size == 2


@pytest.mark.usefixtures("worker")
@pytest.mark.backend
def test_waiting_ends_with_the_import(capsys: Any, file: Path) -> None:
    ended = start(capsys, file, "--wait", "--json")

    assert ended.code == 0
    summary = json.loads(ended.out)
    assert summary["status"] == "completed"
    assert (summary["inputs_size"], summary["created_count"], summary["errors_count"]) == (2, 2, 0)
    assert summary["id"] == str(Import.objects.get().pk)
    assert ended.err == ""
    assert Sku.objects.count() == 2


@pytest.mark.usefixtures("worker")
@pytest.mark.backend
def test_a_dry_run_writes_nothing(capsys: Any, file: Path) -> None:
    ended = start(capsys, file, "--wait", "--dry-run")

    assert ended.code == 0
    assert "is completed: 2 created, 0 updated" in ended.out
    assert not Sku.objects.exists()


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    ("options", "status"), [([], "interrupted"), (["--skip-errors"], "completed")]
)
@pytest.mark.backend
def test_errors_end_it_with_1(capsys: Any, file: Path, options: list[str], status: str) -> None:
    file.write_bytes(b"code,name\nA,\nB,b\n")

    ended = start(capsys, file, "--wait", *options)

    assert ended.code == 1
    assert f"is {status}" in ended.out
    assert "1 errors" in ended.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["skus"], "FILE"),
        (["skus", "FILE"], "--mode"),
        (["skus", "FILE", "--mode", "staging"], "invalid choice: 'staging'"),
        (["pigs", "FILE", "--mode", "test"], "resource_type - is not a known resource type"),
        (
            ["skus", "FILE", "--mode", "test", "--parent", "1"],
            "skus have no parent",
        ),
        (["prices", "FILE", "--mode", "test", "--parent", "1"], "parent_resource_id - must exist"),
        (["skus", "/nowhere/skus.csv", "--mode", "test"], "No such file"),
        (["skus", "/", "--mode", "test"], "directory"),
        (["skus", "FILE", "--mode", "test", "--format", "xml"], "invalid choice: 'xml'"),
        (["skus", "FILE", "--mode", "test", "--format", "json"], "must be an array of objects"),
        (["skus", "FILE", "--mode", "test", "--cleanup-limit", "-1"], "whole number"),
        (["skus", "FILE", "--mode", "test", "--cleanup-limit", "9" * 19], "whole number"),
        (["skus", "FILE", "--mode", "test", "--reference", "x" * 256], "maximum is 255"),
    ],
)
def test_wrong_usage_ends_with_2_and_queues_nothing(
    capsys: Any, file: Path, arguments: list[str], words: str
) -> None:
    ended = run(capsys, "import_file", *[str(file) if a == "FILE" else a for a in arguments])

    assert ended.code == 2
    assert words in ended.err
    assert "Traceback" not in ended.err
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"code,name\n\xc3\x84,a\nB,\xff\n", "not UTF-8 at line 3"),
        (b'{"code": "A"}\n{"code"}\n', "line 2 - is not JSON"),
        (b"[{}, 1, null]", "inputs[1] - must be an object\ninputs[2] - must be an object"),
        (b"", "can't be blank"),
        (b"code\n1\n2\n3\n4\n", "must not be more than 3 rows"),
        (b"\x1f\x8bx", "not a whole gzip file"),
    ],
)
def test_a_file_that_can_not_be_taken_says_why(
    capsys: Any, tmp_path: Path, settings: Settings, content: bytes, words: str
) -> None:
    settings.IMPORTS_MAX_ROWS = 3
    file = tmp_path / "rows"
    file.write_bytes(content)

    ended = start(capsys, file)

    assert ended.code == 2
    assert words in ended.err
    assert not Import.objects.exists()


@pytest.mark.backend
def test_a_nul_in_a_cell_fails_its_row_alone(capsys: Any, file: Path) -> None:
    file.write_bytes(b"code,name\nA,a\0\nB,b\n")

    assert start(capsys, file, "--skip-errors").code == 0

    import_ = run_to_end(Import.objects.get())
    assert (import_.created_count, import_.errors_count) == (1, 1)


def test_the_bar_shows_how_far_it_is() -> None:
    import_ = Import(inputs_size=1_000, processed_count=445, created_count=445, errors_count=5)

    assert bar(import_) == "[" + "#" * 13 + " " * 17 + "]  45%  450 of 1,000 rows, 5 errors"
    assert bar(Import(inputs_size=1)).endswith("  0%  0 of 1 row")
    assert sentence(Import(inputs_size=1)).endswith(" of 1 row is pending.")


class Terminal(TextIOWrapper):
    def isatty(self) -> bool:
        return True


def test_the_bar_is_redrawn_on_a_terminal_and_nowhere_else() -> None:
    for stream, drawn in ((Terminal(BytesIO()), 2), (TextIOWrapper(BytesIO()), 0)):
        progress = ProgressBar(stream)
        for _ in range(2):
            progress.show(Import(inputs_size=2))
        progress.end()
        stream.seek(0)
        assert stream.read().count("0 of 2 rows") == drawn


def test_the_help_teaches(capsys: Any) -> None:
    ended = run(capsys, "import_file", "--help")

    assert ended.code == 0
    for text in ("examples:", "zcat", "exit codes:", "--cleanup-limit", "{test,live}"):
        assert text in ended.out


@pytest.mark.backend
def test_the_command_can_carry_the_import_out_itself(capsys: Any, file: Path) -> None:
    ended = start(capsys, file, "--here", "--json")

    assert ended.code == 0
    assert json.loads(ended.out)["status"] == "completed"
    assert {*Sku.objects.values_list("code", flat=True)} == {"A", "B"}


@pytest.mark.backend
def test_the_exit_code_tells_of_failed_rows_if_the_command_carries_them_out(
    capsys: Any, tmp_path: Path
) -> None:
    (tmp_path / "skus.csv").write_text("code,weight\nA,heavy\n")

    ended = start(capsys, tmp_path / "skus.csv", "--here")

    assert ended.code == 1
    assert "interrupted" in ended.out


@pytest.mark.backend
def test_asked_to_end_it_leaves_the_rest_to_workers(
    capsys: Any, file: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The signal comes while the first batch is in hand."""
    settings.IMPORTS_CHUNK_ROWS = 1
    handler = signal.getsignal(signal.SIGTERM)

    def signalled(*arguments: Any, **options: Any) -> bool:
        os.kill(os.getpid(), signal.SIGTERM)
        return run_slice(*arguments, **options)

    monkeypatch.setattr(in_process, "run_slice", signalled)
    ended = start(capsys, file, "--here", "--json")

    assert ended.code == 1
    assert json.loads(ended.out)["status"] == "in_progress"
    assert signal.getsignal(signal.SIGTERM) is handler
    assert run_to_end(Import.objects.get()).processed_count == 2


def test_an_import_that_needs_approval_is_refused_with_the_reason(
    capsys: Any, file: Path, settings: Settings
) -> None:
    settings.IMPORTS_APPROVAL, settings.IMPORTS_APPROVAL_ROWS = True, 1

    for options in ((), ("--here",), ("--wait",)):
        ended = run(capsys, "import_file", "skus", str(file), "--mode", "live", *options)
        assert ended.code == 2
        assert "need the approval of a second person; this one has 2." in ended.err

    assert not Import.objects.exists()
    assert start(capsys, file).code == 0
