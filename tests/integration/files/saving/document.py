"""A spreadsheet as a flat OpenDocument text, from which LibreOffice saves other formats."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{rest}:1.0"'
    for prefix, rest in {
        "office": "office",
        "table": "table",
        "text": "text",
        "style": "style",
        "number": "datastyle",
        "fo": "xsl-fo-compatible",
    }.items()
)
NAMES += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
NAMES += ' xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'
NUMBER = '<number:number number:min-integer-digits="1"{}/>'
TWO = ' number:decimal-places="2" number:min-decimal-places="2"'
DAY = (
    '<number:day number:style="long"/><number:text>.</number:text>'
    '<number:month number:style="long"/><number:text>.</number:text>'
    '<number:year number:style="long"/>'
)
ISO = (
    '<number:year number:style="long"/><number:text>-</number:text>'
    '<number:month number:style="long"/><number:text>-</number:text>'
    '<number:day number:style="long"/>'
)
TIME = (
    '<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>'
    '<number:minutes number:style="long"/>'
)
# By the name of a cell's style: the kind of its data style, and what that shows.
STYLES = {
    "general": ("number", NUMBER.format("")),
    "grouped": ("number", NUMBER.format(f'{TWO} number:grouping="true"')),
    "five": ("number", '<number:number number:decimal-places="0" number:min-integer-digits="5"/>'),
    "percent": ("percentage", NUMBER.format(TWO) + "<number:text>%</number:text>"),
    "euro": ("currency", NUMBER.format(TWO) + "<number:text> €</number:text>"),
    "boolean": ("boolean", "<number:boolean/>"),
    "day": ("date", DAY),
    "day-time": ("date", DAY + TIME),
    "iso": ("date", ISO),
    "iso-time": ("date", ISO + TIME),
}


@dataclass(frozen=True)
class Cell:
    """A cell as a person made it.

    Attributes:
        value: what was typed in; None where there is nothing.
        style: how it is shown: one of STYLES, or as the program likes.
        formula: in OpenFormula, of which the value is the result.
        note: what is stuck to it.
        rows: how many it spans.
    """

    value: Any = None
    style: str = "general"
    formula: str = ""
    note: str = ""
    rows: int = 1

    def xml(self) -> str:
        """Return the element."""
        attributes = f' table:style-name="{self.style}"' if self.style else ""
        attributes += self._value()
        if self.formula:
            attributes += f" table:formula={quoteattr(f'of:={self.formula}')}"
        if self.rows > 1:
            attributes += f' table:number-rows-spanned="{self.rows}"'
        return f"<table:table-cell{attributes}>{self._note()}{self._text()}</table:table-cell>"

    def _value(self) -> str:
        value, kind = self.value, "float"
        if value is None or self.formula:
            return ""
        if isinstance(value, str):
            return ' office:value-type="string"'
        if isinstance(value, bool):
            return f' office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
        if isinstance(value, date | datetime):
            return f' office:value-type="date" office:date-value="{value.isoformat()}"'
        if self.style in ("percent", "euro"):
            kind = "percentage" if self.style == "percent" else "currency"
        return f' office:value-type="{kind}" office:value="{value!r}"'

    def _note(self) -> str:
        text = f"<text:p>{escape(self.note)}</text:p>"
        return f"<office:annotation>{text}</office:annotation>" if self.note else ""

    def _text(self) -> str:
        if not isinstance(self.value, str):
            return ""
        return "".join(f"<text:p>{escape(line)}</text:p>" for line in self.value.split("\n"))


@dataclass(frozen=True)
class Sheet:
    """A sheet; what is no Cell in its rows is the value of a plain one.

    Attributes:
        hidden: whether it is.
        hidden_columns: the places of those that are, from 0.
        styled_rows: how many rows with a style and nothing else there are behind the others.
    """

    name: str
    rows: Sequence[Sequence[Any]]
    hidden: bool = False
    hidden_columns: frozenset[int] = field(default_factory=frozenset)
    styled_rows: int = 0

    def xml(self) -> str:
        """Return the element."""
        width = max(map(len, self.rows), default=1)
        columns = "".join(
            f"<table:table-column{self._visibility(place)}/>" for place in range(width)
        )
        rows = "".join(f"<table:table-row>{_cells(row)}</table:table-row>" for row in self.rows)
        if self.styled_rows:
            cell = '<table:table-cell table:style-name="percent"/>'
            repeated = f'table:number-rows-repeated="{self.styled_rows}"'
            rows += f"<table:table-row {repeated}>{cell}</table:table-row>"
        style = ' table:style-name="hidden"' if self.hidden else ""
        name = quoteattr(self.name)
        return f"<table:table table:name={name}{style}>{columns}{rows}</table:table>"

    def _visibility(self, place: int) -> str:
        return ' table:visibility="collapse"' if place in self.hidden_columns else ""


def _cells(row: Sequence[Any]) -> str:
    cells = (cell if isinstance(cell, Cell) else Cell(cell) for cell in row)
    return "".join(cell.xml() for cell in cells) or "<table:table-cell/>"


def document(sheets: Sequence[Sheet], language: str = "en-US") -> str:
    """Return the text of a document whose numbers, dates and words are shown in that language."""
    styles = "".join(_style(name, language) for name in STYLES)
    hidden = (
        '<style:style style:name="hidden" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    body = "".join(sheet.xml() for sheet in sheets)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {NAMES} office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
        f"<office:automatic-styles>{styles}{hidden}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
        "</office:document>"
    )


def _style(name: str, language: str) -> str:
    kind, shown = STYLES[name]
    code, _, country = language.partition("-")
    where = f'number:language="{code}" number:country="{country}"'
    return (
        f'<number:{kind}-style style:name="of-{name}" {where}>{shown}</number:{kind}-style>'
        f'<style:style style:name="{name}" style:family="table-cell" '
        f'style:data-style-name="of-{name}"/>'
    )
