"""Filtering of listings: `filter[q][<attribute>(_or_<attribute>)*_<matcher>]=<value>`."""

from imports_app.api.filters.attributes import FilterAttribute
from imports_app.api.filters.backend import AttributeFilterBackend

__all__ = ["AttributeFilterBackend", "FilterAttribute"]
