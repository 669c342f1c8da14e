import pytest
from django.test import Client
from pytest_django import Settings
from rest_framework.request import Request

from imports_app.callers import Caller
from imports_app.models import Import
from imports_app.models.choices import Scope
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import import_document
from tests.integration.callers.asking import UserCaller
from tests.integration.callers.conftest import UserWith

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SKUS = ("commerce.add_sku", "commerce.change_sku", "imports_app.use_live_data", "commerce.add_tag")


def partner(request: Request) -> Caller | None:
    """What a project's hook may do: a program, known by its user's name."""
    if not request.user.is_authenticated:
        return None
    return Caller(
        key=f"partner-{request.user.get_username()}",
        name="A partner",
        mode="test",
        scopes=frozenset({Scope.READ, Scope.WRITE}),
        types=frozenset({"skus"}),
    )


@pytest.fixture
def partners(settings: Settings) -> None:
    settings.IMPORTS_CALLER = f"{__name__}.partner"


@pytest.mark.backend
def test_a_user_makes_an_import_that_is_theirs(user_with: UserWith) -> None:
    user = user_with(*SKUS)

    made = UserCaller(user).post("/api/imports", import_document()).data

    import_ = Import.objects.get()
    assert (import_.caller, import_.created_by) == (f"user-{user.pk}", user)
    assert made["relationships"]["application"]["data"]["id"] == import_.caller


def test_a_caller_learns_about_itself(user_with: UserWith, partners: None) -> None:
    answer = UserCaller(user_with()).get("/api/application").data

    assert answer["id"] == "partner-kim"
    assert answer["attributes"]["name"] == "A partner"
    assert answer["attributes"]["scopes"] == "imports:read imports:write"
    assert answer["meta"] == {"mode": "test"}


@pytest.mark.parametrize(
    ("authenticators", "challenge"),
    [
        (["rest_framework.authentication.SessionAuthentication"], "Session "),
        (["rest_framework.authentication.TokenAuthentication"], "Token"),
        ([], "Session "),
    ],
)
def test_without_credentials_there_is_a_challenge_whatever_the_authenticators_do(
    client: Client, settings: Settings, authenticators: list[str], challenge: str
) -> None:
    settings.REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": authenticators}

    for path in ("/api/imports", "/api/skus", "/api/application", "/api/webhooks"):
        answer = client.get(path)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith(challenge)
        assert answer.json()["errors"][0]["code"] == "UNAUTHORIZED"


def test_wrong_credentials_are_invalid(client: Client) -> None:
    answer = client.get("/api/imports", headers={"Authorization": "Basic a2ltOndyb25n"})

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic")
    assert answer.json()["errors"][0]["code"] == "INVALID_TOKEN"


def test_a_session_needs_its_csrf_token_to_write(user_with: UserWith) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user_with(*SKUS))

    answer = client.post("/api/imports", import_document(), "application/vnd.api+json")

    assert answer.status_code == 403
    assert "CSRF" in answer.json()["errors"][0]["detail"]
    assert client.get("/api/imports").status_code == 200


def test_a_caller_has_nothing_to_do_with_other_types(user_with: UserWith, partners: None) -> None:
    caller = UserCaller(user_with())
    other = ImportFactory.create(resource_type="prices", client=None)
    document = import_document(resource_type="prices", inputs=[{"sku_code": "A"}])

    assert caller.post("/api/imports", import_document()).status == 201
    assert caller.post("/api/imports", document).status == 403
    assert caller.get("/api/prices").status == 403
    assert caller.get("/api/prices/template.csv").status == 403
    assert caller.get("/api/resource_types/prices").status == 403
    assert caller.get(f"/api/imports/{other.pk}").status == 404
    assert [each["id"] for each in caller.get("/api/resource_types").data] == ["skus"]
    assert caller.get("/api/imports").document["meta"]["record_count"] == 1


def test_scopes_are_those_that_the_hook_gives(user_with: UserWith, partners: None) -> None:
    document = import_document(cleanup_records=True)

    refused = UserCaller(user_with()).post("/api/imports", document)

    assert (refused.status, refused.error["meta"]) == (403, {"scope": "imports:cleanup"})


@pytest.mark.backend
def test_idempotency_keys_are_a_callers_own(user_with: UserWith, partners: None) -> None:
    callers = [UserCaller(user_with(username=name)) for name in ("kim", "lee")]

    made = [
        caller._answer(  # with a header of its own
            caller._http.post(
                "/api/imports",
                import_document(),
                "application/vnd.api+json",
                headers={"Idempotency-Key": "one"},
            )
        ).data["id"]
        for caller in (*callers, *callers)
    ]

    assert made[:2] == made[2:]
    assert len(set(made)) == 2


@pytest.mark.backend
def test_callers_may_be_given_sight_of_their_own_only(
    user_with: UserWith, partners: None, settings: Settings
) -> None:
    settings.IMPORTS_OWN_ONLY = True
    kim, lee = (UserCaller(user_with(username=name)) for name in ("kim", "lee"))
    pk = kim.post("/api/imports", import_document()).data["id"]

    assert kim.get(f"/api/imports/{pk}").status == 200
    assert lee.get(f"/api/imports/{pk}").status == 404
    assert lee.get("/api/imports").data == []
    assert lee.get(f"/api/imports/{pk}/events").status == 404
    stop = {"data": {"type": "imports", "id": pk, "attributes": {"_interrupt": True}}}
    assert lee.send("patch", f"/api/imports/{pk}", stop).status == 404
    assert lee.send("delete", f"/api/imports/{pk}").status == 404


def test_no_tokens_are_given_out_and_the_schema_says_so(client: Client) -> None:
    from imports_app.api.openapi.document import openapi_document

    openapi_document.cache_clear()
    document = openapi_document()
    openapi_document.cache_clear()

    assert "/oauth/token" not in document["paths"]
    assert [*document["components"]["securitySchemes"]] == ["project"]
    assert document["paths"]["/api/imports"]["get"]["security"] == [{"project": []}]
