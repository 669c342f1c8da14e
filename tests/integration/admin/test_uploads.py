from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from pytest_django import Settings

Upload = Callable[..., list[Any]]


@pytest.fixture
def upload() -> Iterator[Upload]:
    """Sends files of these sizes; they are closed with their requests, in the end."""
    with ExitStack() as requests:

        def send(*sizes: int) -> list[Any]:
            contents = {f"file{n}": b"x" * size for n, size in enumerate(sizes)}
            files = {name: SimpleUploadedFile("a.csv", text) for name, text in contents.items()}
            request = RequestFactory().post("/admin/", files)
            requests.callback(request.close)
            return list(request.FILES.values())

        yield send


@pytest.fixture(autouse=True)
def limit(settings: Settings) -> None:
    settings.IMPORTS_MAX_REQUEST_BYTES = 1_000


def test_a_small_file_is_on_disk_too_until_it_is_closed(upload: Upload) -> None:
    (file,) = upload(10)

    path = Path(file.temporary_file_path())
    assert path.read_bytes() == b"x" * 10
    assert path.stat().st_mode & 0o077 == 0
    file.close()
    assert not path.exists()


def test_a_file_is_not_kept_beyond_the_limit(upload: Upload) -> None:
    (file,) = upload(5_000)

    assert Path(file.temporary_file_path()).stat().st_size <= 1_000
    assert file.size == 5_000


def test_many_files_share_the_limit(upload: Upload) -> None:
    files = upload(600, 600, 600)

    kept = [Path(file.temporary_file_path()).stat().st_size for file in files]
    assert sum(kept) <= 1_000
    assert [file.size for file in files] == [600, 1_001, 1_001]
