"""Have LibreOffice save the files anew: `.venv/bin/python -m tests.integration.files.saving`.

It needs Debian's `libreoffice-calc`; the tests need only what it saved.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.integration.files.saving.books import BOOKS, Book

TO = Path(__file__).parents[3] / "files" / "saved"
CSV_FILTER = "Text - txt - csv (StarCalc)"
# The first line, no columns' formats, the language, quotes, cells as they are shown.
CSV_OPTIONS = "{delimiter},34,{encoding},1,,0,{quotes},true"
PROGRAM = "soffice"


def main() -> None:
    """Save all of them, or those that are named."""
    TO.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        for name in sys.argv[1:] or BOOKS:
            _save(Path(folder), name, BOOKS[name])
            print(name, (TO / name).stat().st_size)  # noqa: T201


def _save(folder: Path, name: str, book: Book) -> None:
    path = Path(name)
    source = folder / f"{path.stem}.fods"
    source.write_text(book.text)
    form = path.suffix.removeprefix(".")
    if book.csv:
        delimiter, encoding, quotes = book.csv
        options = CSV_OPTIONS.format(
            delimiter=ord(delimiter), encoding=encoding, quotes=str(quotes).lower()
        )
        form += f":{CSV_FILTER}:{options}"
    subprocess.run(
        [
            PROGRAM,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--convert-to", form, "--outdir", str(TO), str(source)),
        ],
        check=True,
        capture_output=True,
    )


if __name__ == "__main__":
    main()
