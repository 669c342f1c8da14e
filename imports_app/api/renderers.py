"""Answers out."""

from functools import partial
from typing import Any

from rest_framework.renderers import BaseRenderer
from rest_framework_json_api.renderers import JSONRenderer

from imports_app.api.splice import Splices, SplicingEncoder
from imports_app.models import ModeModel
from imports_app.outputs.csv_failures import MEDIA_TYPE


class JsonApiRenderer(JSONRenderer):  # type: ignore[misc]
    """Every resource object has attributes, relationships and, in its meta, its mode.

    A serializer adds to that meta by its `resource_meta`, and gives the relationships by its
    `resource_relationships`.

    Attributes:
        splices: the stored texts that the document which was rendered has markers for.
    """

    def __init__(self) -> None:
        self.splices = Splices()
        self.encoder_class = partial(SplicingEncoder, self.splices)

    @classmethod
    def build_json_resource_obj(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """A resource object with all its members, those that are empty too."""
        built: dict[str, Any] = super().build_json_resource_obj(*args, **kwargs)
        built.setdefault("attributes", {})
        _, _, instance, _, serializer, *_ = args
        mode = {"mode": instance.mode} if isinstance(instance, ModeModel) else {}
        own = getattr(serializer, "child", serializer)  # of a list
        built["relationships"] = own.resource_relationships(instance)
        built["meta"] = {**mode, **own.resource_meta(instance)}
        return built


class JsonRenderer(JsonApiRenderer):
    """The same document under the name of plain JSON, for those who accept only that."""

    media_type = "application/json"
    format = "json"


class CsvRenderer(BaseRenderer):
    """Stands for text/csv where the media type is agreed on; the view makes the file itself."""

    media_type = MEDIA_TYPE
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        """Nothing: only the answer to OPTIONS comes here, and it says everything in headers."""
        return b""
