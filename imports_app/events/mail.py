"""The mail that tells somebody of the staff that an import of theirs is over."""

from collections.abc import Iterator
from typing import Any

from django.core.mail import EmailMessage
from django.template.defaultfilters import truncatechars
from django.urls import NoReverseMatch, reverse

from imports_app.conf import conf
from imports_app.models import Import
from imports_app.models.status import Status

MAX_NAME = 100  # characters of a file's name
MAX_REASON = 500
# So that no holiday notice comes back.
HEADERS = {"Auto-Submitted": "auto-generated"}


def mail_of(import_: Import) -> EmailMessage | None:
    """Return it; None if whoever made the import is gone, no longer of the staff, or without an
    address.
    """
    user: Any = import_.created_by
    if user is None or not (user.is_active and getattr(user, "is_staff", False)):
        return None
    address = getattr(user, user.get_email_field_name(), "")
    if not address:
        return None
    return EmailMessage(
        subject=f"{_what(import_)} {_end(import_)}",
        body="\n".join(_lines(import_)),
        from_email=conf.mail_from,
        to=[address],
        headers=HEADERS,
    )


def _lines(import_: Import) -> Iterator[str]:
    yield f"{_what(import_)} {_end(import_)}."
    if import_.status == Status.INTERRUPTED:
        yield f"Why: {truncatechars(_reason(import_), MAX_REASON)}."
    yield ""
    yield f"Type: {import_.resource_type}"
    if conf.modes:
        yield f"Mode: {import_.mode}"
    yield f"Rows gone through: {import_.rows_done:,} of {import_.inputs_size:,}"
    for name in ("created", "updated", "unchanged", "errors", "destroyed", "warnings"):
        title = "Failed" if name == "errors" else name.capitalize()
        yield f"{title}: {getattr(import_, f'{name}_count'):,}"
    yield ""
    if link := _link(import_):
        yield f"Its page: {link}"
        yield ""
    yield "You get this mail because you made the import. Nobody reads answers to it."


def _what(import_: Import) -> str:
    """Return what the reader knows it by, on one line: a file's name may be anything."""
    given = (import_.file or {}).get("name") or import_.reference or import_.resource_type
    name = truncatechars(" ".join(str(given).split()), MAX_NAME)
    return f"The undo of {name}" if import_.is_undo else f"The import of {name}"


def _end(import_: Import) -> str:
    if import_.status == Status.INTERRUPTED:
        return "was interrupted"
    if import_.errors_count:
        s = "" if import_.errors_count == 1 else "s"
        return f"is completed, with {import_.errors_count:,} failed row{s}"
    return "is completed"


def _reason(import_: Import) -> str:
    """Return why it was interrupted."""
    if import_.interruption:
        return import_.interruption
    stopped = import_.interrupt_requested or import_.started_at is None
    return "somebody stopped it" if stopped else "too many rows failed"


def _link(import_: Import) -> str:
    """Return the address of its page; nothing where the site's or the page's isn't known."""
    if not conf.site_url:
        return ""
    try:
        path = reverse("admin:imports_app_import_change", args=[import_.pk])
    except NoReverseMatch:
        return ""
    return f"{conf.site_url.rstrip('/')}{path}"
