"""Django's permissions, asked of users who come by the API."""

from typing import Any

import pytest
from pytest_django import Settings

from imports_app.models import Import
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import import_document
from tests.integration.callers.asking import UserCaller
from tests.integration.callers.conftest import UserWith
from tests.running import run_to_end

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIVE = "imports_app.use_live_data"
MADE = "commerce.add_tag"  # a tag that is missing is made
ADD, CHANGE, DELETE, VIEW = (
    f"commerce.{action}_sku" for action in ("add", "change", "delete", "view")
)


def refused(answer: Any) -> list[str]:
    """The permissions that a 403 names."""
    assert answer.status == 403, answer.content
    assert answer.error["code"] == "FORBIDDEN"
    return list(answer.error["meta"]["permissions"])


@pytest.mark.parametrize(
    ("held", "options", "lacking"),
    [
        ((ADD, CHANGE), {}, []),
        ((ADD,), {}, [CHANGE]),
        ((CHANGE,), {}, [ADD]),
        ((), {}, [ADD, CHANGE]),
        ((ADD,), {"if_exists": "skip"}, []),
        ((ADD,), {"if_exists": "fail"}, []),
        ((ADD,), {"if_missing": "skip"}, [CHANGE]),
        ((CHANGE,), {"if_missing": "skip"}, []),
        ((CHANGE,), {"if_missing": "fail"}, []),
        ((VIEW,), {"if_missing": "fail", "if_exists": "fail"}, [CHANGE]),
        ((ADD, CHANGE), {"cleanup_records": True}, [DELETE]),
        ((ADD, CHANGE, DELETE), {"cleanup_records": True}, []),
    ],
)
def test_an_import_asks_for_what_it_would_do(
    user_with: UserWith, held: tuple[str, ...], options: dict[str, Any], lacking: list[str]
) -> None:
    caller = UserCaller(user_with(LIVE, MADE, *held))

    answer = caller.post("/api/imports", import_document(**options))

    assert (refused(answer) if lacking else []) == lacking
    assert Import.objects.exists() is not bool(lacking)


def test_a_refusal_says_what_can_be_asked_for_instead(user_with: UserWith) -> None:
    answer = UserCaller(user_with(LIVE, MADE, ADD)).post("/api/imports", import_document())

    assert "if_exists has to be skip or fail" in answer.error["detail"]


def test_nested_records_need_permissions_of_their_own(user_with: UserWith) -> None:
    held = ("commerce.add_order", "commerce.change_order")
    document = import_document(resource_type="orders", inputs=[{"number": "1"}])

    lacking = refused(UserCaller(user_with(LIVE, *held)).post("/api/imports", document))

    assert {"commerce.add_lineitem", "commerce.change_lineitem", "commerce.add_tag"} <= {*lacking}
    assert not {*held} & {*lacking}


@pytest.mark.backend
def test_live_data_asks_for_a_permission_of_its_own(user_with: UserWith) -> None:
    caller = UserCaller(user_with(ADD, CHANGE, MADE, VIEW))

    assert refused(caller.post("/api/imports", import_document())) == [LIVE]
    assert refused(caller.get("/api/skus")) == [LIVE]


def test_without_modes_the_permission_for_live_data_is_not_needed(
    user_with: UserWith, settings: Settings
) -> None:
    settings.IMPORTS_MODES = False

    caller = UserCaller(user_with(ADD, CHANGE, MADE))

    assert caller.post("/api/imports", import_document()).status == 201


def test_records_ask_for_the_permission_to_view(user_with: UserWith) -> None:
    assert refused(UserCaller(user_with(LIVE, ADD, CHANGE)).get("/api/skus")) == [VIEW]

    caller = UserCaller(user_with(LIVE, VIEW, username="lee"))
    assert caller.get("/api/skus").status == 200
    assert refused(caller.get("/api/prices?include=sku")) == ["commerce.view_price"]


def test_records_that_come_along_ask_for_it_too(user_with: UserWith) -> None:
    caller = UserCaller(user_with(LIVE, "commerce.view_price"))

    assert caller.get("/api/prices").status == 200
    assert refused(caller.get("/api/prices?include=sku")) == [VIEW]


def imported() -> Import:
    return run_to_end(ImportFactory.create(mode="live", client=None))


@pytest.mark.backend
def test_changes_ask_for_the_permission_to_view(user_with: UserWith) -> None:
    pk = imported().pk

    assert refused(UserCaller(user_with(LIVE, ADD)).get(f"/api/imports/{pk}/changes")) == [VIEW]
    caller = UserCaller(user_with(LIVE, VIEW, username="lee"))
    assert len(caller.get(f"/api/imports/{pk}/changes").data) == 2


@pytest.mark.backend
def test_an_undo_that_destroys_asks_for_that(user_with: UserWith) -> None:
    pk = imported().pk

    caller = UserCaller(user_with(LIVE, MADE, ADD, CHANGE))
    lacking = refused(caller.post(f"/api/imports/{pk}/undo"))
    assert DELETE in lacking

    caller = UserCaller(user_with(LIVE, *lacking, VIEW, username="lee"))
    assert caller.post(f"/api/imports/{pk}/undo").status == 201


@pytest.mark.backend
def test_imports_of_types_that_a_user_has_nothing_to_do_with_are_not_there(
    user_with: UserWith,
) -> None:
    pk = imported().pk

    caller = UserCaller(user_with(LIVE, "commerce.view_price"))

    assert caller.get("/api/imports").data == []
    assert caller.get(f"/api/imports/{pk}").status == 404


def test_a_user_who_may_only_look_stops_and_deletes_nothing(user_with: UserWith) -> None:
    pk = str(ImportFactory.create(mode="live", client=None).pk)
    caller = UserCaller(user_with(LIVE, VIEW))

    stop = {"data": {"type": "imports", "id": pk, "attributes": {"_interrupt": True}}}

    assert refused(caller.send("patch", f"/api/imports/{pk}", stop)) == [CHANGE]
    assert refused(caller.send("delete", f"/api/imports/{pk}")) == [CHANGE]
    assert Import.objects.get().status == "pending"
