"""Imports above the limits of what nobody approved: a 403, unless the client may exceed them."""

import pytest
from pytest_django import Settings

from imports_app.models import Import, Mode, Proposal
from tests.factories.clients import ApiClientFactory
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Caller, import_document
from tests.running import run_to_end

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

PATH = "/api/imports"
ROWS = [{"code": "A", "name": "a"}, {"code": "B", "name": "b"}]
USUAL = "imports:read imports:write imports:cleanup"


@pytest.fixture(autouse=True)
def configured(settings: Settings) -> None:
    settings.IMPORTS_APPROVAL = True
    settings.IMPORTS_APPROVAL_ROWS = 1


def caller_with(scopes: str = USUAL, mode: str = Mode.LIVE, token: str | None = None) -> Caller:
    return Caller(ApiClientFactory.create(scopes=scopes, mode=mode), scopes=token)


def test_a_live_import_above_the_limit_is_a_403_that_says_limit_and_count() -> None:
    answer = caller_with().post(PATH, import_document(inputs=ROWS))

    assert answer.status == 403
    assert answer.error["code"] == "FORBIDDEN"
    assert answer.error["detail"].endswith(
        "of more than 1 row need the approval of a second person; this one has 2."
    )
    assert answer.error["meta"] == {"rows": 2, "limit": 1, "destroys": False}
    assert not Import.objects.exists()
    assert not Proposal.objects.exists()


def test_an_import_that_destroys_and_one_from_a_file_need_approval() -> None:
    caller = caller_with()

    answer = caller.post(PATH, import_document(inputs=ROWS[:1], cleanup_records=True))
    assert (answer.status, answer.error["meta"]["destroys"]) == (403, True)
    file = caller.post(
        f"{PATH}?resource_type=skus", b"code,name\nA,a\nB,b\n", media_type="text/csv"
    )
    assert (file.status, file.error["meta"]["rows"]) == (403, 2)


@pytest.mark.backend
def test_a_refused_import_leaves_its_idempotency_key_free(settings: Settings) -> None:
    caller, key = caller_with(), {"Idempotency_Key": "k"}
    assert caller.post(PATH, import_document(inputs=ROWS), **key).status == 403
    settings.IMPORTS_APPROVAL_ROWS = 2

    assert caller.post(PATH, import_document(inputs=ROWS), **key).status == 201


@pytest.mark.parametrize("attributes", [{"dry_run": True}, {"inputs": ROWS[:1]}])
def test_dry_runs_and_shorter_ones_are_made(attributes: dict[str, object]) -> None:
    document = import_document(**{"inputs": ROWS, **attributes})

    assert caller_with().post(PATH, document).status == 201


def test_imports_of_test_data_need_no_approval() -> None:
    assert caller_with(mode=Mode.TEST).post(PATH, import_document(inputs=ROWS)).status == 201


def test_a_client_that_may_exceed_the_limits_does() -> None:
    caller = caller_with(f"{USUAL} imports:exceed")

    answer = caller.post(PATH, import_document(inputs=ROWS, cleanup_records=True))

    assert answer.status == 201
    assert Import.objects.get().approved_by is None


def test_a_token_without_the_scope_does_not() -> None:
    caller = caller_with(f"{USUAL} imports:exceed", token=USUAL)

    assert caller.post(PATH, import_document(inputs=ROWS)).status == 403


@pytest.mark.backend
def test_retries_and_undos_have_the_same_limits() -> None:
    usual, trusted = caller_with(), caller_with(f"{USUAL} imports:exceed")
    failed, made = (
        run_to_end(
            ImportFactory.create(mode=Mode.LIVE, client=usual.client, rows=rows, skip_errors=True)
        )
        for rows in ([{"code": "X"}, {"code": "Y"}], ROWS[:1])
    )

    for path in (f"{PATH}/{failed.pk}/retry", f"{PATH}/{made.pk}/undo"):
        assert usual.post(path, b"").status == 403
        assert trusted.post(path, b"").status == 201
