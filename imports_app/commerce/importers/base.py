"""What every row of the catalogue may have, and types that several share."""

from typing import Annotated, Any

from pydantic import StringConstraints
from typing_extensions import TypedDict

# ISO 4217 has three capital letters; its list changes, so it isn't repeated here.
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class CommonRow(TypedDict, total=False):
    """The attributes of every type."""

    reference: str | None
    reference_origin: str | None
    metadata: dict[str, Any]
