"""Forms: what is parsed of whom. A parsed form takes many times its size in memory."""

import pytest
from django.http import HttpRequest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FORM = "application/x-www-form-urlencoded"
LARGE = b"a=" + b"%41" * 300_000


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The size of each form that is parsed."""
    sizes: list[int] = []
    load = HttpRequest._load_post_and_files

    def loaded(request: HttpRequest) -> None:
        sizes.append(int(request.META.get("CONTENT_LENGTH") or 0))
        load(request)

    monkeypatch.setattr(HttpRequest, "_load_post_and_files", loaded)
    return sizes


@pytest.mark.parametrize(
    "path",
    [
        "/healthz",
        "/readyz",
        "/metrics",
        "/api/schema",
        "/api/schema/docs",
        "/api/imports",
        "/oauth/token",
        "/favicon.ico",
        "/nowhere",
    ],
)
def test_forms_are_parsed_only_where_they_are_expected(parsed: list[int], path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["csrftoken"] = "a" * 32

    strict.post(path, b"a=b", content_type=FORM)

    assert parsed == []


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/", "/admin/imports_app/import/"])
@pytest.mark.parametrize("content_type", [FORM, "multipart/form-data; boundary=b"])
def test_no_large_form_of_a_stranger_is_parsed(
    parsed: list[int], path: str, content_type: str
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["csrftoken"] = "a" * 32

    answer = strict.post(path, LARGE, content_type=content_type)

    assert answer.status_code == 413
    assert parsed == []


def test_forms_of_staff_are_limited_too(admin_client: Client) -> None:
    answer = admin_client.post("/admin/imports_app/import/", LARGE * 4, content_type=FORM)

    assert answer.status_code in (400, 413)
