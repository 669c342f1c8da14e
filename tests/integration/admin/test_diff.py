"""What an import changed, or would, on its page."""

import csv
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client, override_settings

from imports_app.admin.diff import changed, columns, untouched
from imports_app.admin.diff.section import Diff
from imports_app.commerce.models import Sku
from imports_app.models import Import, KeptChanges
from tests.factories.commerce import MarketFactory, SkuFactory
from tests.integration.admin.pages import url
from tests.integration.admin.test_new_import_check import checked
from tests.running import Row, done

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def skus(*weights: float | None) -> list[Row]:
    return [{"code": f"S{n}", "name": f"s{n}", "weight": w} for n, w in enumerate(weights)]


def diff(client: Client, import_: Import, page: str = "change", **query: str) -> Diff:
    found: Diff = client.get(url(page, import_), query).context["diff"]
    return found


def keys(shown: Diff) -> list[str | None]:
    return [line.entry.key for table in shown.tables for line in table.lines]


def text(client: Client, import_: Import, **query: str) -> str:
    return client.get(url("change", import_), query).content.decode()


def all_kinds() -> Import:
    """One row creates, one changes, one changes nothing, one fails; and one record goes."""
    SkuFactory.create(code="CHANGED", name="old", weight=2)
    SkuFactory.create(code="SAME", name="same")
    SkuFactory.create(code="GONE", name="gone")
    return done(
        "skus",
        {"code": "NEW", "name": "new"},
        {"code": "CHANGED", "name": "new", "weight": 1.5},
        {"code": "SAME", "name": "same"},
        {"code": "FAILED", "name": "f", "weight": "heavy"},
        cleanup_records=True,
    )


@pytest.mark.backend
def test_each_tab_counts_and_shows_what_became_of_rows(admin_client: Client) -> None:
    import_ = all_kinds()

    shown = diff(admin_client, import_)
    assert [(choice.tab, choice.total) for choice in shown.choices] == [
        ("new", 1),
        ("changed", 1),
        ("unchanged", 1),
        ("failed", 1),
        ("destroyed", 1),
    ]
    assert keys(diff(admin_client, import_, tab="new")) == ["NEW"]
    assert keys(diff(admin_client, import_, tab="changed")) == ["CHANGED"]
    assert keys(diff(admin_client, import_, tab="destroyed")) == ["GONE"]
    same = diff(admin_client, import_, tab="unchanged").untouched
    assert same is not None
    assert [row.number for row in same.rows] == [2]
    failed = diff(admin_client, import_, tab="failed").failed
    assert failed is not None
    assert [row.key for row in failed] == ["FAILED"]


def test_the_tab_that_needs_a_look_comes_first(admin_client: Client) -> None:
    assert diff(admin_client, all_kinds()).tab == "failed"
    assert diff(admin_client, done("skus", {"code": "NEW", "name": "again"})).tab == "changed"
    assert diff(admin_client, done("skus", {"code": "NEW", "name": "again"})).tab == "unchanged"


@pytest.mark.backend
def test_old_and_new_values_stand_side_by_side(admin_client: Client) -> None:
    page = text(admin_client, all_kinds(), tab="changed")

    assert '<del><span class="sr-only">before: </span>old</del>' in page
    assert '<ins><span class="sr-only">after: </span>new</ins>' in page
    assert "<code>weight</code>" in page
    assert "1 changed, \N{MINUS SIGN}25 % on average" in page


def test_a_dry_run_shows_what_would_change(admin_client: Client) -> None:
    SkuFactory.create(code="A", name="Mug", weight=3)

    check = checked(admin_client, b"code,name,weight\nA,Mug,1.5\nB,Cup,2\n")

    assert keys(diff(admin_client, check, "check")) == ["A"]
    page = admin_client.get(url("check", check), {"tab": "new"}).content.decode()
    assert "What would change" in page
    assert "line 3" in page
    assert not Sku.objects.filter(code="B").exists()


def test_an_import_that_goes_on_has_no_diff(admin_client: Client) -> None:
    import_ = done("skus", {"code": "A", "name": "a"})
    Import.objects.update(status="in_progress", completed_at=None)

    assert admin_client.get(url("change", import_)).context["diff"] is None


@pytest.mark.backend
def test_records_are_searched_by_their_key(admin_client: Client) -> None:
    import_ = done("skus", *skus(*range(12)))

    assert keys(diff(admin_client, import_, tab="new", q="s1")) == ["S1", "S10", "S11"]
    assert "Nothing here contains “&lt;x&gt;”." in text(admin_client, import_, tab="new", q="<x>")


@override_settings(IMPORTS_CHUNK_ROWS=4)
@pytest.mark.backend
def test_pages_follow_each_other_across_transactions(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changed, "RECORDS_A_PAGE", 3)
    import_ = done("skus", *skus(*range(10)))

    found, following = [], "tab=new"
    while following:
        query = dict(part.split("=") for part in following.split("&"))
        shown = diff(admin_client, import_, **query)
        found.append(keys(shown))
        following = shown.following

    assert found == [["S0", "S1", "S2"], ["S3", "S4", "S5"], ["S6", "S7", "S8"], ["S9"]]
    assert shown.beginning == "tab=new"


