"""What staff are asked for a new import of one type."""

from io import BytesIO
from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from imports_app.conf import conf
from imports_app.engine.reading import target_of
from imports_app.engine.types import problems, schema_for, whole_problem
from imports_app.importer import Importer
from imports_app.inputs import Fault, FileOptions, InputsRefused, Reader, RowSource, Unreadable
from imports_app.inputs.file_options import CLEAR
from imports_app.inputs.limits import too_large
from imports_app.models import ONLY, IfExists, IfMissing, Mode
from imports_app.services import ImportOrder

MAX_FAULTS = 10  # are told of one file
MAX_TEXT = 255  # characters of a reference
LARGEST = 2**63 - 1
LOOK_FIRST = "Records are destroyed only after a dry run, which shows you which ones."


class NewImportForm(forms.Form):
    """Mode, parent, rows and options. Valid, it has the `order` for the service."""

    mode = forms.ChoiceField(choices=Mode.choices, widget=UnfoldAdminRadioSelectWidget)
    parent_resource_id = forms.CharField(
        label="Parent", max_length=MAX_TEXT, required=False, widget=UnfoldAdminTextInputWidget
    )
    file = forms.FileField(
        required=False,
        help_text="CSV, a spreadsheet (xlsx, xls, ods), JSON or NDJSON; gzipped or zipped, too.",
    )
    text = forms.CharField(
        label="Or paste rows",
        required=False,
        strip=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="The same formats; a CSV begins with its header.",
    )
    decimal = forms.ChoiceField(
        label="Numbers are written",
        choices=[("", "As the file shows"), (".", "1,234.50"), (",", "1.234,50")],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    dates = forms.ChoiceField(
        label="Dates are written",
        choices=[
            ("", "2026-12-31"),
            ("dmy", "31.12.2026, day first"),
            ("mdy", "12/31/2026, month first"),
        ],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    empty = forms.ChoiceField(
        label="An empty cell",
        choices=[("", "Leaves the value as it is"), (CLEAR, "Clears the value")],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    reference = forms.CharField(
        max_length=MAX_TEXT,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="What you call the import; the file's name, unless you say something else.",
    )
    if_exists = forms.ChoiceField(
        label="If a record is there",
        choices=[
            (IfExists.UPDATE, "Update it"),
            (IfExists.SKIP, "Skip the row"),
            (IfExists.FAIL, "The row fails"),
        ],
        initial=IfExists.UPDATE,
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    if_missing = forms.ChoiceField(
        label="If it is not there",
        choices=[
            (IfMissing.CREATE, "Create it"),
            (IfMissing.SKIP, "Skip the row"),
            (IfMissing.FAIL, "The row fails"),
        ],
        initial=IfMissing.CREATE,
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    skip_errors = forms.BooleanField(
        label="Go on however many rows fail",
        required=False,
        widget=UnfoldBooleanWidget,
    )
    all_or_nothing = forms.BooleanField(
        label="All rows or none",
        required=False,
        widget=UnfoldBooleanWidget,
        help_text="Every row is gone through; if one fails, nothing is imported.",
    )
    cleanup_records = forms.BooleanField(
        label="Destroy what is not in the file",
        required=False,
        widget=UnfoldBooleanWidget,
    )
    cleanup_limit = forms.IntegerField(
        label="Destroy nothing if it were more than",
        required=False,
        min_value=0,
        max_value=LARGEST,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="Records; without a number there is no such limit.",
    )
    dry_run = forms.BooleanField(
        label="Look first: a dry run that writes nothing",
        required=False,
        initial=True,
        widget=UnfoldBooleanWidget,
    )

    def __init__(self, *args: Any, importer: Importer, may_clean_up: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.importer = importer
        self.source: RowSource | None = None
        self._describe()
        if not conf.modes:
            del self.fields["mode"]
        if importer.parent is None:
            del self.fields["parent_resource_id"]
        if not may_clean_up:
            del self.fields["cleanup_records"], self.fields["cleanup_limit"]

    def clean(self) -> dict[str, Any]:
        """Read the rows, whatever else is wrong: all of it is told at once."""
        values = super().clean() or {}
        self._check_parent(values)
        if values.get("cleanup_records") and not values.get("dry_run"):
            self.add_error("dry_run", LOOK_FIRST)
        file, text = values.get("file"), values.get("text")
        if file and text:
            self.add_error("text", "Either a file or pasted rows, not both.")
        elif file:
            self._read("file", file, file.name)
        elif text:
            self._read("text", BytesIO(text.encode()), None)
        elif not self.errors.keys() & {"file", "text"}:
            self.add_error("file", "Choose a file, or paste rows below.")
        return values

    @property
    def order(self) -> ImportOrder:
        """What is asked for."""
        values = self.cleaned_data
        assert self.source is not None, "asked of a form that is not valid"  # noqa: S101
        name = values["file"].name[:MAX_TEXT] if values["file"] else None
        return ImportOrder.of(
            self.source,
            resource_type=self.importer.resource_type,
            parent_resource_id=values.get("parent_resource_id") or None,
            if_exists=values["if_exists"] or IfExists.UPDATE,
            if_missing=values["if_missing"] or IfMissing.CREATE,
            cleanup_records=values.get("cleanup_records", False),
            cleanup_limit=values.get("cleanup_limit"),
            # A dry run goes to the end, so that all that is wrong is seen at once.
            skip_errors=values["skip_errors"] or values["dry_run"],
            all_or_nothing=values["all_or_nothing"],
            dry_run=values["dry_run"],
            file_options=self._file_options(),
            reference=values["reference"] or name,
        )

    def _describe(self) -> None:
        """Say what depends on the type, and on the settings."""
        parent = self.importer.parent
        if parent is not None:
            target = self.importer.relations[parent].to._meta.verbose_name
            self.fields[
                "parent_resource_id"
            ].help_text = (
                f"The id of the {target} that rows belong to which name none; may be empty."
            )
        self.fields["skip_errors"].help_text = (
            f"Otherwise it stops when more than {conf.error_percent:g} % of the rows have failed. "
            "A dry run always goes to the end."
        )
        of_parent = " of that parent, if you give one," if parent else ""
        self.fields["cleanup_records"].help_text = (
            f"After the rows, all other {self.importer.resource_type}{of_parent}"
            f"{' of that mode' if conf.modes else ''} are destroyed."
        )
        self.fields["dry_run"].help_text = (
            "You see what would happen to each row before you import them. Without it the "
            "import begins at once."
        )

    def _file_options(self) -> dict[str, str]:
        """Return what was said of how the file is to be read."""
        names = ("decimal", "dates", "empty")
        return {name: value for name in names if (value := self.cleaned_data.get(name))}

    def _check_parent(self, values: dict[str, Any]) -> None:
        parent = values.get("parent_resource_id")
        mode = values.get("mode") if conf.modes else ONLY
        if mode is None:
            return
        for problem in problems(self.importer.resource_type, parent, mode):
            # A type that is refused here is one of the other mode.
            field = "mode" if problem.attribute == "resource_type" else problem.attribute
            self.add_error(field, f"{problem.message}.")

    def _read(self, field: str, stream: IO[bytes], name: str | None) -> None:
        try:
            if getattr(stream, "size", 0) > conf.max_request_bytes:
                raise too_large()
            has_parent = bool(self.data.get("parent_resource_id"))
            target = target_of(schema_for(self.importer), has_parent=has_parent)
            reader = Reader(target=target, options=FileOptions.of(self._file_options()))
            self.source = reader.read(stream, name)
        except InputsRefused as refusal:
            self.add_error(field, ValidationError(list(_told(refusal))))
        except Unreadable as refusal:
            self.add_error(field, str(refusal))
        else:
            options = {**self.cleaned_data, "resource_type": self.importer.resource_type}
            if problem := whole_problem(options, self.source.rows):
                self.add_error(problem.attribute, f"{problem.message}.")


def _told(refusal: InputsRefused) -> list[str]:
    lines = [_sentence(fault) for fault in refusal.faults[:MAX_FAULTS]]
    if (more := len(refusal.faults) - MAX_FAULTS) > 0:
        lines.append(f"And {more} more.")
    return lines


def _sentence(fault: Fault) -> str:
    if fault.line is not None:
        return f"Line {fault.line} {fault.message}."
    place = "The file" if fault.index is None else f"Row {fault.index}"
    return f"{place} {fault.message}."
