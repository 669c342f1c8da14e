"""Filtering of listings: `filter[q][<attribute>(_or_<attribute>)*_<matcher>]=<value>`."""

from imports_app.api.filters.attributes import FilterAttribute
from imports_app.api.filters.backend import AttributeFilterBackend
from imports_app.api.filters.values import InvalidValue

__all__ = ["AttributeFilterBackend", "FilterAttribute", "InvalidValue"]