@override_settings(IMPORTS_CHUNK_ROWS=4)
@pytest.mark.backend
def test_unchanged_rows_are_paged_too(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(untouched, "ROWS_A_PAGE", 3)
    done("skus", *skus(*range(10)))
    import_ = done("skus", *skus(*range(9), 7), {"code": "S3", "weight": "x"})

    first = diff(admin_client, import_, tab="unchanged").untouched
    second = diff(admin_client, import_, tab="unchanged", **{"from": "7"}).untouched
    found = diff(admin_client, import_, tab="unchanged", q='"s4"').untouched

    assert first is not None
    assert ([row.number for row in first.rows], first.following) == ([0, 1, 2], 3)
    assert second is not None
    assert ([row.number for row in second.rows], second.following) == ([7, 8], None)
    assert found is not None
    assert [row.number for row in found.rows] == [4]


@pytest.mark.parametrize(
    "query",
    [
        {"tab": "x", "from": "-1"},
        {"tab": "new", "from": "9" * 30 + ".1"},
        {"tab": "new", "from": "٣.1", "q": "\0"},
        {"tab": "unchanged", "from": "9" * 40},
        {"tab": "unchanged", "from": "٣"},
        {"tab": "failed", "page": "x", "row": "9" * 99},
    ],
)
@pytest.mark.backend
def test_any_query_gets_a_page(admin_client: Client, query: dict[str, str]) -> None:
    assert admin_client.get(url("change", all_kinds()), query).status_code == 200


def test_secret_values_are_not_shown(admin_client: Client) -> None:
    done("customers", {"email": "a@shop.test", "password": "first word"})
    import_ = done("customers", {"email": "a@shop.test", "password": "s3cret word"})

    page = text(admin_client, import_, tab="changed")

    assert "changed, not shown" in page
    assert "s3cret" not in page
    assert "s3cret" not in text(admin_client, import_, tab="unchanged")


def test_values_are_text_and_short(admin_client: Client) -> None:
    import_ = done("skus", {"code": "<b>", "name": "<i>", "description": "x" * 5_000})

    page = text(admin_client, import_)

    assert "<b>" not in page
    assert "&lt;i&gt;" in page
    assert f"{'x' * 199}…</ins>" in page


@pytest.mark.backend
def test_children_have_a_table_of_their_own(admin_client: Client) -> None:
    item = {"name": "x", "quantity": 1, "unit_amount_cents": 1}
    market = str(MarketFactory.create().pk)
    import_ = done("orders", {"number": "1", "market_id": market, "line_items": [item]})

    shown = diff(admin_client, import_)

    assert [table.resource_type for table in shown.tables] == ["orders", "line_items"]


@pytest.mark.backend
def test_columns_are_counted_with_what_was_filled_and_cleared(admin_client: Client) -> None:
    done("skus", *skus(10, 0, None, 3))
    import_ = done("skus", *skus(11, 5, 4, None))

    found = columns.columns_of(import_)

    (weight,) = found.found
    assert (weight.attribute, weight.changed, weight.mean) == ("weight", 4, "+10")
    assert (weight.filled, weight.cleared, found.is_all) == (1, 1, True)


@pytest.mark.backend
def test_columns_of_very_many_are_those_of_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "COUNTED", 2)
    done("skus", *skus(1, 2, 3))

    found = columns.columns_of(done("skus", *skus(2, 3, 4)))

    assert (found.records, found.is_all) == (2, False)


def test_the_page_says_that_changes_were_not_kept(admin_client: Client) -> None:
    import_ = done("skus", {"code": "A", "name": "a"}, keep_changes=False)

    page = text(admin_client, import_)

    assert "was not kept, or is not kept any more" in page
    assert "Changes as CSV" not in page


def test_the_page_says_that_changes_can_not_be_read(admin_client: Client) -> None:
    done("customers", {"email": "a@shop.test", "password": "first word"})
    KeptChanges.objects.update(content=b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")

    import_ = Import.objects.get()
    assert "another secret key" in text(admin_client, import_)
    answer: Any = admin_client.get(url("changes", import_), follow=True)
    assert "another secret key" in answer.content.decode()


def test_changes_can_be_downloaded_as_a_file(admin_client: Client) -> None:
    import_ = all_kinds()

    answer: Any = admin_client.get(url("changes", import_))

    lines = csv.DictReader(b"".join(answer.streaming_content).decode().splitlines())
    assert {line["action"] for line in lines} == {"created", "updated", "destroyed"}
    assert LogEntry.objects.latest("pk").change_message == "Downloaded the changes."


def test_staff_who_may_not_see_imports_get_no_changes(staff_with: Any) -> None:
    import_ = all_kinds()

    assert staff_with("view_apiclient").get(url("changes", import_)).status_code == 403
