"""Reads environment variables, and checks their values."""

import math
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from config.variables import VARIABLES

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()


def value(name: str, *, on_sqlite: bool = False) -> Any:
    """Return the value of a declared variable, or its default.

    Raise ImproperlyConfigured for a value that makes no sense.
    """
    variable = VARIABLES[name]
    default = variable.default
    if on_sqlite and variable.on_sqlite is not None:
        default = variable.on_sqlite
    if isinstance(default, bool):
        return env.bool(name, default=default)
    if isinstance(default, list):
        return env.list(name, default=default)
    if isinstance(default, int):
        return positive_int(name, default)
    if isinstance(default, float):
        return positive(name, default)
    return env.str(name, default=default)


def positive(name: str, default: float) -> float:
    """Return a number above zero. Raise ImproperlyConfigured for anything else."""
    raw = env.str(name, default=str(default))
    try:
        number = float(raw)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise ImproperlyConfigured(f"{name} must be a number above zero, not {raw!r}.")
    return number


def positive_int(name: str, default: int) -> int:
    """Return a whole number above zero. Raise ImproperlyConfigured for anything else."""
    number = positive(name, default)
    if not number.is_integer():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {number}.")
    return int(number)


def packages(name: str) -> list[str]:
    """Return the packages that a declared variable names. Raise ImproperlyConfigured for others."""
    named: list[str] = value(name)
    for package in named:
        if find_spec(package.partition(".")[0]) is None:
            raise ImproperlyConfigured(
                f"{name} names {package!r}, but there is no such package: write the name of a"
                " folder beside manage.py, or of what is installed."
            )
    return named


def notify_socket() -> str:
    """Return the address of the socket for signs of life (sd_notify(3)), or an empty string.

    NOTIFY_SOCKET is no setting of the service: a service manager sets it for each process that it
    watches.
    """
    path = env.str("NOTIFY_SOCKET", default="")
    return f"\0{path[1:]}" if path.startswith("@") else path  # "@": Linux's abstract namespace


DATA_DIR = Path(value("IMPORTS_DATA_DIR") or BASE_DIR / "var").resolve()
