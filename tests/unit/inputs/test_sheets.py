from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread

import pytest

from imports_app.inputs import sheets
from imports_app.inputs.refusals import Unreadable

TALKS = """
import sys
sys.stderr.write("a warning\\n" * 100_000)
print('{"sheet": "Prices", "sheets": ["Prices"]}')
print('[[1], [["A", 1]], "A,1"]', flush=True)
"""


def _script(folder: Path, text: str, patch: pytest.MonkeyPatch) -> None:
    path = folder / "process.py"
    path.write_text(text)
    patch.setattr(sheets, "SCRIPT", path)


def test_a_process_that_says_a_lot_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _script(tmp_path, TALKS, monkeypatch)

    rows: list[sheets.Cells] = []

    with TemporaryFile() as file:
        reading = Thread(target=lambda: rows.extend(sheets.Sheet(file, None)), daemon=True)
        reading.start()
        reading.join(timeout=60)

    assert rows == [["A", 1]]


def test_its_last_words_say_that_it_had_too_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _script(tmp_path, TALKS + "raise MemoryError", monkeypatch)

    with TemporaryFile() as file, pytest.raises(Unreadable, match="bytes of memory to read"):
        list(sheets.Sheet(file, None))
