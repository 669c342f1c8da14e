"""The attributes by which a row says which tags its record shall have."""

from typing import Annotated, Any

from pydantic import WithJsonSchema

TAGS = "tags"
ADD_TAGS = "_add_tags"
REMOVE_TAGS = "_remove_tags"
MAX_TAGS = 10

_SCHEMA = {
    "anyOf": [
        {
            "type": "array",
            "maxItems": MAX_TAGS,
            "items": {
                "anyOf": [
                    {"type": "string", "description": "The tag's name."},
                    {
                        "type": "object",
                        "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
                        "minProperties": 1,
                        "maxProperties": 1,
                        "additionalProperties": False,
                    },
                ]
            },
        },
        {"type": "null"},
    ]
}
_LIST = {"type": "string", "description": "The names of tags, separated by commas."}
TAG_HINTS: dict[str, Any] = {
    # What stands in the array is looked at below: a union's errors would name its branches.
    TAGS: Annotated[list[Any] | None, WithJsonSchema(_SCHEMA)],
    ADD_TAGS: Annotated[str, WithJsonSchema(_LIST)],
    REMOVE_TAGS: Annotated[str, WithJsonSchema(_LIST)],
}
