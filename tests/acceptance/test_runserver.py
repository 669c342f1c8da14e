"""`manage.py runserver`, for whoever develops with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.processes import eventually
from tests.acceptance.stack import Stack


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    stack = Stack(tmp_path, {"CELERY_BROKER_URL": "memory://"})
    stack.migrate()
    address = stack.api.url.removeprefix("http://")
    server = stack.process(tmp_path / "runserver.log", "django", "runserver", "--noreload", address)
    server.start()
    stack.web = server
    try:
        eventually(lambda: is_up(stack), "runserver answers")
        yield stack
    finally:
        server.stop()


def is_up(stack: Stack) -> bool:
    try:
        return stack.api.get("/healthz").status == 200
    except OSError:
        return False


def test_runserver_answers_every_method(stack: Stack) -> None:
    api = stack.client()
    created = api.create_import("skus", [{"code": "MUG", "name": "Mug"}])
    path = f"/api/imports/{created['id']}"

    answers = [
        api.get(path),
        api.patch(path, "imports", created["id"], reference="mine"),
        api.get("/api/imports"),
        api.get("/api/skus/template.csv"),
        api.request("DELETE", path),
    ]

    assert [answer.status for answer in answers] == [200, 200, 200, 200, 204]
