"""The settings: declared once, all of them, and told to the reader."""

import re
from io import StringIO

import pytest
from django.core.management import call_command, get_commands

from config.env import BASE_DIR, value
from config.variables import IMPORTS, VARIABLES

READ = re.compile(
    r"""(?:\benv\.\w+|\b(?:value|packages)|\benviron(?:\.\w+)?|\bgetenv)\s*[(\[]\s*["']([A-Z][A-Z_]+)["']"""
)
# What we tell Django and Celery, and who wants signs of life, are none of them.
TOLD = ("DJANGO_SETTINGS_MODULE", "CELERY_SKIP_CHECKS")
WITHOUT = {*TOLD, "NOTIFY_SOCKET"}
SOURCES = [
    BASE_DIR / "manage.py",
    *BASE_DIR.glob("config/**/*.py"),
    *BASE_DIR.glob("imports_app/**/*.py"),
]


def names_in_code() -> set[str]:
    return {name for path in SOURCES for name in READ.findall(path.read_text())} - WITHOUT


def printed() -> str:
    out = StringIO()
    call_command("show_settings", stdout=out)
    return out.getvalue()


def test_every_variable_that_the_code_reads_is_declared() -> None:
    assert len(names_in_code()) > 20
    assert names_in_code() - VARIABLES.keys() == set()


def test_every_declared_variable_is_read() -> None:
    of_the_app = {variable.name for variable in IMPORTS}

    assert VARIABLES.keys() - of_the_app - names_in_code() == set()


def test_no_other_file_reads_the_environment() -> None:
    told = "|".join(TOLD)
    reads = re.compile(rf"\bos\.(?:getenv|environ\[)|\benviron\.(?!setdefault\(\"(?:{told})\")")
    readers = {path.name for path in SOURCES if reads.search(path.read_text())}

    assert readers == {"env.py"}


def test_the_guide_for_operators_has_the_table_that_the_command_prints() -> None:
    assert printed() in (BASE_DIR / "docs/operators.md").read_text()


@pytest.mark.parametrize("name", VARIABLES)
def test_a_variable_says_what_it_does(name: str) -> None:
    variable = VARIABLES[name]

    assert variable.help.endswith(".")
    assert "|" not in variable.help
    assert variable.unit or type(variable.default) not in (int, float) or name.endswith("PORT")


@pytest.mark.parametrize(
    ("name", "written", "read"),
    [
        ("IMPORTS_HTTPS", "1", True),
        ("DJANGO_ALLOWED_HOSTS", "a.example,b.example", ["a.example", "b.example"]),
        ("IMPORTS_MAX_ROWS", "7", 7),
        ("IMPORTS_ERROR_PERCENT", "2.5", 2.5),
        ("IMPORTS_AUTH_DOMAIN", "example.com", "example.com"),
    ],
)
def test_a_value_is_read_as_the_type_of_its_default(
    name: str, written: str, read: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, written)

    assert value(name) == read


def test_a_default_may_differ_on_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMPORTS_WORKERS", raising=False)

    assert (value("IMPORTS_WORKERS"), value("IMPORTS_WORKERS", on_sqlite=True)) == (2, 1)


def test_the_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert get_commands()["show_settings"] == "config"
    with pytest.raises(SystemExit):
        call_command("show_settings", "--help")

    assert "IMPORTS_MAX_ROWS=500000 make run" in capsys.readouterr().out
