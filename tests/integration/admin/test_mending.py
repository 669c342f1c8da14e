"""Failed rows, mended where they stand."""

from io import BytesIO
from typing import Any

import msgspec
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from imports_app.commerce.models import Sku
from imports_app.models import Import, ImportDraft
from imports_app.models.status import Status
from imports_app.storage import chunks
from tests.factories.imports import ImportFactory
from tests.integration.admin.conftest import StaffWith
from tests.integration.admin.pages import NEW, send, url
from tests.running import run_to_end

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

# Five of ten rows fail: three because of their unit, one for its weight, one for its name.
CSV = b"""code;name;weight;unit_of_weight
A;Mug;1,5;gr
B;Cup;2;kg
C;Pot;3;kg
D;Jug;heavy;gr
E;;5;gr
F;Pan;6;kg
G;Lid;7;gr
H;Tin;8;gr
I;Box;9;gr
J;Bag;1;gr
"""
UNIT = "attribute=unit_of_weight"


def failed(client: Client, content: bytes = CSV, **fields: Any) -> Import:
    """An import of the file that has failed rows."""
    send(client, content, **{"dry_run": None, "skip_errors": "on", **fields})
    return run_to_end(Import.objects.get())


def rows(import_: Import) -> list[Any]:
    return [msgspec.json.decode(row) for row in chunks.rows_of(import_.pk)]


def mend(client: Client, import_: Import, query: str = "", **fields: Any) -> Any:
    """The answer to the grid, with the cells of a row by `index_attribute`."""
    form: dict[str, Any] = {"action": fields.pop("action", "save"), **fields}
    return client.post(f"{url('mend', import_)}?{query}", form)


def cells(*changed: tuple[int, str, str]) -> dict[str, str]:
    sent = {f"cell:{index}:{attribute}": text for index, attribute, text in changed}
    return {**sent, "rows": ",".join(str(index) for index, *_ in changed)}


def test_failed_rows_are_a_grid_with_their_errors_at_their_cells(admin_client: Client) -> None:
    import_ = failed(admin_client)

    grid = admin_client.get(url("mend", import_)).context["grid"]

    assert [(row.number, row.line) for row in grid.rows] == [(1, 3), (2, 4), (3, 5), (4, 6), (5, 7)]
    unit = {cell.attribute: cell for cell in grid.rows[0].cells}["unit_of_weight"]
    assert unit.text == "kg"
    assert unit.options == ("gr", "oz", "lb")
    assert unit.can_be_changed
    assert "gr" in unit.error
    assert not {cell.attribute: cell for cell in grid.rows[0].cells}["code"].can_be_changed


@pytest.mark.backend
def test_rows_are_filtered_by_what_is_wrong(admin_client: Client) -> None:
    import_ = failed(admin_client)

    context = admin_client.get(f"{url('mend', import_)}?{UNIT}").context

    assert [row.number for row in context["grid"].rows] == [1, 2, 5]
    assert [(each.text, each.rows) for each in context["equal"]] == [("kg", 3)]


def test_a_cell_is_replaced_wherever_it_is_wrong(admin_client: Client) -> None:
    import_ = failed(admin_client)

    rule = {"attribute": "unit_of_weight", "old": "kg", "new": "gr"}
    mend(admin_client, import_, UNIT, action="replace", **rule)

    context = admin_client.get(url("mend", import_)).context
    assert context["mended_rows"] == 3
    assert [row.number for row in context["grid"].rows if row.is_mended] == [1, 2, 5]


def test_all_cells_of_a_row_can_be_opened(admin_client: Client) -> None:
    import_ = failed(admin_client)

    grid = admin_client.get(f"{url('mend', import_)}?row=2").context["grid"]

    row = next(row for row in grid.rows if row.number == 2)
    assert all(cell.can_be_changed for cell in row.cells)


def test_a_cell_that_is_still_wrong_says_so_at_once(admin_client: Client) -> None:
    import_ = failed(admin_client)

    mend(admin_client, import_, **cells((3, "weight", "light"), (4, "name", "Tea")))

    rows_ = {row.number: row for row in admin_client.get(url("mend", import_)).context["grid"].rows}
    weight = {cell.attribute: cell for cell in rows_[3].cells}["weight"]
    assert (weight.text, weight.is_changed) == ("light", True)
    assert "'light'" in weight.error
    assert rows_[4].is_mended
    assert not rows_[3].is_mended


