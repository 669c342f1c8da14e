"""The form that says how the rows of a draft are to be imported."""

from typing import Any

from django import forms

from imports_app.admin.drafting.parents import parent_called
from imports_app.admin.drafting.start_form import CONTROL
from imports_app.conf import conf
from imports_app.engine.types import problems
from imports_app.importer import Importer
from imports_app.models import ONLY, IfExists, IfMissing, Mode

MAX_TEXT = 255  # characters of a reference
LARGEST = 2**63 - 1
OR_WAITS = ", or waits for the approval of a second person if it needs that"
LOOK_FIRST = "Records are destroyed only after a check, which shows you which ones."


class OrderForm(forms.Form):
    """Mode, parent and options. Once valid, it has the `attributes` of the import."""

    mode = forms.ChoiceField(choices=Mode.choices, widget=forms.RadioSelect)
    parent_resource_id = forms.CharField(
        label="Parent",
        max_length=MAX_TEXT,
        required=False,
        widget=forms.TextInput(attrs={**CONTROL, "list": "parents", "autocomplete": "off"}),
    )
    reference = forms.CharField(
        max_length=MAX_TEXT,
        required=False,
        widget=forms.TextInput(attrs=CONTROL),
        help_text="Your name for the import. By default, it is the name of the file.",
    )
    if_exists = forms.ChoiceField(
        label="If a record exists",
        choices=[
            (IfExists.UPDATE, "Update it"),
            (IfExists.SKIP, "Skip the row"),
            (IfExists.FAIL, "The row fails"),
        ],
        initial=IfExists.UPDATE,
        required=False,
        widget=forms.Select(attrs=CONTROL),
    )
    if_missing = forms.ChoiceField(
        label="If it doesn't exist",
        choices=[
            (IfMissing.CREATE, "Create it"),
            (IfMissing.SKIP, "Skip the row"),
            (IfMissing.FAIL, "The row fails"),
        ],
        initial=IfMissing.CREATE,
        required=False,
        widget=forms.Select(attrs=CONTROL),
    )
    skip_errors = forms.BooleanField(label="Go on however many rows fail", required=False)
    all_or_nothing = forms.BooleanField(
        label="All rows or none",
        required=False,
        help_text="All rows are tried; if one fails, nothing is imported.",
    )
    cleanup_records = forms.BooleanField(
        label="Destroy records that are not in the file", required=False
    )
    cleanup_limit = forms.IntegerField(
        label="Destroy nothing if there would be more than",
        required=False,
        min_value=0,
        max_value=LARGEST,
        widget=forms.NumberInput(attrs=CONTROL),
        help_text="Number of records; empty for no limit.",
    )
    dry_run = forms.BooleanField(label="Check first", required=False, initial=True)

    def __init__(self, *args: Any, importer: Importer, may_clean_up: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.importer = importer
        self._describe()
        for name, field in self.fields.items():
            if field.help_text:
                field.widget.attrs["aria-describedby"] = f"id_{name}_helptext"
        if not conf.modes:
            del self.fields["mode"]
        if importer.parent is None:
            del self.fields["parent_resource_id"]
        if not may_clean_up:
            del self.fields["cleanup_records"], self.fields["cleanup_limit"]

    @property
    def mode_of_import(self) -> str:
        """The mode, or the only one."""
        return str(self.cleaned_data.get("mode", ONLY))

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes of the import, besides its rows."""
        values = self.cleaned_data
        return {
            "resource_type": self.importer.resource_type,
            "parent_resource_id": values.get("parent_resource_id") or None,
            "if_exists": values["if_exists"] or IfExists.UPDATE,
            "if_missing": values["if_missing"] or IfMissing.CREATE,
            "cleanup_records": values.get("cleanup_records", False),
            "cleanup_limit": values.get("cleanup_limit"),
            # A check goes on to the end, so that it shows all errors at once.
            "skip_errors": values["skip_errors"] or values["dry_run"],
            "all_or_nothing": values["all_or_nothing"],
            "dry_run": values["dry_run"],
            "reference": values["reference"] or None,
        }

    def clean(self) -> dict[str, Any]:
        """Check the fields that depend on each other."""
        values = super().clean() or {}
        if values.get("cleanup_records") and not values.get("dry_run"):
            self.add_error("dry_run", LOOK_FIRST)
        mode = values.get("mode") if conf.modes else ONLY
        if mode is not None:
            self._check_parent(values, mode)
        return values

    def _check_parent(self, values: dict[str, Any], mode: str) -> None:
        if text := values.get("parent_resource_id"):
            found, trouble = parent_called(self.importer, mode, text)
            values["parent_resource_id"] = found
            if trouble:
                self.add_error("parent_resource_id", trouble)
        for problem in problems(self.importer.resource_type, None, mode):
            # The form offers only types that exist, so a type is refused only because of its mode.
            field = "mode" if problem.attribute == "resource_type" else problem.attribute
            self.add_error(field, f"{problem.message}.")

    def _describe(self) -> None:
        """Set the help texts that depend on the type and on settings."""
        parent = self.importer.parent
        if parent is not None:
            target = self.importer.relations[parent].to._meta.verbose_name
            self.fields[
                "parent_resource_id"
            ].help_text = (
                f"The {target} of all rows that don't name one: its name or its id. Optional."
            )
        self.fields["skip_errors"].help_text = (
            f"Otherwise it stops when more than {conf.error_percent:g} % of the rows have failed. "
            "A check always goes to the end."
        )
        of_parent = " of that parent, if you give one," if parent else ""
        self.fields["cleanup_records"].help_text = (
            f"After the rows, all other {self.importer.resource_type}{of_parent}"
            f"{' of that mode' if conf.modes else ''} are destroyed."
        )
        self.fields["dry_run"].help_text = (
            "A dry run shows you what would happen to each row before you import them. Without it "
            f"the import begins at once{OR_WAITS if conf.approval else ''}."
        )
