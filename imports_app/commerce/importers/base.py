"""The attributes that every row of the catalogue may have, and the types of shared ones."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from imports_app.engine.types import BLANK
from imports_app.importer import RowError

MOMENT = "must be an ISO 8601 datetime with its offset from UTC"


def _moment(value: Any) -> datetime:
    """Return the moment. Raise PydanticCustomError, for numbers, too: seconds to Pydantic."""
    if value is None:
        raise PydanticCustomError("datetime_type", MOMENT)
    try:
        moment = datetime.fromisoformat(value)
        in_utc = moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise PydanticCustomError("datetime_parsing", MOMENT) from None
    # Without an offset, the same text is a different moment in each place.
    if moment.tzinfo is None:
        raise PydanticCustomError("timezone_aware", MOMENT)
    return in_utc


# ISO 4217 has three capital letters; its list changes, so it isn't repeated here.
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
# ISO 3166-1 alpha-2 has two; neither is this one.
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
# A text that isn't blank, or null.
Text = Annotated[str, StringConstraints(pattern=r"\S")]
# An ISO 8601 datetime with its offset from UTC.
Moment = Annotated[
    datetime,
    PlainValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class CommonRow(TypedDict, total=False):
    """The attributes of every type."""

    reference: str | None
    reference_origin: str | None
    metadata: dict[str, Any]


def blank(row: Mapping[str, Any], *names: str) -> Iterator[RowError]:
    """Yield the errors of the named attributes that the row doesn't give, or gives as null."""
    return (RowError(name, *BLANK) for name in names if row.get(name) is None)


def without_currency(row: Mapping[str, Any]) -> Iterator[RowError]:
    """Yield the error of a new record that has neither a market nor a currency."""
    return blank(row, "currency_code") if row.get("market_id") is None else iter(())
