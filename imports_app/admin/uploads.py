"""What browsers upload goes to a file, piece by piece, and only so much of it."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from imports_app.conf import conf


class BoundedUploads(TemporaryFileUploadHandler):
    """Keeps at most conf.max_request_bytes of a request's files on disk, until it is answered.

    The rest is read and thrown away; a file that was cut is larger than the limit by its `size`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._left = conf.max_request_bytes
        self._is_cut = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Writes the piece, if it still fits."""
        self._left -= len(raw_data)
        if self._left < 0:
            self._is_cut = True
            return None
        return super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        """The file, with the size that it had where it came from, or more."""
        file: UploadedFile[bytes] | None = super().file_complete(file_size)
        if file is not None and self._is_cut:
            file.size = max(file_size, conf.max_request_bytes + 1)
        return file
