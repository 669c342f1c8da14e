"""`manage.py import_file`: import the rows of a file."""

import sys
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from imports_app.conf import conf
from imports_app.engine.reading import target_of
from imports_app.engine.types import problems, schema_for, whole_problem
from imports_app.exceptions import ApprovalNeeded
from imports_app.inputs import (
    FileOptions,
    InputFormat,
    InputsRefused,
    OptionsRefused,
    Reader,
    RowSource,
    Target,
    Unreadable,
)
from imports_app.inputs.formats import TEXTS
from imports_app.management.command import TeachingCommand, add_mode, failed, usage_error
from imports_app.management.ending import ending
from imports_app.management.file_arguments import add_file_arguments, file_options
from imports_app.management.following import sentence, summary, wait
from imports_app.management.progress import ProgressBar, ReadingBar
from imports_app.models import ONLY, IfExists, IfMissing, Import
from imports_app.models.status import Status
from imports_app.queue import bell
from imports_app.registry import importers
from imports_app.services import ImportOrder, create_import
from imports_app.services.in_process import carry_out

MAX_TEXT = 255  # characters of a reference


class Command(TeachingCommand):
    """Queues the import as the API does; workers carry it out."""

    help = (
        "Imports the rows of a file: CSV with any usual delimiter and encoding, a spreadsheet "
        "(xlsx, xls, ods), a JSON array or NDJSON; it may be gzipped or zipped."
    )
    epilog = """examples:
  manage.py import_file skus skus.csv --mode test --dry-run --wait
  manage.py import_file prices prices.json.gz --mode live --parent 018f... --wait
  manage.py import_file skus list.xlsx --mode test --sheet Prices --column "SKU=code" --wait
  manage.py import_file skus list.csv --mode live --decimal , --dates dmy --empty clear
  zcat export.ndjson.gz | manage.py import_file skus - --mode live --skip-errors
  manage.py import_file prices prices.csv --mode live --if-missing fail --wait
  manage.py import_file skus all.csv --mode live --cleanup --cleanup-limit 100 --wait --json

`manage.py list_importers` lists the types. Without --wait or --here it ends as soon as the import
is queued.

exit codes: 0 queued, or with --wait or --here completed without errors; 1 finished with errors or
interrupted; 2 wrong usage, a file that can't be imported, or an import that needs the approval of
a second person: nothing was queued
"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("resource_type", metavar="TYPE", help="the resource type, such as skus")
        parser.add_argument("file", metavar="FILE", help="its path, or - for standard input")
        add_mode(parser, "which data the import changes")
        parser.add_argument(
            "--format",
            choices=[format_.value for format_ in TEXTS],
            help="the format of a text file (default: detected from its beginning)",
        )
        add_file_arguments(parser)
        parser.add_argument("--parent", metavar="ID", help="the record that all rows belong to")
        parser.add_argument("--reference", type=_text, help="your name for the import")
        for name, text in FLAGS.items():
            parser.add_argument(name, action="store_true", help=text)
        parser.add_argument(
            "--if-exists",
            choices=IfExists.values,
            default=IfExists.UPDATE.value,
            help="what to do with a row whose record exists (default: update)",
        )
        parser.add_argument(
            "--if-missing",
            choices=IfMissing.values,
            default=IfMissing.CREATE.value,
            help="what to do with a row whose record doesn't exist (default: create)",
        )
        parser.add_argument(
            "--cleanup-limit",
            type=_count,
            metavar="N",
            help="destroy nothing if the cleanup would destroy more records than this",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        mode = options.get("mode", ONLY)
        if found := list(problems(options["resource_type"], options["parent"], mode)):
            raise usage_error("; ".join(map(str, found)))
        order = self._order(options)
        if problem := whole_problem(order.attributes, order.rows):
            raise usage_error(str(problem))
        try:
            made = self._carry_out if options["here"] else self._queued
            import_ = made(order, mode)
        except ApprovalNeeded as refusal:
            raise usage_error(str(refusal)) from None
        if options["wait"]:
            wait(import_)
        if options["json"]:
            self.print_json(summary(import_))
        else:
            self.stdout.write(sentence(import_))
        ends = options["wait"] or options["here"]
        if ends and (import_.status != Status.COMPLETED or import_.errors_count):
            raise failed("Not every row was imported.")

    def _queued(self, order: ImportOrder, mode: str) -> Import:
        return create_import(order=order, mode=mode)

    def _carry_out(self, order: ImportOrder, mode: str) -> Import:
        """Carry it out in this process; after a signal, stop at the end of a batch."""
        bar = ProgressBar(sys.stderr)
        with bell.silence():
            import_ = create_import(order=order, mode=mode)
        try:
            with ending() as is_ending:
                carry_out(import_, stop=is_ending, each=bar.show)
        finally:
            bar.end()
        return import_

    def _order(self, options: dict[str, Any]) -> ImportOrder:
        try:
            file = file_options(options)
            reader = Reader(
                format=InputFormat(options["format"]) if options["format"] else None,
                target=_target(options),
                options=FileOptions.of(file),
                max_bytes=conf.max_file_bytes,
            )
            return _order(_read(options["file"], reader), file, options)
        except InputsRefused as reason:
            raise usage_error("\n".join(map(str, reason.faults))) from None
        except (OptionsRefused, Unreadable, OSError) as reason:
            raise usage_error(str(reason)) from None


FLAGS = {
    "--cleanup": "destroy the records of the type, and of the parent, that are not in the file",
    "--skip-errors": "go on however many rows fail",
    "--all-or-nothing": "try every row, and write nothing if one of them fails",
    "--dry-run": "go through everything and write no record",
    "--here": "carry the import out in this process, without workers or a broker",
    "--wait": "wait until the import is final; shows its progress on a terminal",
    "--json": "print the import as one JSON object",
}


def _target(options: dict[str, Any]) -> Target:
    importer = importers.get(options["resource_type"])
    return target_of(schema_for(importer), has_parent=bool(options["parent"]))


def _read(file: str, reader: Reader) -> RowSource:
    if file == "-":
        return reader.read(sys.stdin.buffer)
    path = Path(file)
    with path.open("rb") as stream:
        shown = ReadingBar(sys.stderr, stream, path.stat().st_size)
        try:
            return reader.read(shown, path.name)  # type: ignore[arg-type]  # it is read only
        finally:
            shown.end()


def _order(source: RowSource, file: dict[str, Any], options: dict[str, Any]) -> ImportOrder:
    return ImportOrder.of(
        source,
        resource_type=options["resource_type"],
        file_options=file,
        parent_resource_id=options["parent"],
        if_exists=options["if_exists"],
        if_missing=options["if_missing"],
        cleanup_records=options["cleanup"],
        cleanup_limit=options["cleanup_limit"],
        skip_errors=options["skip_errors"],
        all_or_nothing=options["all_or_nothing"],
        dry_run=options["dry_run"],
        reference=options["reference"],
    )


def _count(text: str) -> int:
    """Parse a number of records, as large as the database can hold."""
    if not text.isascii() or not text.isdigit() or int(text[:20]) >= 2**63:
        raise ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


def _text(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise ArgumentTypeError(f"is too long (maximum is {MAX_TEXT} characters)")
    return text
