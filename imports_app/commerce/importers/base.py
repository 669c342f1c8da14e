"""The attributes that every row of the catalogue may have, and types that several rows share."""

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
    """Return the moment in UTC. Raise PydanticCustomError if the value isn't one.

    A number is refused, too; Pydantic itself would take it for seconds.
    """
    if value is None:
        raise PydanticCustomError("datetime_type", MOMENT)
    try:
        moment = datetime.fromisoformat(value)
        in_utc = moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise PydanticCustomError("datetime_parsing", MOMENT) from None
    # Without an offset, the same text means a different moment in each time zone.
    if moment.tzinfo is None:
        raise PydanticCustomError("timezone_aware", MOMENT)
    return in_utc


# An ISO 4217 code: three capital letters. The list of codes changes, so it isn't copied here.
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
# An ISO 3166-1 alpha-2 code: two capital letters. This list isn't copied here, either.
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
# A text with at least one character that isn't whitespace.
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
    """Yield the errors of the named attributes that are missing from the row, or null."""
    return (RowError(name, *BLANK) for name in names if row.get(name) is None)


def without_currency(row: Mapping[str, Any]) -> Iterator[RowError]:
    """Yield the error of a new record that has neither a market nor a currency."""
    return blank(row, "currency_code") if row.get("market_id") is None else iter(())
