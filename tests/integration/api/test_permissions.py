from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.viewsets import ViewSet

from imports_app.api.authentication import CallerAuthentication
from imports_app.api.base_view import BaseView
from imports_app.api.errors import ApiError
from imports_app.api.permissions import require_scope
from imports_app.models.choices import Scope
from imports_app.oauth.models import ApiClient
from tests.factories.clients import ApiClientFactory, bearer

pytestmark = [pytest.mark.django_db, pytest.mark.once]


class View(BaseView):
    required_scopes = {"GET": Scope.READ, "POST": Scope.WRITE}

    def get(self, request: Request) -> Response:
        return Response()

    def post(self, request: Request) -> Response:
        return Response()

    def put(self, request: Request) -> Response:
        return Response()


class Records(BaseView, ViewSet):
    required_scopes = {"GET": Scope.READ, "POST": Scope.WRITE, "again": Scope.CLEANUP}

    def list(self, request: Request) -> Response:
        return Response()

    def again(self, request: Request) -> Response:
        return Response()


view = View.as_view()
records = Records.as_view({"get": "list", "post": "again"})


def ask(
    target: Any, method: str, scopes: str, *, token_scopes: str | None = None
) -> HttpResponseBase:
    client = ApiClientFactory.create(scopes=scopes)
    headers = bearer(client, scopes=token_scopes)
    answer: HttpResponseBase = target(APIRequestFactory().generic(method, "/", headers=headers))
    return answer


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_needs_the_scope_to_read(method: str) -> None:
    assert ask(records, method, "imports:read").status_code == 200
    assert ask(records, method, "imports:write").status_code == 403


def test_the_refusal_names_the_scope() -> None:
    answer: Any = ask(view, "POST", "imports:read")

    assert answer.status_code == 403
    assert b"imports:write" in answer.content
    assert b"FORBIDDEN" in answer.content
    assert answer["WWW-Authenticate"] == (
        'Bearer realm="imports", error="insufficient_scope", scope="imports:write"'
    )


def test_one_scope_does_not_imply_another() -> None:
    assert ask(view, "POST", "imports:read imports:cleanup").status_code == 403
    assert ask(view, "GET", "imports:write imports:cleanup").status_code == 403


def test_the_scope_of_an_action_goes_before_that_of_its_method() -> None:
    assert ask(records, "POST", "imports:write").status_code == 403
    assert ask(records, "POST", "imports:cleanup").status_code == 200


def test_a_token_has_no_scope_that_it_was_not_given() -> None:
    answer = ask(view, "POST", "imports:read imports:write", token_scopes="imports:read")

    assert answer.status_code == 403


def test_a_token_has_no_scope_that_its_client_lost() -> None:
    answer = ask(view, "POST", "imports:read", token_scopes="imports:read imports:write")

    assert answer.status_code == 403


@pytest.mark.parametrize("target", [view, records])
def test_a_method_that_is_not_there_is_not_a_missing_scope(target: Any) -> None:
    assert ask(target, "DELETE", "imports:read").status_code == 405


def test_asking_for_the_options_needs_a_token_and_no_scope() -> None:
    assert ask(view, "OPTIONS", "").status_code == 200
    assert view(APIRequestFactory().options("/")).status_code == 401


def test_a_view_that_forgets_a_scope_answers_nobody() -> None:
    with pytest.raises(ImproperlyConfigured, match="View names no scope for PUT"):
        ask(view, "PUT", "imports:read imports:write imports:cleanup")


def test_a_scope_can_be_required_inside_a_view() -> None:
    request = authenticated(ApiClientFactory.create())

    require_scope(request, Scope.WRITE)
    with pytest.raises(ApiError) as caught:
        require_scope(request, Scope.CLEANUP)

    assert (caught.value.status_code, caught.value.code) == (403, "FORBIDDEN")
    assert "imports:cleanup" in caught.value.title


def test_the_scopes_of_a_request_are_what_token_and_client_share() -> None:
    client = ApiClientFactory.create(scopes="imports:read imports:write")

    few: Any = authenticated(client, scopes="imports:read imports:cleanup").auth
    all_: Any = authenticated(client).auth
    assert all_.scopes == {"imports:read", "imports:write"}
    assert few.scopes == {"imports:read"}


def authenticated(client: ApiClient, **options: Any) -> Request:
    made = APIRequestFactory().get("/", headers=bearer(client, **options))
    return Request(made, authenticators=[CallerAuthentication()])
