"""What the environment says, checked as it is read."""

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
    """Return what a declared variable says, or its default; what can't be meant stops the start."""
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
    """Return a number above zero; anything else stops the start with the variable's name."""
    raw = env.str(name, default=str(default))
    try:
        number = float(raw)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise ImproperlyConfigured(f"{name} must be a number above zero, not {raw!r}.")
    return number


def positive_int(name: str, default: int) -> int:
    """Return a whole number above zero; anything else stops the start with the variable's name."""
    number = positive(name, default)
    if not number.is_integer():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {number}.")
    return int(number)


def packages(name: str) -> list[str]:
    """Return the packages of a declared variable; one that isn't there stops the start with its
    name.
    """
    named: list[str] = value(name)
    for package in named:
        if find_spec(package.partition(".")[0]) is None:
            raise ImproperlyConfigured(
                f"{name} names {package!r}, but there is no such package: write the name of a"
                " folder beside manage.py, or of what is installed."
            )
    return named


def notify_socket() -> str:
    """Return where whoever started this process wants signs of life, as sd_notify(3) has it; or
    empty.

    No setting of the service: a service manager names it to each process that it watches.
    """
    path = env.str("NOTIFY_SOCKET", default="")
    return f"\0{path[1:]}" if path.startswith("@") else path  # "@": in no file system


DATA_DIR = Path(value("IMPORTS_DATA_DIR") or BASE_DIR / "var").resolve()
