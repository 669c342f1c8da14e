"""What every registered resource type has to pass; a new one needs no more than a factory."""

import pytest
from django.core.management import call_command
from django.db.models import Model
from jsonschema import Draft202012Validator

from imports_app.engine.types.links import Form, Link
from imports_app.engine.types.row_type import json_schema
from imports_app.engine.types.schema import schema_for
from imports_app.importer import Importer
from imports_app.models import Mode
from imports_app.registry import importers
from tests.factories import factory_for, json_value, new_row, set_links
from tests.factories.clients import ApiClientFactory
from tests.integration.api.caller import Caller
from tests.running import (
    Row,
    created,
    created_together,
    key_attributes,
    naming,
    row_errors,
    run_import,
    stored,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[importer.resource_type for importer in importers])
def importer(request: pytest.FixtureRequest) -> Importer:
    return importers.get(request.param)


def messages(importer: Importer, rows: list[Row]) -> dict[int, list[tuple[str, str]]]:
    """The errors of an import of the rows and of a sound one behind them, which is created."""
    sound = new_row(importer, mode=Mode.TEST)
    before = importer.model._default_manager.count()
    import_ = run_import(importer, [*rows, sound], skip_errors=True)
    assert (import_.errors_count, import_.created_count) == (len(rows), 1)
    assert importer.model._default_manager.count() == before + 1
    return {
        index: [(error.attribute, error.message) for error in errors]
        for index, errors in row_errors(import_).items()
    }


def row_without(importer: Importer, attribute: str) -> Row:
    row = new_row(importer, mode=Mode.TEST)
    del row[attribute]
    return row


def name_of(target: Model, form: Form) -> str:
    """What a row calls the target in this form."""
    return str(getattr(target, form.lookup))


def test_the_system_checks_have_nothing_to_say() -> None:
    call_command("check", fail_level="WARNING")


@pytest.mark.once
def test_a_row_fits_the_json_schema_of_its_type(importer: Importer) -> None:
    schema = json_schema(schema_for(importer))

    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(new_row(importer, mode=Mode.TEST))


def test_a_row_creates_a_record_with_what_it_says(importer: Importer) -> None:
    row = new_row(importer, mode=Mode.TEST)

    record = stored(created(importer, row))

    assert record["mode"] == Mode.TEST
    for column in schema_for(importer).columns:
        if column.attribute not in importer.secret:
            assert json_value(record[column.field.attname]) == row[column.attribute]
    for link in set_links(importer):
        assert str(record[link.field.attname]) == row[f"{link.name}_id"]


def test_a_record_can_be_read_as_it_was_imported(importer: Importer) -> None:
    row = new_row(importer, mode=Mode.TEST)
    record = created(importer, row)
    client = Caller(ApiClientFactory.create(mode=Mode.TEST))

    resource = client.get(f"/api/{importer.resource_type}/{record.pk}").data

    attributes, relationships = resource["attributes"], resource["relationships"]
    assert attributes.keys().isdisjoint(importer.secret)
    for column in schema_for(importer).columns:
        if column.attribute not in importer.secret:
            assert attributes[column.attribute] == row[column.attribute]
    for link in set_links(importer):
        assert relationships[link.name]["data"]["id"] == row[f"{link.name}_id"]
        if link.key_form:
            target = getattr(record, link.name)
            assert attributes[link.key_form.attribute] == name_of(target, link.key_form)


def test_a_row_that_comes_again_changes_nothing(importer: Importer) -> None:
    row = new_row(importer, mode=Mode.TEST)
    record = created(importer, row)
    before = stored(record)

    import_ = run_import(importer, [row | naming(importer, row, record)])

    assert (import_.unchanged_count, row_errors(import_)) == (1, {})
    assert stored(record) == before


def test_an_update_changes_what_it_gives_and_nothing_else(importer: Importer) -> None:
    names = sorted(new_row(importer, mode=Mode.TEST).keys() - key_attributes(importer))
    # Of two rows in a row no attribute has the same value.
    rows, others = zip(
        *([new_row(importer, mode=Mode.TEST) for _ in range(2)] for _ in names), strict=True
    )
    records = created_together(importer, list(rows))
    before = [stored(record) for record in records]

    changed = zip(names, rows, others, records, strict=True)
    import_ = run_import(
        importer,
        [
            naming(importer, row, record) | {name: other[name]}
            for name, row, other, record in changed
        ],
    )

    assert (import_.updated_count, row_errors(import_)) == (len(names), {})
    fields = importer.model._meta.concrete_fields
    columns = {name: field.attname for field in fields for name in (field.name, field.attname)}
    touched = {field.attname for field in fields if getattr(field, "auto_now", False)}
    for name, old, record in zip(names, before, records, strict=True):
        new = stored(record)
        assert {column for column in new if new[column] != old[column]} == {columns[name], *touched}


def test_the_same_key_in_the_other_mode_is_another_record(importer: Importer) -> None:
    row = new_row(importer, mode=Mode.TEST)
    test_record = created(importer, row)
    before = stored(test_record)
    theirs = new_row(importer, mode=Mode.LIVE)
    same = {name: row[name] for name in importer.key if name not in importer.relations}

    live_record = created(importer, theirs | same, mode=Mode.LIVE)

    assert stored(live_record)["mode"] == Mode.LIVE
    assert stored(test_record) == before