@pytest.mark.backend
def test_mended_rows_alone_are_checked_and_then_imported_as_the_retry(
    admin_client: Client,
) -> None:
    import_ = failed(admin_client)
    rule = {"attribute": "unit_of_weight", "old": "kg", "new": "gr"}
    mend(admin_client, import_, action="replace", **rule)

    answer = mend(admin_client, import_, action="check", **cells((3, "weight", "4,5")))

    check = run_to_end(Import.objects.get(dry_run=True))
    assert answer.headers["Location"] == url("check", check)
    assert (check.inputs_size, check.errors_count) == (4, 0)
    page = admin_client.get(url("check", check)).content.decode()
    assert url("mend", import_) in page
    admin_client.post(url("check", check))
    retry = run_to_end(import_.retries.get(dry_run=False))
    assert (retry.status, retry.created_count) == (Status.COMPLETED, 4)
    assert Sku.objects.get(code="D").weight == 4.5
    assert not Sku.objects.filter(code="E").exists()
    assert not ImportDraft.objects.exists()


@pytest.mark.backend
def test_mended_rows_are_imported_without_a_check(admin_client: Client) -> None:
    import_ = failed(admin_client)

    mend(admin_client, import_, action="import", **cells((4, "name", "Tea")))

    retry = run_to_end(import_.retries.get())
    assert (retry.inputs_size, retry.created_count) == (1, 1)
    import_.refresh_from_db()
    assert import_.mended == 1


@pytest.mark.backend
def test_rows_of_a_check_are_mended_too(admin_client: Client) -> None:
    dry = failed(admin_client, dry_run="on")

    mend(admin_client, dry, action="check", **cells((4, "name", "Tea")))

    check = run_to_end(dry.retries.get())
    assert admin_client.get(url("check", check)).context["others"] == dry
    admin_client.post(url("check", check))
    made = run_to_end(Import.objects.get(check_of=check))
    assert (made.created_count, made.dry_run) == (1, False)
    assert Sku.objects.get().code == "E"


def test_the_page_says_where_the_other_rows_are_until_they_are_imported(
    admin_client: Client,
) -> None:
    dry = failed(admin_client, dry_run="on")
    mend(admin_client, dry, action="check", **cells((4, "name", "Tea")))
    check = run_to_end(dry.retries.get())
    page = admin_client.get(url("check", check)).content.decode()
    assert "The rows that would not fail" in page
    assert f'href="{url("check", dry)}">their own check</a>' in page

    admin_client.post(url("check", dry))

    assert admin_client.get(url("check", check)).context["others"] is None


def test_a_row_is_left_out(admin_client: Client) -> None:
    import_ = failed(admin_client)
    changed = cells((3, "weight", "4"), (4, "name", "Tea"))

    mend(admin_client, import_, action="import", **changed, out="3")

    retry = import_.retries.get()
    assert [row["code"] for row in rows(retry)] == ["E"]


def test_without_mended_rows_there_is_nothing_to_check(admin_client: Client) -> None:
    import_ = failed(admin_client)

    answer = mend(admin_client, import_, action="check")

    page = admin_client.get(answer.headers["Location"]).content.decode()
    assert "Nothing has been mended yet" in page
    assert not import_.retries.exists()


def test_values_of_json_rows_keep_their_types(admin_client: Client) -> None:
    content = b'[{"code": "A", "name": "Mug", "weight": "heavy"}, {"code": "B", "name": 3}]'
    import_ = failed(admin_client, content, name="mugs.json")

    mend(admin_client, import_, action="import", **cells((0, "weight", "1.5"), (1, "name", "Cup")))

    assert rows(import_.retries.get()) == [
        {"code": "A", "name": "Mug", "weight": 1.5},
        {"code": "B", "name": "Cup"},
    ]


@pytest.mark.backend
def test_mended_cells_are_kept_until_staff_come_back(admin_client: Client) -> None:
    import_ = failed(admin_client)

    mend(admin_client, import_, **cells((4, "name", "Tea")))

    assert url("mend", import_) in admin_client.get(NEW).content.decode()
    assert admin_client.get(url("mend", import_)).context["mended_rows"] == 1
    assert b"Tea" not in bytes(ImportDraft.objects.get().state)


