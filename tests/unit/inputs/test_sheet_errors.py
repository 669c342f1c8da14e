from io import BytesIO
from zipfile import ZipFile

from imports_app.inputs.sheet_errors import errors_of

CONTENT = """<office:document-content
    xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>
</office:document-content>"""
TABLE = '<table:table table:name="{name}">{rows}</table:table>'
EMPTY = (
    '<table:table-row table:number-rows-repeated="{times}"><table:table-cell/></table:table-row>'
)
ERROR = """<table:table-row table:number-rows-repeated="{times}"><table:table-cell/>
    <table:table-cell calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>
</table:table-row>"""


def ods(**sheets: str) -> BytesIO:
    tables = "".join(TABLE.format(name=name, rows=rows) for name, rows in sheets.items())
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("content.xml", CONTENT.format(tables=tables))
    return stream


def test_errors_are_those_of_the_sheet_that_is_read_alone() -> None:
    first = EMPTY.format(times=1) + ERROR.format(times=2) + EMPTY.format(times=3)
    stream = ods(Prices=first, Notes=EMPTY.format(times=1) + EMPTY.format(times=9))

    assert errors_of(stream, "Prices", 0) == {2: {1: "#N/A"}, 3: {1: "#N/A"}}
    assert errors_of(stream, "Notes", 1) == {}
