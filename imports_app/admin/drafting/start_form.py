"""The form for a new draft: a file or pasted cells, and the type of its rows."""

from typing import Any

from django import forms

from imports_app.conf import conf
from imports_app.registry import importers

CONTROL = {"class": "control"}
FIND_OUT = ("", "The type that fits the columns best")


def types() -> list[tuple[str, str]]:
    """Return the types that rows can have, as the options of a select."""
    return [(each.resource_type, each.resource_type) for each in importers]


class StartForm(forms.Form):
    """A file or a text."""

    resource_type = forms.ChoiceField(
        label="Type of the rows", required=False, widget=forms.Select(attrs=CONTROL)
    )
    file = forms.FileField(
        label="Drop a file here, or choose one",
        required=False,
        max_length=255,
        help_text="CSV, a spreadsheet (xlsx, xls, ods), JSON or NDJSON; gzipped or zipped, too.",
    )
    text = forms.CharField(
        label="Or paste cells",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={**CONTROL, "rows": 6, "spellcheck": "false"}),
        help_text="From a spreadsheet, with the header row, or text in one of the other formats.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resource_type"].choices = [FIND_OUT, *types()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Require exactly one of file and text."""
        values = super().clean() or {}
        file, text = values.get("file"), values.get("text")
        if file and text:
            self.add_error("text", "Send either a file or pasted cells, not both.")
        elif file and file.size > conf.max_request_bytes:
            message = f"The file is too large (maximum is {conf.max_request_bytes} bytes)."
            self.add_error("file", message)
        elif not file and not text and not self.errors.keys() & {"file", "text"}:
            self.add_error("file", "Choose a file, or paste cells below.")
        return values
