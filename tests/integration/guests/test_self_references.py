"""Rows that refer to records of their own type, in any order."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any, ClassVar
from uuid import UUID

import pytest

from imports_app.checks import check_importer
from imports_app.conf import conf
from imports_app.engine.applying import early_rows
from imports_app.engine.running import run_slice
from imports_app.importer import Importer, Relation
from imports_app.models import Import, Mode
from imports_app.models.status import Status
from imports_app.queue import transitions
from imports_app.queue.scheduling import Lease
from imports_app.registry import importers
from imports_app.services import ImportOrder, create_import
from imports_app.services.retrying import retry_import
from imports_app.services.undoing import undo_import
from imports_app.storage.log import warnings_log
from tests.factories.clients import ApiClientFactory
from tests.guests.keyed import Node
from tests.guests.registering import registered
from tests.integration.api.caller import Caller
from tests.running import counts, row_errors, run_import, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)


class NodeImporter(Importer):
    resource_type = "nodes"
    model = Node
    mode = Mode.TEST
    key: ClassVar[tuple[str, ...]] = ("code",)


@pytest.fixture(autouse=True)
def types() -> Iterator[None]:
    with registered(NodeImporter):
        yield


@pytest.fixture(params=[1, 3, 100], ids=lambda rows: f"{rows} a chunk")
def chunk_rows(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    rows: int = request.param
    monkeypatch.setattr(conf, "chunk_rows", rows)
    return rows


def node(code: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
    return {"code": code, **more} | ({} if parent is None else {"parent_code": parent})


def run(*rows: dict[str, Any], **options: Any) -> Import:
    return run_import(importers.get("nodes"), rows, **{"skip_errors": True, **options})


def tree() -> dict[str, str | None]:
    return dict(Node.objects.values_list("code", "parent__code"))


def codes_by_row(import_: Import) -> dict[int, list[tuple[str, str]]]:
    return {
        index: [(error.attribute, error.code) for error in errors]
        for index, errors in row_errors(import_).items()
    }


# Of several levels; each row names its parent by the key.
TREE = {"a": None, "b": "a", "c": "b", "d": "c", "e": "a", "f": "e", "g": None, "h": "d"}


@pytest.mark.parametrize("seed", range(4))
def test_a_tree_is_imported_in_any_order(chunk_rows: int, seed: int) -> None:
    rows = [node(*pair) for pair in TREE.items()]
    Random(seed).shuffle(rows)

    import_ = run(*rows)

    assert row_errors(import_) == {}
    assert (tree(), counts(import_)) == (TREE, (len(TREE), 0, 0, 0))
    assert import_.status == Status.COMPLETED
    assert counts(run(*rows)) == (0, 0, len(TREE), 0)


def test_children_come_before_their_parents(chunk_rows: int) -> None:
    import_ = run(*(node(*pair) for pair in reversed(TREE.items())))

    assert row_errors(import_) == {}
    assert (tree(), counts(import_)) == (TREE, (len(TREE), 0, 0, 0))


def test_what_is_there_is_moved_below_what_a_later_row_makes(chunk_rows: int) -> None:
    run(*(node(*pair) for pair in TREE.items()))

    import_ = run(node("b", "new"), node("x"), node("c", "b"), node("new", "a"))

    assert counts(import_) == (2, 1, 1, 0)
    assert tree() == TREE | {"b": "new", "x": None, "new": "a"}


def test_a_circle_is_an_error_of_all_who_stand_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import_ = run(
        node("a", "c"), node("b", "a"), node("c", "b"), node("d", "c"), node("e", "e"), node("f")
    )

    circle = [("parent", "cycle")]
    assert codes_by_row(import_) == {
        0: circle,
        1: circle,
        2: circle,
        3: [("parent", "required")],
        4: circle,
    }
    assert tree() == {"f": None}


def test_a_circle_across_chunks_is_an_error(chunk_rows: int) -> None:
    import_ = run(node("a", "c"), node("b", "a"), node("c", "b"), node("d"))

    assert counts(import_) == (1, 0, 0, 3)
    assert tree() == {"d": None}


@pytest.mark.parametrize("most", [3, 4])
def test_a_batch_takes_a_limited_number_of_rows_before_their_turn(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conf, "chunk_rows", 1)
    monkeypatch.setattr(early_rows, "MOST", most)

    import_ = run(node("a", "b"), node("b", "c"), node("c", "d"), node("d", "e"), node("e"))

    all_others = {"b": "c", "c": "d", "d": "e", "e": None}
    assert codes_by_row(import_) == ({0: [("parent", "too_far")]} if most == 3 else {})
    assert tree() == (all_others if most == 3 else {"a": "b", **all_others})


def test_a_row_fails_whose_parent_is_nowhere_or_fails(chunk_rows: int) -> None:
    import_ = run(node("a", "b"), node("c", "nowhere"), node("b", note="x" * 21), node("d"))

    assert {index: errors[0] for index, errors in codes_by_row(import_).items()} == {
        0: ("parent", "required"),
        1: ("parent", "required"),
        2: ("note", "too_long"),
    }
    assert tree() == {"d": None}


def test_a_failed_row_says_nothing_of_a_parent_that_comes(chunk_rows: int) -> None:
    import_ = run(node("a", "b", note="x" * 21), node("b"))

    assert codes_by_row(import_) == {0: [("note", "too_long")]}


def test_rows_for_one_record_take_effect_in_turn(chunk_rows: int) -> None:
    import_ = run(
        node("a", "z", note="first"),
        node("a", note="second"),
        node("z", note="one"),
        node("z", note="two"),
    )

    assert counts(import_) == (2, 2, 0, 0)
    assert [*Node.objects.order_by("code").values_list("code", "note")] == [
        ("a", "second"),
        ("z", "two"),
    ]


@pytest.mark.parametrize("if_exists", ["skip", "fail"])
def test_what_took_effect_early_was_not_there_before(chunk_rows: int, if_exists: str) -> None:
    import_ = run(node("a", "b"), node("x"), node("b"), if_exists=if_exists)

    assert counts(import_) == (3, 0, 0, 0)


def test_a_parent_is_named_by_id_too() -> None:
    top = Node.objects.create(code="top")

    import_ = run({"code": "a", "parent_id": str(top.pk)}, {"code": "b", "parent_id": "999"})

    assert codes_by_row(import_) == {1: [("parent", "required")]}
    assert tree() == {"top": None, "a": "top"}


def test_a_parent_is_read_back_and_filtered_by() -> None:
    run(*(node(*pair) for pair in TREE.items()))
    caller, top = Caller(ApiClientFactory.create(mode=Mode.TEST)), Node.objects.get(code="a")

    answer = caller.get(f"/api/nodes?filter[q][parent_id_eq]={top.pk}&include=parent&sort=code")

    assert [one["attributes"]["parent_code"] for one in answer.data] == ["a", "a"]
    assert {one["relationships"]["parent"]["data"]["id"] for one in answer.data} == {str(top.pk)}
    assert [one["attributes"]["code"] for one in answer.document["included"]] == ["a"]


def test_a_death_in_between_changes_nothing(chunk_rows: int) -> None:
    """Whatever a batch made is lost, or is remembered with it."""
    rows = [node(*pair) for pair in reversed(TREE.items())]
    order = ImportOrder(resource_type="nodes", rows=[json.dumps(row).encode() for row in rows])
    import_ = create_import(order=order, mode=Mode.TEST)
    lease = Lease(import_.pk, claimed(import_), mode=Mode.TEST, resource_type="nodes")

    while not run_slice(lease, stop=lambda: True):  # a batch a slice, each by a worker of its own
        lease = lease._replace(token=claimed(import_))

    import_.refresh_from_db()
    assert (tree(), counts(import_)) == (TREE, (len(TREE), 0, 0, 0))


def claimed(import_: Import) -> UUID:
    token = transitions.claim(import_.pk)
    assert token is not None
    return token


def test_an_import_that_stops_can_be_retried(chunk_rows: int) -> None:
    rows = [node("a", "z"), node("bad", "nowhere"), node("b", "a"), node("z")]

    import_ = run(*rows, skip_errors=False)

    assert import_.status == Status.INTERRUPTED
    assert tree() == {"a": "z", "z": None}  # what a row refers to comes with it
    assert counts(import_) == (1, 0, 0, 1)
    retry = retry_import(import_=import_)
    Import.objects.filter(pk=retry.pk).update(skip_errors=True)
    retried = run_to_end(retry)
    assert counts(retried)[:3] == (1, 0, 1)
    assert tree() == {"a": "z", "z": None, "b": "a"}


def test_a_dry_run_and_all_or_nothing_count_alike(chunk_rows: int) -> None:
    rows = [node(*pair) for pair in reversed(TREE.items())]

    assert counts(run(*rows, dry_run=True)) == (len(TREE), 0, 0, 0)
    assert tree() == {}
    assert counts(run(*rows, all_or_nothing=True)) == (len(TREE), 0, 0, 0)
    assert tree() == TREE


def test_rows_that_refer_to_their_own_type_are_undone(chunk_rows: int) -> None:
    import_ = run(*(node(*pair) for pair in reversed(TREE.items())))

    undo = run_to_end(undo_import(import_=import_))

    assert (undo.destroyed_count, undo.warnings_count) == (len(TREE), 0)
    assert tree() == {}


def test_an_undo_leaves_what_a_record_stands_under_that_has_to_stay() -> None:
    run(node("a"), node("b", "a"), node("c", "b"), node("d"))
    made_again = run_to_end(undo_import(import_=run(node("a"), cleanup_records=True)))
    Node.objects.get(code="c").like.add(Node.objects.create(code="other"))

    undo = run_to_end(undo_import(import_=made_again))

    assert (undo.status, undo.destroyed_count) == (Status.COMPLETED, 1)
    assert warnings_log(undo) == {
        "b": ["was left as it is: other records refer to it by now"],
        "c": ["was left as it is: its tags changed since"],
    }
    assert tree() == {"a": None, "b": "a", "c": "b", "other": None}


def test_cleanup_destroys_a_branch_and_what_it_destroyed_is_made_again(chunk_rows: int) -> None:
    run(*(node(*pair) for pair in TREE.items()))

    import_ = run(node("a"), node("e"), cleanup_records=True)

    assert (import_.destroyed_count, import_.warnings_count) == (len(TREE) - 2, 0)
    assert tree() == {"a": None, "e": "a"}
    run_to_end(undo_import(import_=import_))
    assert tree() == TREE


def test_cleanup_leaves_what_a_row_of_the_import_stands_under() -> None:
    run(*(node(*pair) for pair in TREE.items()))

    import_ = run(node("a"), node("d"), cleanup_records=True)

    assert (import_.destroyed_count, import_.warnings_count) == (4, 2)
    assert tree() == {"a": None, "b": "a", "c": "b", "d": "c"}


class InlineImporter(NodeImporter):
    relations = {"parent": Relation(Node, inline_among="parent")}


class NestedImporter(NodeImporter):
    children = {"children": "parent"}


@pytest.mark.parametrize("importer", [InlineImporter, NestedImporter])
def test_checks_refuse_a_row_within_a_row_of_its_type(importer: type[Importer]) -> None:
    (message,) = check_importer(importer())

    assert message.id == "imports.E007"


def test_checks_find_nothing_wrong_with_a_tree() -> None:
    assert list(check_importer(importers.get("nodes"))) == []
