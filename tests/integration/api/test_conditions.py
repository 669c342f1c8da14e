"""ETags, If-None-Match, If-Match and Retry-After of an import."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.signing import b62_decode
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from imports_app.models import Import, Mode
from imports_app.models.status import Move
from imports_app.queue import transitions
from imports_app.queue.scheduling import claim_next
from imports_app.services import delete_import, relabel, request_interrupt
from imports_app.storage.pruning import prune
from tests.factories.clients import ApiClientFactory
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Answer, Caller, import_document

pytestmark = pytest.mark.django_db


def path(import_: Import, query: str = "") -> str:
    return f"/api/imports/{import_.pk}{query}"


def tag(caller: Caller, import_: Import, query: str = "") -> str:
    answer = caller.get(path(import_, query))
    assert answer.status == 200
    found: str = answer.headers["ETag"]
    return found


def labelled(import_: Import, **attributes: Any) -> dict[str, Any]:
    return {"data": {"type": "imports", "id": str(import_.pk), "attributes": attributes}}


def test_an_import_has_a_weak_tag_that_stays_while_nothing_changes(caller: Caller) -> None:
    import_ = ImportFactory.create(completed=True)

    first = tag(caller, import_)

    assert first.startswith('W/"')
    assert tag(caller, import_) == first
    assert tag(caller, ImportFactory.create(completed=True)) != first


def test_an_answer_that_the_client_has_is_not_sent_again(
    caller: Caller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    import_ = ImportFactory.create(completed=True)
    known = tag(caller, import_)

    for sent in (known, known.removeprefix("W/"), f'"x", {known}', "*"):
        with django_assert_num_queries(2):  # the token's and that of a few columns
            answer = caller.get(path(import_), If_None_Match=sent)
        assert (answer.status, answer.content) == (304, b""), sent
        assert answer.headers["ETag"] == known
        assert "x-ratelimit-limit" in answer.headers
    assert caller.get(path(import_), If_None_Match='"x"').status == 200
    assert caller.request("HEAD", path(import_), If_None_Match=known).status == 304


CHANGES: dict[str, Callable[[Import], Any]] = {
    "claimed": lambda _: claim_next(),
    "interrupted": lambda import_: request_interrupt(import_=import_),
    "relabelled": lambda import_: relabel(import_=import_, reference="new"),
    "the import it retries deleted": lambda _: delete_import(
        import_=Import.objects.get(reference="first")
    ),
    "next in the queue": lambda _: request_interrupt(
        import_=Import.objects.get(reference="before")
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_visible_change_makes_another_tag(change: str) -> None:
    caller = Caller(ApiClientFactory.create(name="reader"))
    first = ImportFactory.create(interrupted=True, client=caller.client, reference="first")
    if change == "next in the queue":
        ImportFactory.create(reference="before", client=caller.client)
    import_ = ImportFactory.create(retry_of=first)
    known = tag(caller, import_)

    CHANGES[change](import_)

    assert tag(caller, import_) != known
    assert caller.get(path(import_), If_None_Match=known).status == 200


def test_progress_and_pruning_make_another_tag(caller: Caller) -> None:
    import_ = ImportFactory.create()
    lease = claim_next()
    assert lease is not None
    known = [tag(caller, import_)]

    transitions.move(*lease[:2], Move.ADVANCE, {"processed_count": 2, "created_count": 2})
    known.append(tag(caller, import_))
    transitions.move(*lease[:2], Move.COMPLETE, {})
    known.append(tag(caller, import_))
    import_.refresh_from_db()
    assert import_.completed_at is not None
    list(prune(import_.completed_at.replace(year=import_.completed_at.year + 1)))
    known.append(tag(caller, import_))

    assert len(set(known)) == 4


def test_the_query_and_the_media_type_count_too(caller: Caller) -> None:
    import_ = ImportFactory.create(completed=True)
    tags = {tag(caller, import_, query) for query in ("", "?fields[imports]=status")}
    tags.add(caller.get(path(import_), Accept="application/json").headers["ETag"])
    assert len(tags) == 3


def test_attachments_are_signed_once_for_half_of_their_lifetime(
    caller: Caller, settings: Settings
) -> None:
    settings.IMPORTS_ATTACHMENT_SECONDS = 10_000_000_000  # a half of which began in 1970
    import_ = ImportFactory.create(completed=True)

    urls = [caller.get(path(import_)).data["attributes"]["attachment_url"] for _ in range(2)]

    assert urls[0] == urls[1]
    assert b62_decode(urls[0].partition("signature=")[2].partition(":")[0]) == 0
    known = tag(caller, import_)
    settings.IMPORTS_ATTACHMENT_SECONDS = 1_000_000_000
    assert tag(caller, import_) != known
    assert caller.get(path(import_)).data["attributes"]["attachment_url"] != urls[0]


def test_the_version_is_raised_by_labels_only(caller: Caller) -> None:
    import_ = ImportFactory.create()
    assert caller.get(path(import_)).data["meta"]["version"] == 1

    changed = caller.patch(path(import_), labelled(import_, metadata={"a": 1}))
    assert changed.data["meta"]["version"] == 2
    stopped = caller.patch(path(import_), labelled(import_, _interrupt=True))

    assert stopped.data["meta"]["version"] == 2
    assert caller.get("/api/imports?fields[imports]=id").data[0]["meta"]["version"] == 2


@pytest.mark.parametrize("made_of", [lambda _, tag: tag, lambda version, _: f'"{version}"'])
def test_a_change_that_nobody_else_made_in_between_is_made(
    caller: Caller, made_of: Callable[[int, str], str]
) -> None:
    import_ = ImportFactory.create()
    shown = caller.get(path(import_))
    expected = made_of(shown.data["meta"]["version"], shown.headers["ETag"])
    claim_next()  # its status is not what is compared

    answer = caller.patch(path(import_), labelled(import_, reference="a"), If_Match=expected)
    assert answer.data["attributes"]["reference"] == "a"

    late = caller.patch(path(import_), labelled(import_, reference="b"), If_Match=expected)
    assert (late.status, late.error["code"]) == (412, "PRECONDITION_FAILED")
    assert late.error["meta"] == {"version": 2}
    import_.refresh_from_db()
    assert import_.reference == "a"


def test_nothing_is_interrupted_or_deleted_if_the_version_is_another(caller: Caller) -> None:
    import_ = ImportFactory.create()
    for sent in ('"2"', "1", "", '"x"', 'W/"2-1"'):
        stop = labelled(import_, _interrupt=True)
        assert caller.patch(path(import_), stop, If_Match=sent).status == 412, sent
        assert caller.delete(path(import_), If_Match=sent).status == 412, sent
    import_.refresh_from_db()
    assert import_.status == "pending"

    assert caller.patch(path(import_), labelled(import_), If_Match="*").status == 200
    assert caller.delete(path(import_), If_Match='"2", "1"').status == 204


def test_an_active_import_says_when_to_look_again(caller: Caller) -> None:
    created = caller.post("/api/imports", import_document())
    import_ = Import.objects.get()
    answers: list[Answer] = [created, caller.get(path(import_))]
    answers.append(caller.patch(path(import_), labelled(import_, reference="a")))
    claim_next()
    answers.append(caller.get(path(import_)))

    assert [answer.headers["Retry-After"] for answer in answers] == ["1"] * 4
    for _ in range(20):
        ImportFactory.create()
    assert caller.get(path(ImportFactory.create())).headers["Retry-After"] == "10"
    final = ImportFactory.create(completed=True)
    assert "Retry-After" not in caller.get(path(final)).headers


@pytest.mark.once
@pytest.mark.parametrize(("done", "seconds"), [(0, 1), (1, 10), (50, 4), (99, 1), (100, 1)])
def test_a_running_import_says_when_to_look_again_by_what_is_left(
    caller: Caller, done: int, seconds: int
) -> None:
    rows = [{"code": str(n), "name": "n"} for n in range(100)]
    import_ = ImportFactory.create(
        rows=rows,
        in_progress=True,
        started_at=timezone.now() - timedelta(seconds=3.5),
        processed_count=done,
        created_count=done,
    )

    first = caller.get(path(import_))
    again = caller.get(path(import_), If_None_Match=first.headers["ETag"])

    assert again.status == 304
    answers = [int(answer.headers["Retry-After"]) for answer in (first, again)]
    assert answers == pytest.approx([seconds] * 2, abs=seconds > 1)


def test_a_poll_that_finds_nothing_new_is_one_query_of_few_columns(caller: Caller) -> None:
    import_ = ImportFactory.create(in_progress=True)
    tag = caller.get(path(import_)).headers["ETag"]

    with CaptureQueriesContext(connection) as queries:
        answer = caller.get(path(import_), If_None_Match=tag)

    assert answer.status == 304
    of_import = [query["sql"] for query in queries if "imports_app_import" in query["sql"]]
    [sql] = [each for each in of_import if 'FROM "imports_app_import"' in each]
    assert "metadata" not in sql
    assert len(queries) == 2  # the other finds the token


def test_an_import_says_whose_it_is(caller: Caller) -> None:
    other = ApiClientFactory.create(mode=Mode.TEST)
    mine = ImportFactory.create(client=caller.client)
    others = ImportFactory.create(client=other)
    nobodys = ImportFactory.create(client=None)
    expected = {
        str(mine.pk): {"type": "applications", "id": caller.client.client_id},
        str(others.pk): {"type": "applications", "id": other.client_id},
        str(nobodys.pk): None,
    }

    listed = caller.get("/api/imports").data
    alone = [caller.get(path(import_)).data for import_ in (mine, others, nobodys)]

    for resource in [*listed, *alone]:
        assert resource["relationships"]["application"] == {"data": expected[resource["id"]]}
    found = caller.get(f"/api/imports?filter[q][application_id_eq]={other.client_id}").data
    assert [resource["id"] for resource in found] == [str(others.pk)]
    created = caller.post("/api/imports", import_document()).data
    assert created["relationships"]["application"]["data"]["id"] == caller.client.client_id


@pytest.mark.parametrize(("fields", "shown"), [("status", False), ("application", True)])
def test_an_imports_application_costs_nothing_unless_it_is_asked_for(
    caller: Caller,
    django_assert_num_queries: DjangoAssertNumQueries,
    fields: str,
    shown: bool,  # noqa: FBT001  (drawn)
) -> None:
    ImportFactory.create_batch(3)

    with django_assert_num_queries(3) as queries:
        listed = caller.get(f"/api/imports?fields[imports]={fields}").data

    assert [resource["relationships"] != {} for resource in listed] == [shown] * 3
    assert ('"caller"' in queries.captured_queries[-1]["sql"]) == shown
