import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import packages, positive, positive_int


def test_a_number_that_is_not_set_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMPORTS_X", raising=False)

    assert positive("IMPORTS_X", 2.5) == 2.5
    assert positive_int("IMPORTS_X", 3) == 3


@pytest.mark.parametrize("value", ["", "ten", "0", "-1", "nan", "inf"])
def test_a_number_that_makes_no_sense_is_refused_with_the_variables_name(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPORTS_X", value)

    with pytest.raises(ImproperlyConfigured, match="IMPORTS_X must be a number above zero"):
        positive("IMPORTS_X", 1)


def test_a_fraction_of_a_row_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPORTS_X", "1.5")

    with pytest.raises(ImproperlyConfigured, match="IMPORTS_X must be a whole number"):
        positive_int("IMPORTS_X", 1)


def test_packages_that_are_there_are_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPORTS_APPS", "tests,tests.unit.apps.UnitConfig")

    assert packages("IMPORTS_APPS") == ["tests", "tests.unit.apps.UnitConfig"]


@pytest.mark.parametrize("name", ["libary", "libary.apps.LibraryConfig"])
def test_a_package_that_does_not_exist_is_refused_by_its_name(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPORTS_APPS", f"tests,{name}")

    with pytest.raises(ImproperlyConfigured, match=f"IMPORTS_APPS names '{name}'"):
        packages("IMPORTS_APPS")
