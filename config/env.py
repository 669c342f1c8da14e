"""What the environment says, checked as it is read."""

import math
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

DATA_DIR = Path(env.str("IMPORTS_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()


def positive(name: str, default: float) -> float:
    """A number above zero; anything else stops the start with the variable's name."""
    raw = env.str(name, default=str(default))
    try:
        value = float(raw)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise ImproperlyConfigured(f"{name} must be a number above zero, not {raw!r}.")
    return value


def positive_int(name: str, default: int) -> int:
    """A whole number above zero; anything else stops the start with the variable's name."""
    value = positive(name, default)
    if not value.is_integer():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value}.")
    return int(value)
