"""How many rows or records, in words."""

from django.template.defaultfilters import pluralize


def rows(count: int) -> str:
    """Return `1 row`, `2,000 rows`."""
    return f"{count:,} row{pluralize(count)}"


def records(count: int) -> str:
    """Return `1 record`, `2,000 records`."""
    return f"{count:,} record{pluralize(count)}"


def rows_of(part: int, size: int) -> str:
    """Return `3 of 40 rows`; a row that is the only one is just `1 row`."""
    return rows(size) if part == size == 1 else f"{part:,} of {rows(size)}"
