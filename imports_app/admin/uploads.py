"""Writes uploads from browsers to files, piece by piece and up to a limit."""

from typing import Any

from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from imports_app.conf import conf

ADMIN = "admin"  # the namespace of the staff pages' URLs


def may_upload(request: HttpRequest, match: ResolverMatch) -> bool:
    """Return whether a signed-in user sends a form with files to a staff page."""
    if ADMIN not in match.app_names or request.content_type != "multipart/form-data":
        return False
    SessionMiddleware(_no_answer).process_request(request)
    return is_staff(get_user(request))


def is_staff(user: Any) -> bool:
    """Return whether the user may see staff pages at all. Each page needs permissions, too."""
    return bool(user.is_active and user.is_staff)


def _no_answer(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class BoundedUploads(TemporaryFileUploadHandler):
    """Keeps at most conf.max_request_bytes of a request's files on disk until it is answered.

    The rest is read and thrown away. A file that was cut has a `size` above the limit.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._left = conf.max_request_bytes
        self._is_cut = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write the piece if it still fits."""
        self._left -= len(raw_data)
        if self._left < 0:
            self._is_cut = True
            return None
        return super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        """Return the file. If it was cut, its size is above the limit."""
        file: UploadedFile[bytes] | None = super().file_complete(file_size)
        if file is not None and self._is_cut:
            file.size = max(file_size, conf.max_request_bytes + 1)
        return file