@pytest.mark.once
def test_an_attribute_that_a_new_record_needs_is_required(importer: Importer) -> None:
    schema = schema_for(importer)
    rows, expected = [], []
    for column in schema.columns:
        if column.required:
            name = column.attribute
            rows += [row_without(importer, name), new_row(importer, mode=Mode.TEST) | {name: None}]
            expected += [[(name, "can't be blank")]] * 2
    for link in schema.links:
        if link.relation.required:
            rows.append(row_without(importer, f"{link.name}_id"))
            asked = link.relation.asks_for
            expected.append([(asked, "can't be blank") if asked else (link.name, "must exist")])

    assert messages(importer, rows) == dict(enumerate(expected))


@pytest.mark.once
def test_a_value_of_the_wrong_type_is_an_error_of_its_attribute(importer: Importer) -> None:
    properties = json_schema(schema_for(importer))["properties"]
    wrong: list[Row] = []
    for name in new_row(importer, mode=Mode.TEST):
        fits = Draft202012Validator(properties[name]).is_valid
        wrong.append({name: next(value for value in (["wrong"], 12) if not fits(value))})
    rows = [new_row(importer, mode=Mode.TEST) | change for change in wrong]

    found = messages(importer, rows)

    assert {index: {attribute for attribute, _ in errors} for index, errors in found.items()} == {
        index: set(change) for index, change in enumerate(wrong)
    }


@pytest.mark.once
def test_an_unknown_attribute_is_an_error(importer: Importer) -> None:
    row = new_row(importer, mode=Mode.TEST) | {"no_such_attribute": 1}

    assert messages(importer, [row]) == {0: [("no_such_attribute", "is unknown")]}


def test_an_id_of_no_record_is_an_error(importer: Importer) -> None:
    theirs = created(importer, new_row(importer, mode=Mode.LIVE), mode=Mode.LIVE)
    row = new_row(importer, mode=Mode.TEST)

    rows = [row | {"id": "nothing"}, row | {"id": str(theirs.pk)}]

    assert messages(importer, rows) == {0: [("id", "must exist")], 1: [("id", "must exist")]}


def forms(importer: Importer) -> list[tuple[Link, Form]]:
    return [(link, form) for link in set_links(importer) for form in link.forms]


def pointing(importer: Importer, link: Link, form: Form, target: Model) -> Row:
    """A row that points to the target in this form."""
    return row_without(importer, f"{link.name}_id") | {form.attribute: name_of(target, form)}


def test_a_relation_may_be_given_in_each_of_its_forms(importer: Importer) -> None:
    for link, form in forms(importer):
        target = factory_for(link.relation.to).create(mode=Mode.TEST)

        record = created(importer, pointing(importer, link, form, target))

        assert stored(record)[link.field.attname] == target.pk


@pytest.mark.parametrize("reason", ["it was destroyed", "it is of the other mode"])
def test_a_relation_to_what_is_not_there_is_an_error(importer: Importer, reason: str) -> None:
    rows, expected = [], []
    for link, form in forms(importer):
        if link.relation.makes and form == link.key_form:
            continue
        mode = Mode.LIVE if reason == "it is of the other mode" else Mode.TEST
        target = factory_for(link.relation.to).create(mode=mode)
        rows.append(pointing(importer, link, form, target))
        expected.append([(link.name, "must exist")])
        if reason == "it was destroyed":
            target.delete()

    assert messages(importer, rows) == dict(enumerate(expected))


def test_cleanup_destroys_what_is_not_among_the_inputs(importer: Importer) -> None:
    row = new_row(importer, mode=Mode.TEST)
    kept = created(importer, row)
    absent = created(importer, new_row(importer, mode=Mode.TEST))
    theirs = created(importer, new_row(importer, mode=Mode.LIVE), mode=Mode.LIVE)

    again = row | naming(importer, row, kept)
    import_ = run_import(importer, [again], cleanup_records=True)

    assert (import_.unchanged_count, import_.destroyed_count) == (1, 1)
    left = set(importer.model._default_manager.values_list("pk", flat=True))
    assert (kept.pk in left, absent.pk in left, theirs.pk in left) == (True, False, True)


@pytest.mark.parametrize(
    "importer", [i.resource_type for i in importers if i.parent], indirect=True
)
def test_rows_belong_to_the_parent_of_their_import(importer: Importer) -> None:
    assert importer.parent
    row = new_row(importer, mode=Mode.TEST)
    elsewhere = created(importer, new_row(importer, mode=Mode.TEST))
    parent_id = row.pop(f"{importer.parent}_id")

    run_import(importer, [row], parent_resource_id=parent_id)
    other = new_row(importer, mode=Mode.TEST)
    del other[f"{importer.parent}_id"]
    import_ = run_import(importer, [other], parent_resource_id=parent_id, cleanup_records=True)

    assert (import_.created_count, import_.destroyed_count, row_errors(import_)) == (1, 1, {})
    siblings = importer.model._default_manager.filter(**{importer.parent: parent_id})
    assert siblings.count() == 1
    assert importer.model._default_manager.filter(pk=elsewhere.pk).exists()