def test_secrets_are_neither_shown_nor_lost(admin_client: Client) -> None:
    content = b"email,password\nnobody,hunter2 hunter2\n"
    import_ = failed(admin_client, content, resource_type="customers")

    page = admin_client.get(url("mend", import_)).content.decode()
    assert "nobody" in page
    assert "hunter2" not in page
    fixed = cells((0, "email", "a@example.com"), (0, "password", "mine"))
    mend(admin_client, import_, action="import", **fixed)

    retry = run_to_end(import_.retries.get())
    assert (retry.created_count, retry.errors_count) == (1, 0)


def test_staff_who_may_not_run_imports_may_not_mend(staff_with: StaffWith) -> None:
    import_ = ImportFactory.create(
        completed=True, processed_count=1, created_count=1, errors_count=1
    )
    client = staff_with("view_import")

    assert client.get(url("mend", import_)).status_code == 403
    assert client.post(url("mend", import_)).status_code == 403
    assert url("mend", import_) not in client.get(url("change", import_)).content.decode()


def test_an_import_without_failed_rows_has_nothing_to_mend(admin_client: Client) -> None:
    import_ = failed(admin_client, b"code,name\nA,Mug\n")

    answer = admin_client.get(url("mend", import_))

    assert answer.headers["Location"] == url("change", import_)


@pytest.mark.parametrize(
    "form",
    [
        {"rows": "x,,99999999999999999999", "cell:9999999999999:name": "a"},
        {"rows": "7", "cell:7:name": "not a failed row"},
        {"rows": "4", "cell:4:": "a", "cell:": "b", "cell:4": "c"},
        {"rows": "4", "out": "x"},
        {"action": "replace", "attribute": "", "old": "a", "new": "b"},
        {"action": "replace", "attribute": "a" * 10_000, "old": "a\0", "new": "b"},
    ],
)
def test_a_form_that_no_page_sends_changes_nothing(
    admin_client: Client, form: dict[str, str]
) -> None:
    import_ = failed(admin_client)

    assert mend(admin_client, import_, **form).status_code == 302
    assert admin_client.get(url("mend", import_)).context["mended_rows"] == 0


def saved(rows: list[list[Any]]) -> bytes:
    """A spreadsheet of these rows."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return stream.getvalue()


def sent_back(client: Client, import_: Import, content: bytes, name: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(url("mend", import_), {"action": "file", "file": file}, follow=True)


def test_a_mended_spreadsheet_of_failed_rows_is_taken_over(admin_client: Client) -> None:
    import_ = failed(admin_client)
    answer = admin_client.get(f"{url('download_failures', import_)}?format=xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer)))
    header, *lines = book.get_sheet_by_index(0).iter_rows()
    assert header == ["code", "name", "weight", "unit_of_weight", "line", "errors"]
    for line in lines:
        line[3] = "oz" if line[3] == "kg" else line[3]
        line[2] = 4.5 if line[2] == "heavy" else line[2]

    page = sent_back(admin_client, import_, saved([header, *lines]), "mended.xlsx")

    assert "Took over 5 rows from the file." in page.content.decode()
    assert "4 of 5 mended" in page.content.decode()
    mend(admin_client, import_, action="import")
    retry = run_to_end(Import.objects.get(retry_of=import_))
    assert retry.processed_count == 4
    assert Sku.objects.get(code="D").weight == 4.5
    assert Sku.objects.get(code="C").unit_of_weight == "oz"


def test_a_mended_csv_of_failed_rows_is_taken_over(admin_client: Client) -> None:
    import_ = failed(admin_client)
    text = b"".join(admin_client.get(url("download_failures", import_))).decode()

    page = sent_back(admin_client, import_, text.replace(";kg;", ";gr;").encode(), "mended.csv")

    assert "3 of 5 mended" in page.content.decode()


def test_errors_of_an_uploaded_file_are_shown(admin_client: Client) -> None:
    import_ = failed(admin_client)
    page = sent_back(admin_client, import_, b"code;name;line\nX;x;2\n", "mended.csv")
    assert "stands for no row that failed (line 2)" in page.content.decode()

    page = admin_client.post(url("mend", import_), {"action": "file"}, follow=True)
    assert "Choose the file with the mended rows." in page.content.decode()
