import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from imports_app.inputs import FileOptions
from imports_app.inputs.csv_cells import harmless, restored
from imports_app.inputs.limits import ROW_DEPTH
from imports_app.inputs.reading import text_table
from imports_app.inputs.refusals import InputsRefused, TooLarge


def parsed(text: str) -> list[Any]:
    return [json.loads(row) for row in csv_rows(BytesIO(text.encode()))]


def csv_rows(text: BytesIO, depth: int = ROW_DEPTH) -> list[bytes]:
    table, _ = text_table(text, None, FileOptions(delimiter=",", encoding="utf-8"), depth=depth)
    return [row for _, row in table.rows()]


def refusals(text: str) -> list[tuple[str, str]]:
    with pytest.raises(InputsRefused) as caught:
        parsed(text)
    return [(fault.error, fault.message) for fault in caught.value.faults]


def kind_of(value: str) -> str:
    [(kind, _)] = refusals(value)
    return kind


def test_each_line_is_an_object_of_text_cells() -> None:
    assert parsed("code,weight\nA,1.50\n007, x \n") == [
        {"code": "A", "weight": "1.50"},
        {"code": "007", "weight": " x "},
    ]


def test_quoted_cells_may_hold_commas_quotes_and_newlines() -> None:
    text = 'code,name\r\n"A","a ""b"", c\r\nd"\r\n"","x"\r\n"",""\r\n'
    assert parsed(text) == [{"code": "A", "name": 'a "b", c\r\nd'}, {"name": "x"}]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_every_end_of_line_and_a_bom_are_read(bom: str, end: str) -> None:
    text = bom + end.join(["code,name", "A,é", "B,\U0001f600", ""])
    assert parsed(text) == [{"code": "A", "name": "é"}, {"code": "B", "name": "\U0001f600"}]


