"""What the matchers mean, said in Python, and rows to hold them against."""

import operator
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

from django.db.models import Model

from imports_app.api.filters import FilterAttribute
from imports_app.api.filters.matchers import MATCHERS
from imports_app.commerce.models import Sku
from imports_app.models import Mode
from tests.factories.commerce import SkuFactory
from tests.guests.models import Sample

Test = Callable[[Any, Any], bool]

MAKERS: Mapping[type[Model], Callable[[], Model]] = {
    Sku: lambda: SkuFactory.create(shipping_category=None),
    # Made with a field of every kind, all of them null.
    Sample: lambda: Sample.objects.create(name=uuid4().hex, mode=Mode.TEST),
}


def like(value: str, pattern: str) -> bool:
    """SQL's LIKE, case aside, with a backslash as its escape."""
    regex = re.sub(
        r"\\(.)|(%)|(_)|(.)",
        lambda m: ".*" if m[2] else "." if m[3] else re.escape(m[1] or m[4]),
        pattern,
        flags=re.DOTALL,
    )
    return re.fullmatch(regex, value, re.DOTALL | re.IGNORECASE) is not None


EQUALITY: Mapping[str, Test] = {"eq": operator.eq, "not_eq": operator.ne}
ORDER: Mapping[str, Test] = {
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}
LISTS: Mapping[str, Test] = {
    "in": lambda value, given: value in given,
    "not_in": lambda value, given: value not in given,
}
TEXT: Mapping[str, Test] = {
    "start": lambda value, given: value.lower().startswith(given.lower()),
    "end": lambda value, given: value.lower().endswith(given.lower()),
    "cont": lambda value, given: given.lower() in value.lower(),
    "not_start": lambda value, given: not value.lower().startswith(given.lower()),
    "not_end": lambda value, given: not value.lower().endswith(given.lower()),
    "not_cont": lambda value, given: given.lower() not in value.lower(),
}
LIKE: Mapping[str, Test] = {
    "matches": like,
    "does_not_match": lambda value, given: not like(value, given),
}


class Case(NamedTuple):
    """A filter by its matcher and text, and which values fit it."""

    matcher: str
    text: str
    fits: Callable[[Any], bool]


def singly(tests: Mapping[str, Test], given: Mapping[str, Any]) -> Iterator[Case]:
    """Every matcher, with and without null, for each text and the value that it stands for."""
    for name, test in tests.items():
        for text, operand in given.items():
            yield Case(name, text, _never_null(test, operand))
            yield Case(f"{name}_or_null", text, _or_null(_never_null(test, operand)))


def in_pairs(tests: Mapping[str, Test], given: Mapping[str, Any]) -> Iterator[Case]:
    """Every matcher with `_any` and with `_all`, for each pair of texts."""
    pairs = [(one, other) for one in given for other in given]
    for name, test in tests.items():
        for one, other in pairs:
            tested = [_never_null(test, given[text]) for text in (one, other)]
            yield Case(f"{name}_any", f"{one},{other}", _combined(any, tested))
            yield Case(f"{name}_all", f"{one},{other}", _combined(all, tested))
            yield Case(f"{name}_all_or_null", f"{one},{other}", _or_null(_combined(all, tested)))


def check(
    path: str, values: Collection[Any], cases: Iterable[Case], *, of: type[Model] = Sku
) -> None:
    """Stores the values, null too if it may be, and holds each case against them."""
    stored = store(path, values, of=of)
    for case in cases:
        expected = nulls_last(value for value in stored if case.fits(value))
        assert found(path, case.matcher, case.text, of=of) == expected, (case.matcher, case.text)


def store(path: str, values: Collection[Any], *, of: type[Model] = Sku) -> Collection[Any]:
    """A record for each value of that attribute, and one with null if it may be that."""
    if FilterAttribute.of(of, path).nullable:
        values = [*values, None]
    for value in values:
        record = MAKERS[of]()
        of._default_manager.filter(pk=record.pk).update(**{path: value})
    return values


def found(path: str, matcher: str, text: str, *, of: type[Model] = Sku) -> list[Any]:
    """The values of that attribute in the records that the filter leaves, nulls last."""
    attribute = FilterAttribute.of(of, path)
    chosen = MATCHERS[matcher]
    assert attribute.kind in chosen.kinds
    condition = chosen.condition(attribute, chosen.values(text))
    return nulls_last(of._default_manager.filter(condition).values_list(path, flat=True))


def nulls_last(values: Iterable[Any]) -> list[Any]:
    listed = list(values)
    return sorted(value for value in listed if value is not None) + [None] * listed.count(None)


def _never_null(test: Test, operand: Any) -> Callable[[Any], bool]:
    return lambda value: value is not None and test(value, operand)


def _or_null(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or test(value)


def _combined(
    combine: Callable[[Iterable[bool]], bool], tests: Collection[Callable[[Any], bool]]
) -> Callable[[Any], bool]:
    return lambda value: combine(test(value) for test in tests)
