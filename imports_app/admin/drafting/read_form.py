"""The form that corrects how a draft's file is read."""

from typing import Any

from django import forms

from imports_app.admin.drafting.draft import Survey
from imports_app.admin.drafting.start_form import CONTROL, types
from imports_app.inputs.file_options import CLEAR, ENCODINGS
from imports_app.inputs.formats import InputFormat
from imports_app.outputs import amounts

DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
DECIMAL_NAMES = {".": "decimal point", ",": "decimal comma"}
COMMON = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252, Western Europe",
    "cp1250": "Windows-1250, Central Europe",
    "cp1251": "Windows-1251, Cyrillic",
    "iso8859-1": "ISO 8859-1",
    "iso8859-15": "ISO 8859-15",
    "mac-roman": "Mac Roman",
    "cp850": "DOS 850",
    "shift_jis": "Shift JIS",
    "gb18030": "GB 18030",
}


def _select(label: str, help_text: str = "") -> Any:
    return forms.ChoiceField(
        label=label, required=False, help_text=help_text, widget=forms.Select(attrs=CONTROL)
    )


class ReadForm(forms.Form):
    """The type, and the options of `file_options`. An empty choice stands for what was detected."""

    resource_type = _select("Type of the rows")
    encoding = _select("Encoding")
    delimiter = _select("Between cells")
    sheet = _select("Sheet")
    decimal = _select("Numbers are written")
    dates = _select("Dates are written")
    empty = _select("An empty cell")

    def __init__(
        self, *args: Any, survey: Survey | None, decimal: str | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in _choices(survey, decimal).items():
            if choices:
                self.fields[name].choices = choices  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    @property
    def given(self) -> dict[str, str]:
        """Return the options that somebody gave. The others are detected."""
        values = self.cleaned_data.items()
        return {name: value for name, value in values if value and name != "resource_type"}


def _choices(survey: Survey | None, decimal: str | None) -> dict[str, list[tuple[str, str]]]:
    """Return the options of each select. A select that makes no sense for the file has none."""
    is_table = survey is None or survey.is_table
    is_text = survey is None or survey.format == InputFormat.CSV
    encoding = COMMON.get(_plain(survey), survey.encoding or "") if survey else ""
    delimiter = DELIMITER_NAMES.get(survey.delimiter or "", "") if survey else ""
    rest = [(name, name) for name in ENCODINGS if name not in COMMON]
    sheets = survey.sheets if survey else []
    return {
        "resource_type": [("", "Choose…"), *types()],
        "encoding": [_found(encoding), *COMMON.items(), *rest] if is_text else [],
        "delimiter": [_found(delimiter), *DELIMITER_NAMES.items()] if is_text else [],
        "sheet": [_found(survey.sheet if survey else ""), *((name, name) for name in sheets)]
        if sheets
        else [],
        "decimal": [
            _found({".": "1,234.50", ",": "1.234,50"}.get(decimal or "", "")),
            (".", "1,234.50"),
            (",", "1.234,50"),
        ]
        if is_table
        else [],
        "dates": [
            ("", "2026-12-31"),
            ("dmy", "31.12.2026, day first"),
            ("mdy", "12/31/2026, month first"),
        ]
        if is_table
        else [],
        "empty": [("", "Leaves the value as it is"), (CLEAR, "Clears the value")]
        if is_table
        else [],
    }


def _plain(survey: Survey) -> str:
    name = survey.encoding or ""
    return "cp1252" if name == "windows-1252" else name


def _found(what: str | None) -> tuple[str, str]:
    return "", f"As found: {what}" if what else "As found"


def sentence(survey: Survey, decimal: str | None) -> str:
    """Return, in a few words, what was understood of the file."""
    encoding = COMMON.get(_plain(survey), survey.encoding or "").partition(",")[0]
    parts = [
        survey.format.upper() if survey.format != InputFormat.CSV else encoding,
        DELIMITER_NAMES.get(survey.delimiter or "", ""),
        DECIMAL_NAMES.get(decimal or "", ""),
        f"sheet {survey.sheet}" if survey.sheet else "",
        amounts.rows(survey.rows),
    ]
    return ", ".join(part for part in parts if part)
