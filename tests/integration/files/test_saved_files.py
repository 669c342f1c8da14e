"""Files that LibreOffice saved, by each way that there is, each with what its owner would call
right. What is in them stands in `saving/books.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from imports_app.commerce.models import GiftCard, Sku
from imports_app.storage.lines import lines_of
from tests.integration.files.conftest import FILES
from tests.integration.files.saving.books import BOOKS
from tests.integration.files.taking import Take

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MAX_BYTES = 20_000
Values = dict[str, tuple[Any, ...]]
WRONG_NUMBER = "is not a number: '{}'; write one such as {}"
ERROR = "is the error {} of a spreadsheet"
LOST = "hs_tariff_number has numbers of more than 15 digits, such as {}, of which some may be lost"


@dataclass(frozen=True)
class Saved:
    """A file of SKUs, and what becomes of it.

    Attributes:
        shown: the names of attributes, and their values in the records by code.
        errors: by code and attribute.
        said: how it was read.
        lines: of the rows.
        warned: the beginnings of the warnings.
    """

    file: str
    shown: tuple[str, ...]
    values: Values
    errors: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[int, ...] = (2, 3, 4)
    warned: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.file


TYPED = ("name", "weight", "pieces_per_pack", "do_not_ship", "hs_tariff_number")
TYPED_VALUES = {
    "007": ('Tea, "loose"', 1.5, 12, True, "8901234567890"),
    "0100": ("Grüner Tee; 4,90 €", 1234.5, 1000, False, "0902.10"),
    "1200": ("Thé", 0.125, 1, True, None),
}
SHOWN = ("name", "weight")
SHOWN_VALUES: Values = {
    "007": ("Grüner Tee", 0.5),
    "008": ("Süßholz", 1234.5),
    "009": ("Café, 5 €", 12),
}
LAID_OUT = ("name", "description", "weight")
LAID_OUT_VALUES: Values = {
    "M1": ("Tea", "in a hidden column", 1.5),
    "M3": ("Chai\nwith milk", None, 3),
}
NO_NAME = {"M2": {"name": ["can't be blank"]}}


def errors_of(*words: str) -> dict[str, Any]:
    """What is wrong with the rows, by the words that stand in their cells."""
    columns = ("weight", "description", "weight", "weight", "weight", "description")
    return {
        f"E{number}": {column: [ERROR.format(word)]}
        for number, (column, word) in enumerate(zip(columns, words, strict=True), 1)
    }


FINE = {"E7": ("Divided well", "ab", 4.5)}
ERRORS_LINES = tuple(range(3, 10))
SAVED = [
    Saved("comma-utf-8-quoted.csv", TYPED, TYPED_VALUES, said={"delimiter": ",", "decimal": "."}),
    Saved(
        "semicolon-windows-1252-german.csv",
        SHOWN,
        SHOWN_VALUES,
        said={"delimiter": ";", "decimal": ",", "encoding": "windows-1252"},
        warned=("the text is neither UTF-8 nor UTF-16 and was read as windows-1252",),
    ),
    Saved(
        "tab-utf-16.csv",
        SHOWN,
        SHOWN_VALUES,
        said={"delimiter": "\t", "decimal": ".", "encoding": "utf-16"},
    ),
    Saved(
        "bar-iso-8859-15.csv",
        SHOWN,
        SHOWN_VALUES,
        options={"encoding": "iso8859-15"},
        said={"delimiter": "|", "decimal": "."},
    ),
    Saved(
        "semicolon-as-shown-german.csv",
        ("name", "pieces_per_pack"),
        {"S3": ("Padded", 12)},
        errors={
            "S1": {"weight": [WRONG_NUMBER.format("12,50%", "12.5")]},
            "S2": {"weight": [WRONG_NUMBER.format("12,50 €", "12.5")]},
        },
        said={"decimal": None},
    ),
    Saved(
        "comma-errors.csv",
        LAID_OUT,
        FINE,
        errors_of("#DIV/0!", "#N/A", "#NAME?", "#VALUE!", "Err:502", "Err:520"),
        lines=ERRORS_LINES,
    ),
    Saved("tab-laid-out.csv", LAID_OUT, LAID_OUT_VALUES, NO_NAME, lines=(3, 4, 6)),
    *(Saved(f"typed.{format_}", TYPED, TYPED_VALUES) for format_ in ("xlsx", "ods", "xls")),
    Saved(
        "errors.xlsx",
        LAID_OUT,
        FINE,
        errors_of("#DIV/0!", "#N/A", "#NAME?", "#VALUE!", "#VALUE!", "#N/A"),
        lines=ERRORS_LINES,
    ),
    Saved(
        "errors.ods",
        LAID_OUT,
        FINE,
        errors_of("#DIV/0!", "#N/A", "#NAME?", "#VALUE!", "Err:502", "Err:520"),
        lines=ERRORS_LINES,
    ),
    Saved(
        "errors.xls",
        LAID_OUT,
        FINE,
        errors_of("#DIV/0!", "#N/A", "#NAME?", "#VALUE!", "#VALUE!", "#N/A"),
        lines=ERRORS_LINES,
    ),
    *(
        Saved(f"laid-out.{format_}", LAID_OUT, LAID_OUT_VALUES, NO_NAME, lines=(3, 4, 6))
        for format_ in ("xlsx", "ods")
    ),
    *(
        Saved(
            f"sheets.{format_}",
            ("name",),
            {"SP1": ("Spring tea",)},
            said={"sheet": "Spring"},
            lines=(2,),
        )
        for format_ in ("xlsx", "xls")
    ),
    Saved(
        "sheets.xlsx",
        ("name",),
        {"AU1": ("Autumn tea",), "AU2": ("Chai",)},
        options={"sheet": "Autumn"},
        said={"sheet": "Autumn"},
        lines=(2, 3),
    ),
    *(
        Saved(
            f"long-numbers.{format_}",
            ("hs_tariff_number", "weight"),
            {
                "L1": ("8901234567890", 1),
                "L2": (sixteen, 1),
                "L3": ("1.23456789012346e+19", 1),
                "L4": ("12345678901234567890", 1),
                "L5": (None, 0.3),
            },
            lines=(2, 3, 4, 5, 6),
            warned=(LOST.format(sixteen),),
        )
        for format_, sixteen in {"xlsx": "1234567890123460", "ods": "1234567890123456"}.items()
    ),
    Saved("styled-to-the-end.ods", ("name",), {"ST1": ("Styled to the end",)}, lines=(2,)),
]


def test_there_are_twenty_and_they_are_small() -> None:
    files = {path.name: path.stat().st_size for path in (FILES / "saved").iterdir()}
    assert files.keys() == BOOKS.keys()
    assert len(files) >= 20
    assert max(files.values()) < MAX_BYTES


@pytest.mark.parametrize("saved", SAVED, ids=str)
def test_a_file_that_libreoffice_saved_is_read(take: Take, saved: Saved) -> None:
    taken = take(f"saved/{saved.file}", **saved.options)

    assert taken.errors == saved.errors
    records = Sku.objects.values_list("code", *saved.shown)
    assert {code: tuple(values) for code, *values in records} == saved.values
    assert {name: taken.file[name] for name in saved.said} == saved.said
    assert taken.import_ is not None
    assert tuple(lines_of(taken.import_.pk)) == saved.lines
    assert len(taken.warnings) == len(saved.warned)
    for warning, beginning in zip(taken.warnings, saved.warned, strict=True):
        assert warning.startswith(beginning)


@pytest.mark.parametrize("format_", ["xlsx", "ods", "xls"])
def test_a_date_of_a_spreadsheet_is_one(take: Take, format_: str) -> None:
    taken = take(f"saved/dates.{format_}", "gift_cards")

    assert taken.errors == {}
    assert moments() == {
        "CARD-0001": ("2026-12-31 00:00:00+00:00", True),
        "CARD-0002": ("2026-02-01 10:30:00+00:00", False),
    }


def test_a_german_date_is_read_where_that_is_said(take: Take) -> None:
    assert take("saved/semicolon-dates-german.csv", "gift_cards", dates="dmy").errors == {}
    assert moments()["CARD-0001"] == ("2026-12-31 00:00:00+00:00", True)
    assert moments()["CARD-0002"] == ("2026-02-01 10:30:00+00:00", False)


def moments() -> dict[str, tuple[str, bool]]:
    """When the gift cards expire, and whether each can be used once."""
    cards = GiftCard.objects.values_list("code", "expires_at", "single_use")
    return {code: (str(expires_at), single_use) for code, expires_at, single_use in cards}
