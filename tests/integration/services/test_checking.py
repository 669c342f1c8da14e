from collections.abc import Callable, Mapping

import msgspec
import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from imports_app.commerce.models import Sku
from imports_app.exceptions import ImportUnfinished, InputsPruned
from imports_app.models import Import, ImportChunk
from imports_app.models.status import Status
from imports_app.services import delete_import
from imports_app.services.checking import import_checked
from imports_app.storage import chunks
from imports_app.storage.log import errors_log, warnings_log
from tests.factories.clients import ApiClientFactory
from tests.factories.commerce import SkuFactory
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Caller
from tests.running import run_to_end

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff() -> User:
    return User.objects.create_superuser("ada")


@pytest.fixture
def client_of_api() -> Caller:
    return Caller(ApiClientFactory.create())


def dry_run(**attributes: object) -> Import:
    check: Import = ImportFactory.create(client=None, dry_run=True, **attributes)
    return run_to_end(check)


def test_the_checked_rows_are_imported_row_by_row(staff: User) -> None:
    SkuFactory.create()
    check = dry_run(cleanup_records=True, cleanup_limit=3, reference="mugs")

    import_ = run_to_end(import_checked(check=check, created_by=staff))

    assert (import_.status, import_.created_count) == (Status.COMPLETED, 2)
    assert (import_.created_by, import_.caller, import_.check_of) == (staff, None, check)
    assert not import_.dry_run
    assert (import_.cleanup_records, import_.destroyed_count) == (True, 1)
    assert import_.reference == "mugs"
    assert list(chunks.rows_of(import_.pk)) == list(chunks.rows_of(check.pk))


def test_no_more_is_destroyed_than_was_seen(staff: User) -> None:
    SkuFactory.create()
    check = dry_run(cleanup_records=True, keep_changes=False)
    SkuFactory.create()  # since

    import_ = run_to_end(import_checked(check=check, created_by=staff))

    assert (check.destroyed_count, import_.destroyed_count) == (1, 0)
    assert "would destroy 2 records, more than 1" in warnings_log(import_)["import"][0]


def test_rows_that_can_be_imported_are_however_many_fail(staff: User) -> None:
    rows = [{"code": "A"}, {"code": "B"}, {"code": "C", "name": "c"}]

    import_ = run_to_end(import_checked(check=dry_run(rows=rows), created_by=staff))

    assert (import_.status, import_.errors_count) == (Status.COMPLETED, 2)
    assert import_.created_count == 1


def test_rows_of_several_chunks_keep_their_order(staff: User, settings: Settings) -> None:
    settings.IMPORTS_CHUNK_ROWS = 2
    rows = [{"code": f"C{n}", "name": "n"} for n in range(5)]

    import_ = import_checked(check=dry_run(rows=rows), created_by=staff)

    assert import_.chunks.count() == 3
    assert [msgspec.json.decode(row) for row in chunks.rows_of(import_.pk)] == rows


def test_asked_twice_it_is_carried_out_once(staff: User) -> None:
    check = dry_run()

    first = import_checked(check=check, created_by=staff)
    second = import_checked(check=check, created_by=staff)

    assert first == second
    assert Import.objects.count() == 2


def test_a_dry_run_that_is_not_over_is_not_carried_out(staff: User) -> None:
    check = ImportFactory.create(dry_run=True)

    with pytest.raises(ImportUnfinished):
        import_checked(check=check, created_by=staff)

    assert Import.objects.count() == 1


def test_pruned_rows_are_not_carried_out(staff: User) -> None:
    check = dry_run()
    ImportChunk.objects.all().delete()

    with pytest.raises(InputsPruned):
        import_checked(check=check, created_by=staff)


def test_an_import_that_was_no_dry_run_is_not_carried_out_again(staff: User) -> None:
    import_ = ImportFactory.create(completed=True)

    with pytest.raises(Import.DoesNotExist):
        import_checked(check=import_, created_by=staff)