@pytest.mark.parametrize("separator", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_only_ends_of_lines_end_a_row(separator: str) -> None:
    assert parsed(f"code\nA{separator}B\n") == [{"code": f"A{separator}B"}]


def test_blank_lines_and_lines_without_a_value_are_no_rows() -> None:
    assert parsed('\n  \ncode,name\n\n \t\nA,a\n,\n"",\n\nB,b') == [
        {"code": "A", "name": "a"},
        {"code": "B", "name": "b"},
    ]


def test_empty_and_missing_cells_are_absent() -> None:
    assert parsed('a,b,c\n,x\n1,"",3\n') == [{"b": "x"}, {"a": "1", "c": "3"}]


def test_cells_beyond_the_header_are_kept_for_the_row_to_fail() -> None:
    assert parsed("a,b\n1,2,3,4\n1,2,\n") == [
        {"a": "1", "b": "2", "": ["3", "4"]},
        {"a": "1", "b": "2"},
    ]


def test_dotted_headers_are_nested() -> None:
    assert parsed("code,metadata.a,metadata.b.c,x.y\nA,1,2,\n") == [
        {"code": "A", "metadata": {"a": "1", "b": {"c": "2"}}}
    ]


def test_spaces_around_a_header_are_none_of_it() -> None:
    assert parsed(" code , metadata . a \nA,1\n") == [{"code": "A", "metadata": {"a": "1"}}]


@pytest.mark.parametrize(
    ("header", "error"),
    [
        ("code,name,code", "taken"),
        ("code, code", "taken"),
        (",code", "blank"),
        ("metadata.", "blank"),
        (".a", "blank"),
        ("a..b", "blank"),
        ("metadata,metadata.a", "conflict"),
        ("metadata.a.b,metadata.a", "conflict"),
        ("a\0", "invalid"),
        ('"a\nb"', "invalid"),
        ("x" * 256, "too_long"),
        (".".join("abcdefghij" * 4), "too_deep"),
        (",".join(f"c{n}" for n in range(1_001)), "too_many"),
    ],
)
def test_a_header_that_makes_no_sense_is_refused(header: str, error: str) -> None:
    assert kind_of(f"{header}\nA\n") == error


def test_everything_wrong_with_a_header_is_said_at_once() -> None:
    assert [kind for kind, _ in refusals("a,.x,a,b.c,b\n1\n")] == ["blank", "taken", "conflict"]


@pytest.mark.parametrize("header", ["code,,name", "code,", " ,code"])
def test_a_column_without_a_name_may_have_no_cell(header: str) -> None:
    assert len(parsed(f"{header}\nA\n" if header[0] == "c" else f"{header}\n,A\n")) == 1
    [(kind, message)] = refusals(f"{header}\nA,B,C\n")
    assert (kind, message.partition("(")[0]) == ("blank", "has a column without a name ")
    assert message.endswith("that has a cell at line 2")


def test_blanks_beyond_the_header_alone_are_no_row() -> None:
    assert parsed("a\n1\n, \n,\t\n2") == [{"a": "1"}, {"a": "2"}]


def test_blanks_around_a_quoted_cell_are_none_of_it() -> None:
    text = 'code,name,x\nA, "b, ""c""" ,d\n "B" , e,"f"\n'
    assert parsed(text) == [
        {"code": "A", "name": 'b, "c"', "x": "d"},
        {"code": "B", "name": " e", "x": "f"},
    ]


@pytest.mark.parametrize("value", ["", "\n\n", "\ufeff", "code,name", "code\n\n,\n"])
def test_a_csv_without_rows_is_blank(value: str) -> None:
    assert kind_of(value) == "blank"


@pytest.mark.parametrize("text", [b"\xff", b"\xed\xa0\x80", b"caf\xe9"])
def test_text_that_is_not_utf_8_is_refused_with_its_line(text: bytes) -> None:
    with pytest.raises(InputsRefused, match="not UTF-8 at line 3"):
        csv_rows(BytesIO(b"code,name\r\nA,\xc3\xa9\r\nB," + text + b"\r\n"))


@pytest.mark.parametrize(
    "rows",
    [
        'B,"b',
        'B,"b\n\nC,c\n',
        'B,b"c\n',
        'B,b"c"\n',
        'B,"b"c\n',
        'B"",b\n',
        'B,"""\n',
    ],
)
def test_a_stray_or_open_quote_is_refused_with_its_line(rows: str) -> None:
    [(kind, message)] = refusals(f'code,name\n\n"A\n",a\n{rows}')
    assert kind == "malformed"
    assert "at line 5" in message


def test_rows_are_limited_in_number(settings: Settings) -> None:
    settings.IMPORTS_MAX_ROWS = 3
    assert len(parsed("code\n1\n2\n\n3\n")) == 3
    assert kind_of("code\n1\n2\n3\n4\n") == "too_many"


def test_lines_without_a_value_are_limited_too(settings: Settings) -> None:
    settings.IMPORTS_MAX_ROWS = 3
    assert len(parsed("code\n" + ",\n" * 29 + "1\n")) == 1
    assert kind_of("code\n" + ",\n" * 30 + "1\n") == "too_many"


def test_a_row_is_limited_in_size(settings: Settings) -> None:
    settings.IMPORTS_MAX_ROW_BYTES = 20
    assert parsed("c\n123456789012\n") == [{"c": "123456789012"}]
    assert "at line 3" in refusals("c\n\n1234567890123\n")[0][1]
    assert kind_of('c\n"1\n2\n3\n4\n5\n6\n7\n8\n9\n0\n1\n') == "too_big"


def test_a_cell_may_be_as_long_as_a_row() -> None:
    assert parsed(f"code\n{'x' * 1_000_000}\n") == [{"code": "x" * 1_000_000}]


def test_names_that_repeat_in_every_row_do_not_blow_a_small_body_up(settings: Settings) -> None:
    settings.IMPORTS_MAX_REQUEST_BYTES = 2_000
    with pytest.raises(TooLarge, match="maximum is 2000 bytes"):
        parsed(f"{'x' * 200}\n" + "1\n" * 10)


@pytest.mark.parametrize(
    ("cell", "meant"),
    [("'=1+1", "=1+1"), ("'-x", "-x"), ("''@x", "'@x"), ("'x", "'x"), ("-5", "-5"), ("'", "'")],
)
def test_a_file_of_failed_rows_is_read_as_it_was_before_its_formulas_were_defused(
    cell: str, meant: str
) -> None:
    signed = f"code,name,errors,_formulas_quoted\nA,{cell},name is bad,\n"
    assert parsed(signed) == [{"code": "A", "name": meant, "errors": "name is bad"}]
    moved = f"_formulas_quoted,code,name\n,A,{cell}\n"
    assert parsed(moved) == [{"code": "A", "name": meant}]
    for header in ("code,name", "code,name,errors"):
        assert parsed(f"{header}\nA,{cell}\n")[0]["name"] == cell


@given(
    st.text(st.characters(codec="utf-8")) | st.text("'=+-@ \t\r\n1\uff1d\uff0b\uff0d\uff20\u00a0")
)
def test_whatever_was_made_harmless_is_restored(cell: str) -> None:
    assert restored(harmless(cell)) == cell


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=2).filter(any),
        min_size=1,
    )
)
def test_whatever_is_quoted_comes_back(table: list[list[str]]) -> None:
    lines = (",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table)
    expected = [{name: cell for name, cell in zip("ab", row, strict=True) if cell} for row in table]
    assert parsed("a,b\r\n" + "\r\n".join(lines)) == expected


def test_a_line_of_nothing_but_blanks_beyond_the_header_is_no_row() -> None:
    assert parsed("a\r, \r1") == [{"a": "1"}]
    assert parsed("a\r ,\r1") == [{"a": " "}, {"a": "1"}]


@given(st.text(st.sampled_from('ab,"\n\r \t\0\ufeffé')))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        rows = parsed(text)
    except InputsRefused:
        return
    assert rows
    assert all(any(row.values()) for row in rows)
