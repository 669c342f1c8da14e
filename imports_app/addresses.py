"""Find our URLs in the project's: under any prefix, and in any namespaces."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLResolver, get_resolver, get_urlconf, reverse

URLS = "imports_app.urls"
IMPORTS = "imports"


def address(name: str, *args: Any) -> str:
    """Return the path of our URL of that name, behind the script name that the project runs under.

    Raises ImproperlyConfigured where the project doesn't include our URLs.
    """
    return reverse(named(name), args=args)


def named(name: str) -> str:
    """Return that name with the namespaces that our URLs stand in. Raises as `address` does."""
    namespaces = _namespaces(get_urlconf() or settings.ROOT_URLCONF)
    if namespaces is None:
        raise ImproperlyConfigured(f'The urls of the project have no include("{URLS}").')
    return ":".join((*namespaces, name))


def root() -> str:
    """Return the path that all of ours begin with; "/" where the project doesn't include them."""
    return address(IMPORTS).removesuffix("api/imports") if are_included() else "/"


def are_included() -> bool:
    """Return whether the project's URLs have ours among them."""
    return _namespaces(get_urlconf() or settings.ROOT_URLCONF) is not None


@lru_cache(maxsize=8)
def _namespaces(urlconf: Any) -> tuple[str, ...] | None:
    return next(_found(get_resolver(urlconf), ()), None)


def _found(resolver: URLResolver, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    within = (*above, resolver.namespace) if resolver.namespace else above
    if getattr(resolver.urlconf_module, "__name__", None) == URLS:
        yield within
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _found(pattern, within)