def test_an_import_outlives_its_dry_run_and_whoever_made_it(staff: User) -> None:
    check = dry_run()
    import_ = import_checked(check=check, created_by=staff)

    check.delete()
    staff.delete()

    import_.refresh_from_db()
    assert (import_.check_of, import_.created_by) == (None, None)


def checked(*rows: Mapping[str, object], **attributes: object) -> Import:
    """A dry run of SKUs that has found something out."""
    return dry_run(rows=[*rows], **attributes)


def test_an_import_begins_if_its_check_still_holds(staff: User, client_of_api: Caller) -> None:
    SkuFactory.create(code="A", name="before")
    SkuFactory.create(code="B", name="b")
    SkuFactory.create(code="GOES")
    check = checked(
        {"code": "A", "name": "a"},
        {"code": "B", "name": "b"},
        {"code": "C", "name": "c"},
        cleanup_records=True,
    )

    import_ = run_to_end(import_checked(check=check, created_by=staff))

    assert import_.compares
    assert (import_.status, import_.processed_count) == (Status.COMPLETED, 3)
    assert (import_.created_count, import_.updated_count, import_.destroyed_count) == (1, 1, 1)
    assert Sku.objects.get(code="A").name == "a"
    assert import_.kept_changes.exists()
    meta = client_of_api.get(f"/api/imports/{import_.pk}").data["meta"]
    assert meta["check_of"] == str(check.pk)


@pytest.mark.parametrize(
    ("change", "count"),
    [
        (lambda: Sku.objects.filter(code="A").update(name="other"), 1),
        (lambda: Sku.objects.filter(code="B").update(name="other"), 1),
        (lambda: Sku.objects.filter(code="A").delete(), 2),
        (lambda: SkuFactory.create(code="C"), 2),
        (lambda: Sku.objects.filter(code="A").update(name="a"), 1),
    ],
    ids=["updated", "was unchanged", "gone", "is there", "is as wanted already"],
)
def test_an_import_does_nothing_if_its_check_no_longer_holds(
    staff: User, change: Callable[[], object], count: int
) -> None:
    SkuFactory.create(code="A", name="before")
    SkuFactory.create(code="B", name="b")
    rows = [{"code": code, "name": code.lower()} for code in "ABC"]
    check = checked(*rows)
    change()
    names = dict(Sku.objects.values_list("code", "name"))

    import_ = run_to_end(import_checked(check=check, created_by=staff))

    assert (import_.status, import_.processed_count) == (Status.INTERRUPTED, 0)
    assert f"{count} record" in str(errors_log(import_))
    assert dict(Sku.objects.values_list("code", "name")) == names
    assert not import_.kept_changes.exists()
    assert import_checked(check=check, created_by=staff) == import_
    again = run_to_end(import_checked(check=check, created_by=staff, compare=False))
    assert (again.status, again.processed_count) == (Status.COMPLETED, 3)
    assert import_checked(check=check, created_by=staff, compare=False) == again


def test_other_attributes_may_have_changed_since(staff: User) -> None:
    SkuFactory.create(code="A", name="before")
    check = checked({"code": "A", "name": "a"})
    Sku.objects.update(description="since")

    assert run_to_end(import_checked(check=check, created_by=staff)).status == Status.COMPLETED


def test_a_check_without_kept_changes_is_not_compared(staff: User) -> None:
    check = checked({"code": "A", "name": "a"}, keep_changes=False)

    assert not import_checked(check=check, created_by=staff).compares


def test_rows_beyond_the_end_of_the_check_are_not_compared(staff: User) -> None:
    check = checked({"code": "A"}, {"code": "B", "name": "b"}, skip_errors=False)
    assert check.status == Status.INTERRUPTED

    import_ = run_to_end(import_checked(check=check, created_by=staff))

    assert (import_.compares, import_.status) == (True, Status.COMPLETED)


def test_an_import_whose_check_is_gone_says_so(staff: User) -> None:
    check = checked({"code": "A", "name": "a"})
    import_ = import_checked(check=check, created_by=staff)
    delete_import(import_=check)

    assert "no longer kept" in str(errors_log(run_to_end(import_)))
