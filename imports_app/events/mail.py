"""Mails to staff: an import of theirs is over, or one waits for their approval."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.auth.backends import ModelBackend
from django.core.mail import EmailMessage
from django.template.defaultfilters import truncatechars
from django.urls import NoReverseMatch, reverse

from imports_app.conf import conf
from imports_app.models import Import, Proposal
from imports_app.models.status import Status
from imports_app.permissions import APPROVE, may_approve

MAX_NAME = 100  # characters of a file's name
MAX_REASON = 500
# So that no holiday notice comes back.
HEADERS = {"Auto-Submitted": "auto-generated"}


def mail_of(import_: Import) -> EmailMessage | None:
    """Return the mail to the maker of an import; None if there is nobody to send it to."""
    address = _address_of(import_.created_by)
    subject = f"{_what(import_)} {_end(import_)}"
    return _mail(subject, _lines(import_), [address]) if address else None


def mail_of_proposal(proposal: Proposal) -> EmailMessage | None:
    """Return the mail to those who may approve; None if none of them has an address."""
    users: Any = ModelBackend().with_perm(APPROVE)
    others = [user for user in users.exclude(pk=proposal.asked_by_id) if may_approve(user)]
    addresses = sorted({address for user in others if (address := _address_of(user))})
    subject = f"The {proposal.kind} of {_name_of(proposal.subject)} waits for approval"
    return _mail(subject, _lines_of_proposal(proposal), addresses) if addresses else None


def _mail(subject: str, lines: Iterator[str], to: list[str]) -> EmailMessage:
    return EmailMessage(
        subject=subject,
        body="\n".join(lines),
        from_email=conf.mail_from,
        to=to,
        headers=HEADERS,
    )


def _address_of(user: Any) -> str:
    """Return the user's address; empty if the user is gone, not staff any more or has none."""
    if user is None or not (user.is_active and getattr(user, "is_staff", False)):
        return ""
    return str(getattr(user, user.get_email_field_name(), "") or "")


def _lines_of_proposal(proposal: Proposal) -> Iterator[str]:
    name = _name_of(proposal.subject)
    yield f"{proposal.asked_by} asks for approval: the {proposal.kind} of {name}."
    yield ""
    yield f"Type: {proposal.subject.resource_type}"
    yield f"Rows: {proposal.rows:,}"
    if proposal.destroys:
        yield "It would destroy records."
    yield ""
    if link := _link("approval", proposal.pk):
        yield f"Look at it, approve or decline: {link}"
        yield ""
    yield "You get this mail because you may approve imports. Replies to it are not read."


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
    if link := _link("change", import_.pk):
        yield f"Its page: {link}"
        yield ""
    yield "You get this mail because you made the import. Replies to it are not read."


def _what(import_: Import) -> str:
    """Return what the reader knows it by, on one line: a file's name may be anything."""
    return f"The {'undo' if import_.is_undo else 'import'} of {_name_of(import_)}"


def _name_of(import_: Import) -> str:
    given = (import_.file or {}).get("name") or import_.reference or import_.resource_type
    return truncatechars(" ".join(str(given).split()), MAX_NAME)


def _end(import_: Import) -> str:
    if import_.status == Status.INTERRUPTED:
        return "was interrupted"
    if import_.errors_count:
        s = "" if import_.errors_count == 1 else "s"
        return f"is completed, with {import_.errors_count:,} failed row{s}"
    return "is completed"


def _reason(import_: Import) -> str:
    """Return why the import was interrupted."""
    if import_.interruption:
        return import_.interruption
    stopped = import_.interrupt_requested or import_.started_at is None
    return "somebody stopped it" if stopped else "too many rows failed"


def _link(page: str, pk: UUID) -> str:
    """Return the address of the page; nothing where the site's or the page's isn't known."""
    if not conf.site_url:
        return ""
    try:
        path = reverse(f"admin:imports_app_import_{page}", args=[pk])
    except NoReverseMatch:
        return ""
    return f"{conf.site_url.rstrip('/')}{path}"
