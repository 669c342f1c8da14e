"""What is in the files that a spreadsheet program saved, and how it saved them."""

from dataclasses import dataclass
from datetime import date, datetime

from tests.integration.files.saving.document import Cell, Sheet, document

ENGLISH, GERMAN = "en-US", "de-DE"
YES, NO = Cell(value=True, style="boolean"), Cell(value=False, style="boolean")
MORNING = datetime(2026, 2, 1, 10, 30)  # noqa: DTZ001  (a spreadsheet's has no zone)
UTF_8, UTF_16, WINDOWS_1252, ISO_8859_15 = "76", "65535", "1", "22"
TYPED = Sheet(
    "Teas",
    [
        ["code", "name", "weight", "pieces_per_pack", "do_not_ship", "hs_tariff_number"],
        ["007", 'Tea, "loose"', 1.5, 12, YES, 8901234567890],
        ["0100", "Grüner Tee; 4,90 €", 1234.5, 1000, NO, "0902.10"],
        [1200, "Thé", Cell(style="general", formula="1/8"), 1, YES, None],
    ],
)
SHOWN = Sheet(
    "Teas",
    [
        ["code", "name", "weight"],
        ["007", "Grüner Tee", 0.5],
        ["008", "Süßholz", Cell(1234.5, "grouped")],
        ["009", "Café, 5 €", 12],
    ],
)
ERRORS = Sheet(
    "Teas",
    [
        [],
        ["code", "name", "weight", "description"],
        ["E1", "Divided", Cell(formula="1/0"), "fine"],
        ["E2", "Looked up", 1, Cell(formula="NA()")],
        ["E3", "Misnamed", Cell(formula="NOTHING(1)"), "fine"],
        ["E4", "Of text", Cell(formula='"a"*1'), "fine"],
        ["E5", "Negative", Cell(formula="SQRT(-1)"), "fine"],
        ["E6", "Without an end", 1, Cell(formula="1+")],
        ["E7", "Divided well", Cell(formula="9/2"), Cell(formula='"a"&"b"', style="")],
    ],
)
DATES = Sheet(
    "Cards",
    [
        ["code", "currency_code", "balance_cents", "expires_at", "single_use"],
        ["CARD-0001", "EUR", 1000, Cell(date(2026, 12, 31), "day"), 1],
        ["CARD-0002", "EUR", 2500, Cell(MORNING, "day-time"), 0],
    ],
)
ISO_DATES = Sheet(
    "Cards",
    [
        DATES.rows[0],
        ["CARD-0001", "EUR", 1000, Cell(date(2026, 12, 31), "iso"), 1],
        ["CARD-0002", "EUR", 2500, Cell(MORNING, "iso-time"), 0],
    ],
)
AS_SHOWN = Sheet(
    "Teas",
    [
        ["code", "name", "weight", "pieces_per_pack"],
        ["S1", "Percent", Cell(0.125, "percent"), 1],
        ["S2", "Money", Cell(12.5, "euro"), 1],
        ["S3", "Padded", 1, Cell(12, "five")],
    ],
)
SEVERAL = [
    Sheet("Read me", []),
    Sheet("Old", [["code", "name"], ["OLD", "Hidden sheet"]], hidden=True),
    Sheet("Spring", [["code", "name"], ["SP1", "Spring tea"]]),
    Sheet("Autumn", [["code", "name"], ["AU1", "Autumn tea"], ["AU2", "Chai"]]),
]
LAID_OUT = Sheet(
    "Teas",
    [
        [],
        [None, "code", "name", "description", "weight"],
        [None, "M1", Cell("Tea", rows=2, note="Ask Ann"), "in a hidden column", 1.5],
        [None, "M2", None, "below a merged cell", 2],
        [],
        [None, Cell("M3", note="New"), "Chai\nwith milk", None, 3],
    ],
    hidden_columns=frozenset((3,)),
)
LONG = Sheet(
    "Teas",
    [
        ["code", "name", "hs_tariff_number", "weight"],
        ["L1", "13 digits", 8901234567890, 1],
        ["L2", "16 digits", 1234567890123456, 1],
        ["L3", "20 digits", 12345678901234567890, 1],
        ["L4", "as text", "12345678901234567890", 1],
        ["L5", "a sum", None, Cell(formula="0.1+0.2")],
    ],
)
STYLED = Sheet("Teas", [["code", "name"], ["ST1", "Styled to the end"]], styled_rows=1_000_000)


@dataclass(frozen=True)
class Book:
    """A file.

    Attributes:
        text: what LibreOffice opens.
        csv: for a CSV, what is between cells, its encoding, and whether all texts are quoted.
    """

    text: str
    csv: tuple[str, str, bool] | None = None


def _csv(
    sheet: Sheet, delimiter: str, encoding: str, *, language: str = ENGLISH, quotes: bool = False
) -> Book:
    return Book(document([sheet], language), (delimiter, encoding, quotes))


def _book(*sheets: Sheet) -> Book:
    return Book(document(sheets))


BOOKS = {
    "comma-utf-8-quoted.csv": _csv(TYPED, ",", UTF_8, quotes=True),
    "semicolon-windows-1252-german.csv": _csv(SHOWN, ";", WINDOWS_1252, language=GERMAN),
    "tab-utf-16.csv": _csv(SHOWN, "\t", UTF_16),
    "bar-iso-8859-15.csv": _csv(SHOWN, "|", ISO_8859_15, quotes=True),
    "semicolon-dates-german.csv": _csv(DATES, ";", UTF_8, language=GERMAN),
    "semicolon-as-shown-german.csv": _csv(AS_SHOWN, ";", UTF_8, language=GERMAN),
    "comma-errors.csv": _csv(ERRORS, ",", UTF_8),
    "tab-laid-out.csv": _csv(LAID_OUT, "\t", UTF_8),
    "typed.xlsx": _book(TYPED),
    "dates.xlsx": _book(DATES),
    "errors.xlsx": _book(ERRORS),
    "laid-out.xlsx": _book(LAID_OUT),
    "sheets.xlsx": _book(*SEVERAL),
    "long-numbers.xlsx": _book(LONG),
    "typed.ods": _book(TYPED),
    "dates.ods": _book(ISO_DATES),
    "errors.ods": _book(ERRORS),
    "laid-out.ods": _book(LAID_OUT),
    "long-numbers.ods": _book(LONG),
    "styled-to-the-end.ods": _book(STYLED),
    "typed.xls": _book(TYPED),
    "dates.xls": _book(DATES),
    "errors.xls": _book(ERRORS),
    "sheets.xls": _book(*SEVERAL),
}
