"""Relationships: links to resources, which an answer can include, too."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from rest_framework.mixins import ListModelMixin
from rest_framework.relations import PKOnlyObject
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_json_api.relations import ResourceRelatedField

from imports_app.addresses import address
from imports_app.api.errors import standard_error
from imports_app.api.filters import AttributeFilterBackend, FilterAttribute
from imports_app.api.pagination import PageNumberPagination
from imports_app.api.parameters import (
    INCLUDE,
    LISTING,
    fields_parameter,
    refuse_unknown,
    requested_includes,
)
from imports_app.api.resources import AnyField, ResourceMembers, ResourceSerializer
from imports_app.api.router import METHODS
from imports_app.api.single_resources import TaggedViewSet
from imports_app.api.sorting import SortBackend
from imports_app.models.ids import parse_id


class IdentifierField(ResourceRelatedField):  # type: ignore[misc]
    """Shows a target, or with `many` the targets, by `type_` and id."""

    def __init__(self, *, type_: str, **options: Any) -> None:
        super().__init__(read_only=True, **options)
        self._type = type_

    def use_pk_only_optimization(self) -> bool:
        """Return whether the target's id suffices: an included target is needed itself."""
        return False

    def get_resource_type_from_included_serializer(self) -> str:
        """Return the type; the library would look for a serializer under its name."""
        return self._type


class KeyField(IdentifierField):
    """Shows a target of which only the id is known, from the field `source`."""

    def get_attribute(self, instance: Any) -> PKOnlyObject | None:
        """Return the id in the form in which the library takes a target by its id."""
        key = super().get_attribute(instance)
        return None if key is None else PKOnlyObject(key)


class RelatedMembers(ResourceMembers):
    """Shows relationships: each has a link, and identifiers if it is included.

    Attributes:
        related: the relationships' types, by their names.
        to_one: the relationships that have one target.
        included_serializers: the serializer of each relationship's resources.
    """

    related: ClassVar[Mapping[str, str]]
    to_one: ClassVar[tuple[str, ...]] = ()

    @cached_property
    def included(self) -> tuple[str, ...]:
        """The relationships that the answer includes; none for resources that are included."""
        view = self.context["request"].parser_context["view"]
        of_view: bool = view.resource_name == self.Meta.resource_name  # type: ignore[attr-defined]
        return tuple(view.included) if of_view else ()

    @cached_property
    def _readable_fields(self) -> list[AnyField]:
        """The fields to read: included relations, too, even if they aren't shown."""
        names = {*self.included, *self.shown.fields}
        return [field for name, field in self.fields.items() if name in names]

    def relation_fields(self) -> dict[str, AnyField]:
        """Return the fields of included relationships."""
        return {
            name: IdentifierField(type_=self.related[name], many=name not in self.to_one)
            for name in self.included
        }

    def resource_links(self, instance: Any) -> dict[str, Any]:
        """Return the links, of which there is one."""
        return {"self": self.own_url(instance)}

    def resource_relationships(self, instance: Any) -> dict[str, Any]:
        """Return all relationships, each with its link below the resource's own URL."""
        wanted = self.wanted
        return {
            name: {"links": {"related": f"{self.own_url(instance)}/{name}"}}
            for name in self.related
            if wanted is None or name in wanted
        }

    @cached_property
    def _listing(self) -> str:
        path = address(self.Meta.resource_name)  # type: ignore[attr-defined]
        url: str = self.context["request"].build_absolute_uri(path)
        return url

    def own_url(self, instance: Any) -> str:
        """Return the resource's own URL."""
        return f"{self._listing}/{instance.pk}"


class RelatedSerializer(RelatedMembers, ResourceSerializer):
    """A resource with a URL of its own and relationships below it."""

    def get_fields(self) -> dict[str, AnyField]:
        """Return the declared fields, and those of included relationships."""
        return {**super().get_fields(), **self.relation_fields()}


class RelatedViewSet(TaggedViewSet, ListModelMixin):
    """Lists and retrieves resources of `resource_name` that have relationships.

    Attributes:
        relations: the relationships that can be included.
        listings: the actions that answer with a page.
    """

    resource_name: ClassVar[str]
    relations: ClassVar[tuple[str, ...]] = ()
    listings: ClassVar[tuple[str, ...]] = ("list",)
    filter_attributes: ClassVar[Mapping[str, FilterAttribute]]
    filter_backends = (AttributeFilterBackend, SortBackend)
    pagination_class = PageNumberPagination
    http_method_names = METHODS
    ids_ascend = False  # they come from the clocks of several hosts

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the parameters once the caller is known."""
        super().initial(request, *args, **kwargs)
        self.included: tuple[str, ...] = ()
        if request.method in self.allowed_methods:  # else the answer is a 405
            listing = LISTING if self.action in self.listings else ()
            known = (*listing, fields_parameter(self.resource_name), INCLUDE)
            refuse_unknown(request.query_params, known)
            self.included = requested_includes(request, self.relations)

    def retrieve(self, request: Request, pk: str) -> Response:
        """Return the resource of that id."""
        return Response(self.get_serializer(self.get_object()).data)

    def get_object(self) -> Any:
        """Return the resource that the URL names, if the client may see it."""
        resources = self.get_queryset()
        pk = parse_id(resources.model._meta.pk, self.kwargs["pk"])
        found = resources.filter(pk=pk).first() if pk else None
        if found is None:
            raise standard_error(404)
        self.version = getattr(found, "version", 0)
        return found
